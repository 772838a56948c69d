"""The devices desk as its people use it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from core import scope
from core.models import AuditEvent
from devices import services
from devices.enums import Status
from devices.models import Device, Release
from devices.tests.factories import PHONE, TO_PARENT, make_device
from schools.enums import Role
from schools.tests.factories import make_learner, make_member, without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_ten(time_machine):
    """Named before people, whose posts begin on the day they are made."""
    time_machine.move_to(timezone.localtime().replace(hour=10))


@pytest.fixture
def office(school):
    return make_member(school, Role.OFFICE)


@pytest.fixture
def client(signed_in, office):
    return signed_in(office)


def url(name, school, *args):
    return reverse(f"devices:{name}", args=[school.slug, *args])


def answers(**changes):
    return {
        **PHONE,
        "learner": "someone-else",
        "owner_name": "Robin Ashdown",
        "client_ref": str(uuid4()),
        **changes,
    }


def release_answers(device, **changes):
    details = {
        "collector": "parent",
        "collector_name": "Pat Ashdown",
        "identified": "known",
        "early_reason": "Ill, going home.",
    }
    return {**details, "version": device.version, **changes}


def test_desk_lists_what_is_in_the_safe(client, school, office):
    make_device(office, owner_name="", learner=make_learner(school, "Wilf", "Tarn"))

    page = client.get(url("desk", school))

    assert [card["device"].whose for card in page.context["cards"]] == ["Wilf Tarn"]


def test_desk_leaves_one_entry_in_the_audit(client, school, office):
    make_device(office)

    client.get(url("desk", school))

    assert AuditEvent.objects.filter(action="device.desk", actor_id=office.actor_id).count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_desk_needs_the_same_queries_however_full_the_safe_is(
    client, school, office, count, django_assert_max_num_queries
):
    learner = make_learner(school)
    for _ in range(count):
        make_device(office, owner_name="", learner=learner)

    with django_assert_max_num_queries(28) as counted:
        client.get(url("desk", school))

    assert (
        len(
            [
                query
                for query in counted
                if "devices_" in query["sql"]
                or "schools_rule" in query["sql"]
                or "schools_word" in query["sql"]
            ]
        )
        <= 8
    )


def test_receive_books_the_device_in(client, school):
    page = client.post(url("device_receive", school), answers())

    device = Device.objects.get()
    assert page.headers["Location"] == url("device_receipt", school, device.pk)


def test_receive_finds_a_learner_without_script(client, school):
    learner = make_learner(school, "Wilf", "Tarn")

    page = client.post(
        url("device_receive", school), answers(learner="", learner_query="tar", learner_find="1")
    )

    assert [option.label for option in page.context["form"].picker.options] == [learner.name]
    assert Device.objects.count() == 0


def test_receive_keeps_what_was_typed_when_something_is_missing(client, school):
    page = client.post(url("device_receive", school), answers(kind="", condition="black, cracked"))

    assert page.context["form"].errors.keys() == {"kind"}
    assert page.context["form"]["condition"].value() == "black, cracked"
    assert Device.objects.count() == 0


def test_receive_twice_is_one_device(client, school):
    sent = answers()

    first, second = (client.post(url("device_receive", school), sent) for _ in range(2))

    assert (first.headers["Location"], Device.objects.count()) == (second.headers["Location"], 1)


@pytest.mark.requirement("R102")
def test_device_page_shows_the_safeguarding_team_what_was_taken_before(client, signed_in, school, office):
    learner, dsl = make_learner(school), make_member(school, Role.DSL)
    first, last = (make_device(office, owner_name="", learner=learner) for _ in range(2))
    make_device(office, owner_name="", learner=make_learner(school, "Sam", "Birch"))

    pages = [who.get(url("device_detail", school, last.pk)) for who in (signed_in(dsl), client)]

    assert [row["url"] for row in pages[0].context["earlier"]] == [first.get_absolute_url()]
    assert first.get_absolute_url() not in pages[1].content.decode()


@pytest.mark.requirement("R095")
def test_release_before_the_end_of_the_day_asks_why(school, at_ten, client, office):
    device = make_device(office)

    page = client.post(url("device_release", school, device.pk), release_answers(device, early_reason=""))

    assert page.context["form"].errors.keys() == {"early_reason"}
    assert Device.objects.get().status == Status.HELD


def test_release_gives_the_device_back(client, school, office):
    device = make_device(office)

    page = client.post(url("device_release", school, device.pk), release_answers(device))

    assert page.headers["Location"] == url("desk", school)
    assert Release.objects.get().collector_name == "Pat Ashdown"


def test_release_that_comes_second_is_told_and_keeps_what_was_typed(client, school, office):
    device = make_device(office)
    stale = release_answers(device, collector_name="Jo Ashdown")
    services.release_device(device, TO_PARENT, by=office, version=0)

    page = client.post(url("device_release", school, device.pk), stale)

    assert f"{office.name} was first" in page.context["form"].non_field_errors()[0]
    assert page.context["form"]["collector_name"].value() == "Jo Ashdown"
    assert Release.objects.count() == 1


@pytest.mark.requirement("R100")
def test_forged_release_of_a_device_on_hold_is_refused(client, school, office):
    dsl = make_member(school, Role.DSL)
    device = make_device(office)
    device = services.place_hold(device, by=dsl, version=0, kind="safeguarding", reason="Evidence.")

    page = client.post(url("device_release", school, device.pk), release_answers(device))

    assert "on hold" in page.context["form"].non_field_errors()[0]
    assert Device.objects.get().status == Status.ON_HOLD


def test_device_of_another_school_is_as_unknown_as_any(client, school, other_school):
    with scope.acting(schools=[other_school.pk]):
        device = make_device(make_member(other_school, Role.OFFICE))

    foreign = client.get(url("device_detail", school, device.pk))
    unknown = client.get(url("device_detail", school, uuid4()))

    assert (foreign.status_code, without_tokens(foreign.content)) == (404, without_tokens(unknown.content))


def test_member_of_staff_sees_the_receipt_of_their_own_intake_only(signed_in, school, office):
    teacher = make_member(school, Role.STAFF)
    own, others = make_device(teacher), make_device(office)
    client = signed_in(teacher)

    codes = [client.get(url("device_receipt", school, device.pk)).status_code for device in (own, others)]

    assert codes == [200, 404]


def test_hold_is_for_the_safeguarding_team(client, school, office):
    device = make_device(office)

    assert (
        client.post(
            url("device_hold", school, device.pk), {"kind": "safeguarding", "reason": "x", "version": 0}
        ).status_code
        == 403
    )
    assert Device.objects.get().status == Status.HELD
