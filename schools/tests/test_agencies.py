"""The directory of outside contacts: who reads it, who keeps it, and what stands in it from the first day."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.audit import payload_of
from core.errors import Conflict, PermissionRefused, WrongValue
from core.models import AuditEvent
from schools import services
from schools.enums import Role
from schools.selectors import agencies, agency_kinds, stamp
from schools.tests.factories import TESTS, make_member

pytestmark = pytest.mark.django_db

LADO = {"kind": "lado", "name": "Westshire LADO", "phone": "01632 960199", "hours": "9 to 5", "when_to_use": "An adult."}  # fmt: skip


def url(school, name: str = "list", *ids: Any) -> str:
    return reverse(f"schools:agency_{name}", args=[school.slug, *ids])


def make(school, **said: str) -> Any:
    return services.add_agency(school, by=TESTS, **{**LADO, **said})


def last_entry() -> tuple[str, dict[str, Any]]:
    event = AuditEvent.objects.order_by("seq").last()
    assert event is not None
    return event.action, payload_of(event)["changes"]


@pytest.mark.requirement("R037")
def test_all_staff_read_role_phone_hours_and_when(school, signed_in):
    make(school)

    page = signed_in(make_member(school, Role.STAFF)).get(url(school)).content.decode()

    assert [part in page for part in ("Westshire LADO", "01632 960199", "9 to 5", "An adult.")] == [True] * 4
    assert (url(school, "create") in page, "Still to fill in" in page) == (False, False)


@pytest.mark.requirement("R281")
@pytest.mark.parametrize("role", [Role.DSL, Role.ADMIN])
def test_a_lead_or_an_administrator_adds_changes_and_removes_a_contact(school, signed_in, role):
    client = signed_in(make_member(school, role))
    assert client.post(url(school, "create"), LADO).status_code == 302
    lado = school.agencies.get()

    page = client.get(url(school, "edit", lado.pk))
    sent = {**LADO, "phone": "01632 960111", "version": page.context["form"]["version"].value()}
    assert client.post(url(school, "edit", lado.pk), sent).status_code == 302
    changed = last_entry()
    client.post(url(school, "remove", lado.pk))

    assert changed == ("agency.changed", {"phone": ["01632 960199", "01632 960111"]})
    assert last_entry()[1]["name"] == ["Westshire LADO", None]
    assert not school.agencies.exists()


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICE, Role.GOVERNOR, Role.IT])
def test_others_may_not_write_in_it(school, role):
    by, held = make_member(school, role), make(school)

    with pytest.raises(PermissionRefused):
        services.add_agency(school, by=by, **{**LADO, "name": "Another"})
    with pytest.raises(PermissionRefused):
        services.change_agency(held, by=by, seen=stamp(held), phone="1")
    with pytest.raises(PermissionRefused):
        services.remove_agency(held, by=by)


def test_of_two_who_change_a_contact_one_is_told_and_keeps_the_words(school, signed_in):
    held, client = make(school), signed_in(make_member(school, Role.DSL))
    services.change_agency(held, by=TESTS, seen=stamp(held), phone="01632 960111")

    page = client.post(url(school, "edit", held.pk), {**LADO, "hours": "Always", "version": stamp(held)})

    text = page.content.decode()
    assert ("Somebody changed this contact" in text, 'value="Always"' in text) == (True, True)
    again = {**LADO, "hours": "Always", "version": page.context["form"]["version"].value()}
    assert client.post(url(school, "edit", held.pk), again).status_code == 302


def test_a_contact_that_is_gone_or_doubled_is_said(school):
    held = make(school)
    with pytest.raises(WrongValue, match="of this name already"):
        make(school, name="westshire lado", kind="police")
    services.remove_agency(held, by=TESTS)
    services.remove_agency(held, by=TESTS)
    with pytest.raises(Conflict, match="removed"):
        services.change_agency(held, by=TESTS, seen=stamp(held), phone="1")


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "ask Jo"), ("website", "javascript:alert(1)"), ("name", "")]
)
def test_a_number_that_cannot_be_rung_is_refused(school, signed_in, field, value):
    client = signed_in(make_member(school, Role.DSL))

    page = client.post(url(school, "create"), {**LADO, field: value})

    assert (list(page.context["form"].errors), school.agencies.count()) == ([field], 0)


def test_what_is_missing_is_asked_of_those_who_keep_it_and_begins_with_its_purpose(school, signed_in):
    client = signed_in(make_member(school, Role.DSL))
    make(school)

    page = client.get(url(school)).content.decode()
    form = client.get(f"{url(school, 'create')}?kind=social_care").context["form"]

    assert ("?kind=social_care" in page, "?kind=lado" in page) == (True, False)
    assert form["when_to_use"].value() == agency_kinds()["social_care"].when


@pytest.mark.parametrize("rows", [1, 30])
def test_the_directory_takes_the_same_queries_however_long(school, signed_in, rows):
    for number in range(rows):
        make(school, name=f"Contact {number}")
    client = signed_in(make_member(school, Role.DSL))
    client.get(url(school))

    with CaptureQueriesContext(connection) as seen:
        client.get(url(school))

    assert len([one for one in seen.captured_queries if "schools_agency" in one["sql"]]) == 1


# --- Commands ---------------------------------------------------------------------------------------------------------


def test_a_new_school_has_the_numbers_that_are_the_same_everywhere(school):
    services.add_known_agencies(school, by=TESTS)
    services.add_known_agencies(school, by=TESTS)

    held = agencies(school)
    assert [(one.kind, one.phone) for one in held[:2]] == [("emergency", "999"), ("police", "101")]
    assert len(held) == sum(kind.is_settled for kind in agency_kinds().values())


def test_the_command_adds_a_contact_with_what_is_shipped_for_its_kind(school, capsys):
    call_command("add_agency", school.slug, "lado", "--name=Westshire LADO", "--phone=01632 960199")

    held = school.agencies.get()
    assert (held.name, held.phone, held.when_to_use) == ("Westshire LADO", "01632 960199", agency_kinds()["lado"].when)  # fmt: skip
    assert "Westshire LADO" in capsys.readouterr().out
    with pytest.raises(CommandError, match="The directory holds"):
        call_command("add_agency", school.slug, "lado", "--name=Westshire LADO")
    with pytest.raises(CommandError, match="There is no school"):
        call_command("add_agency", "nowhere", "lado")
    with pytest.raises(CommandError, match="Nothing was added"):
        call_command("add_agency", school.slug, "other")
