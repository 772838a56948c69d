"""Visitors: the tablet at the desk, who is on site, and how long their names are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.audit import payload_of
from core.errors import PermissionRefused
from core.models import AuditEvent
from policies import services
from policies.enums import VisitorKind
from policies.models import Desk, Visit
from policies.tasks import erase_old_visits
from policies.tests.factories import TESTS, make_in_force
from schools import services as schools
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = pytest.mark.django_db
MONITORED = "Pages that are opened on our computers are looked at every week."
SAID = {"name": "Ash  Quill", "company": "Quill Lifts", "host": "Dr Fern", "agreed": "1"}


@pytest.fixture
def office(school: Any) -> Any:
    return make_member(school, Role.OFFICE, name="Pat Office")


@pytest.fixture
def token(office: Any) -> str:
    return services.open_desk("Front desk", by=office)


@pytest.fixture
def version(school: Any) -> Any:
    made = make_in_force(school, "For visitors", audience=["visitor"])
    services.set_audience(
        made.policy, by=TESTS, audience=["visitor"], agreement="visitor", monitoring=MONITORED
    )
    return made


def arrive(token: str, kind: str = "visitor", **said: str) -> Any:
    return Client().post(f"/desk/{token}/{kind}/", {**SAID, "client_ref": uuid4(), **said})


@pytest.mark.requirement("R047", "R048", "R052")
def test_a_visitor_is_told_agrees_and_is_on_the_list_of_the_office(school, version, office, token, signed_in):
    tablet = Client()

    form = tablet.get(f"/desk/{token}/visitor/").content.decode()
    text = tablet.get(f"/desk/{token}/visitor/{version.pk}/")
    answer = arrive(token)
    listed = signed_in(office).get(reverse("policies:visitor_list", args=[school.slug])).content.decode()

    for told in (MONITORED, "follows the other policies of the school too"):
        assert form.index(told) < form.index('name="agreed"')
    assert (text.status_code, answer.url) == (200, f"/desk/{token}/done/")
    visit = Visit.objects.get()
    assert (visit.name, visit.company, visit.host, visit.car) == ("Ash Quill", "Quill Lifts", "Dr Fern", "")
    assert (visit.versions, visit.left_at) == ([str(version.pk)], None)
    assert "Ash Quill" in listed
    entry = AuditEvent.objects.get(action="visit.signed_in")
    assert payload_of(entry)["changes"]["told_before"] == [None, MONITORED]
    assert "Quill" not in str(payload_of(entry))


@pytest.mark.requirement("R052")
def test_volunteers_and_contractors_agree_to_what_their_group_is_asked_too(school, version, token):
    lifts = make_in_force(school, "For contractors", audience=["contractor"])
    make_in_force(school, "For staff", audience=["staff"])

    for kind in VisitorKind:
        arrive(token, kind)

    agreed = {visit.kind: set(visit.versions) for visit in Visit.objects.all()}
    assert agreed == {
        "visitor": {str(version.pk)},
        "volunteer": {str(version.pk)},
        "contractor": {str(version.pk), str(lifts.pk)},
    }


def test_the_tablet_goes_back_by_itself_and_shows_and_keeps_nobody(version, token):
    arrive(token)
    pages = [f"/desk/{token}/{rest}" for rest in ("", "visitor/", f"visitor/{version.pk}/", "done/")]

    for page in (Client().get(one) for one in pages):
        assert page.headers["Refresh"].endswith(f"; url=/desk/{token}/")
        assert page.headers["Cache-Control"] == "private, no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.cookies == {}
        words = page.content.decode()
        assert "Quill" not in words
        assert "/s/" not in words
        assert "/accounts/" not in words


def test_somebody_who_says_too_little_is_told_and_keeps_what_was_typed(version, token):
    page = arrive(token, host="", agreed="")

    assert sorted(page.context["form"].errors) == ["agreed", "host"]
    assert "Quill Lifts" in page.content.decode()
    assert not Visit.objects.exists()


def test_the_same_form_sent_twice_is_one_visit(version, token):
    reference = str(uuid4())

    codes = [arrive(token, client_ref=reference).status_code for _ in range(2)]

    assert (codes, Visit.objects.count()) == ([302, 302], 1)


def test_two_visitors_on_a_page_that_was_left_standing_are_both_on_the_list(version, token):
    reference = str(uuid4())

    for name in ("Ash Quill", "Bo Fell", "Bo Fell"):
        assert arrive(token, client_ref=reference, name=name).status_code == 302

    assert [visit.name for visit in Visit.objects.all()] == ["Ash Quill", "Bo Fell"]


def test_a_car_is_asked_for_only_where_the_school_says_so(school, version, token):
    arrive(token, car="AB12 CDE")
    schools.set_rule(school, "visitor_car_registration", "yes", by=TESTS)
    arrive(token, car="AB12 CDE")

    assert sorted(visit.car for visit in Visit.objects.all()) == ["", "AB12 CDE"]


def test_a_closed_tablet_and_a_wrong_address_say_the_same(version, office, token):
    services.close_desk(Desk.objects.get(), by=office)

    pages = [
        *(
            Client().get(f"/desk/{token}/{rest}")
            for rest in ("", "visitor/", f"visitor/{version.pk}/", "done/")
        ),
        *(Client().get(one) for one in ("/desk/nobody/", "/desk/nobody/king/")),
        arrive(token),
    ]

    assert [page.status_code for page in pages] == [404] * len(pages)
    assert len({page.content for page in pages}) == 1
    assert not Visit.objects.exists()
    assert not services.sign_in_visitor(
        token, services.Arrival(VisitorKind.VISITOR, "A", "B"), client_ref=uuid4()
    )


def test_only_a_digest_of_the_tablets_secret_is_kept_and_names_are_sealed(version, token):
    arrive(token)

    assert token not in str(Desk.objects.values().get())
    stored = Visit.objects.values_list("name", "company", "host").get()
    assert not any(b"Quill" in one.data for one in stored)


def test_reloading_a_refused_form_shows_the_next_visitor_nothing(version, token):
    sent = {**SAID, "client_ref": str(uuid4()), "agreed": ""}
    tablet, address = Client(), f"/desk/{token}/visitor/"

    with time_machine.travel(timezone.now(), tick=False) as clock:
        refused, twice = tablet.post(address, sent), tablet.post(address, sent)
        corrected = refused.context["form"]["client_ref"].value()
        clock.shift(timedelta(minutes=2))
        reloaded = tablet.post(address, sent, follow=True)
        arrived = tablet.post(address, {**SAID, "client_ref": corrected})

    assert SAID["name"] in refused.content.decode()
    assert SAID["name"] in twice.content.decode()
    assert reloaded.redirect_chain == [(address, 302)]
    assert SAID["name"] not in reloaded.content.decode()
    assert arrived.url.endswith("/done/")


# --- The office -------------------------------------------------------------------------------------------------------


def test_the_office_opens_a_tablet_sees_its_address_once_and_closes_it(school, office, signed_in):
    client, page = signed_in(office), reverse("policies:visitor_list", args=[school.slug])

    shown = client.post(f"{page}desks/", {"place": "Hall"}, follow=True)
    assert shown.redirect_chain == [(page, 302)]
    wrong = client.post(f"{page}desks/", {"place": ""})
    again = client.get(page).content.decode()
    client.post(f"{page}desks/{Desk.objects.get().pk}/close/")

    address = shown.context["address"]
    assert address.startswith("http")
    assert address not in again
    assert list(wrong.context["form"].errors) == ["place"]
    assert Client().get(address).status_code == 404
    actions = AuditEvent.objects.filter(action__startswith="desk.").values_list("action", flat=True)
    assert sorted(actions) == ["desk.closed", "desk.opened"]


def test_the_office_signs_a_visitor_out_once(school, version, office, token, signed_in):
    arrive(token)
    client, page = signed_in(office), reverse("policies:visitor_list", args=[school.slug])
    visit = Visit.objects.get()

    for _ in range(2):
        assert client.post(f"{page}{visit.pk}/leave/").status_code == 302
    after = client.get(page)

    visit.refresh_from_db()
    assert visit.signed_out_by == office
    assert (after.context["rows"], len(after.context["gone"])) == ([], 1)
    assert AuditEvent.objects.filter(action="visit.signed_out").count() == 1


def test_who_does_not_keep_the_records_opens_closes_and_signs_out_nothing(school, version, token):
    arrive(token)
    teacher = make_member(school, Role.STAFF)

    for act in (
        lambda: services.open_desk("Hall", by=teacher),
        lambda: services.close_desk(Desk.objects.get(), by=teacher),
        lambda: services.sign_out_visitor(Visit.objects.get(), by=teacher),
    ):
        with pytest.raises(PermissionRefused):
            act()


def test_the_list_asks_as_often_with_thirty_visitors_as_with_one(school, version, office, token, signed_in):
    client, counts = signed_in(office), []
    page = reverse("policies:visitor_list", args=[school.slug])
    for count in (1, 29):
        for _ in range(count):
            services.sign_in_visitor(
                token, services.Arrival(VisitorKind.VISITOR, "Ash", "Fern"), client_ref=uuid4()
            )
        client.get(page)
        with CaptureQueriesContext(connection) as put:
            shown = client.get(page)
        counts.append(len(put))

    assert len(shown.context["rows"]) == 30
    assert counts[0] == counts[1]


def test_visits_are_erased_when_the_schools_time_for_them_is_over(school, version, token):
    schools.set_rule(school, "retention_visit_days", "10", by=TESTS)
    now = timezone.now()
    for days in (12, 9, 0):
        with time_machine.travel(now - timedelta(days=days)):
            arrive(token)

    assert [erase_old_visits(), erase_old_visits()] == [1, 0]
    assert Visit.objects.count() == 2
    entry = AuditEvent.objects.get(action="visits.erased")
    assert payload_of(entry)["changes"]["visits"] == [1, 0]
