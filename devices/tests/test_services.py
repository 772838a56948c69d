"""Custody: one truth, a chain without a gap, and nothing leaves that must not."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused, SentBefore
from core.models import AuditEvent
from devices import services
from devices.enums import HoldKind, Status, Step
from devices.models import Device, Release
from devices.services import Intake
from devices.tests.factories import PHONE, TO_PARENT, make_device
from schools.enums import Role
from schools.tests.factories import make_learner, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(school):
    return make_member(school, Role.OFFICE)


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


def hold(device, by, kind=HoldKind.SAFEGUARDING):
    return services.place_hold(device, by=by, version=device.version, kind=kind, reason="May hold evidence.")


@pytest.mark.requirement("R091", "R093")
def test_receive_records_who_what_where_why(school, office):
    learner = make_learner(school)
    intake = Intake(**PHONE, learner=learner, condition="black, cracked", taken_where="Playground")

    device = services.receive_device(school, intake, by=office, client_ref=uuid4())

    stored = Device.objects.get(pk=device.pk)
    assert (stored.learner, stored.taken_by, stored.condition, stored.taken_where) == (
        learner,
        office,
        "black, cracked",
        "Playground",
    )
    assert (stored.status, stored.slot) == (Status.HELD, "A1")
    assert AuditEvent.objects.filter(action="device.received", object_id=str(device.pk)).count() == 1


def test_receive_gives_every_device_a_slot_of_its_own(office):
    slots = [make_device(office).slot for _ in range(22)]

    assert slots == [*(f"A{number}" for number in range(1, 21)), "B1", "B2"]


def test_free_slot_is_used_again(office):
    first, _ = make_device(office), make_device(office)
    services.release_device(first, TO_PARENT, by=office, version=0)

    assert make_device(office).slot == first.slot


def test_same_form_sent_twice_is_one_device(school, office):
    ref, intake = uuid4(), Intake(**PHONE, owner_name="Robin Ashdown")

    first = services.receive_device(school, intake, by=office, client_ref=ref)
    second = services.receive_device(school, intake, by=office, client_ref=ref)

    assert (first.pk, Device.objects.count()) == (second.pk, 1)


OTHER_WORDS = [
    {"owner_name": "Sam Birch"},
    {"owner_name": "Robin Ashdown", "condition": "cracked"},
    {"owner_name": "Robin Ashdown", "taken_where": "Playground"},
    {"owner_name": "Robin Ashdown", "taken_at": datetime(2026, 9, 1, 9, tzinfo=UTC)},
]


@pytest.mark.parametrize("changed", OTHER_WORDS)
def test_same_form_with_other_words_is_refused(school, office, changed):
    ref = uuid4()
    first = services.receive_device(
        school, Intake(**PHONE, owner_name="Robin Ashdown"), by=office, client_ref=ref
    )

    with pytest.raises(SentBefore) as refused:
        services.receive_device(school, Intake(**PHONE, **changed), by=office, client_ref=ref)

    assert (refused.value.first, Device.objects.count()) == (first, 1)


def test_same_reference_from_somebody_else_shows_them_nothing(school, office):
    ref, intake = uuid4(), Intake(**PHONE, owner_name="Robin Ashdown")
    services.receive_device(school, intake, by=office, client_ref=ref)

    with pytest.raises(Conflict, match="somebody else"):
        services.receive_device(
            school,
            Intake(**PHONE, owner_name="Sam Birch"),
            by=make_member(school, Role.STAFF),
            client_ref=ref,
        )


def test_receive_asks_whose_it_is(school, office):
    with pytest.raises(DomainError, match="whose device"):
        services.receive_device(school, Intake(**PHONE), by=office, client_ref=uuid4())


@pytest.mark.requirement("R094")
def test_release_records_who_took_it_and_how_they_were_known(office):
    device = services.release_device(make_device(office), TO_PARENT, by=office, version=0)

    release = Release.objects.get(device=device)
    assert (release.collector, release.collector_name, release.identified, release.by) == (
        "parent",
        "Pat Ashdown",
        "known",
        office,
    )
    assert device.status == Status.RELEASED


@pytest.mark.requirement("R100")
@pytest.mark.parametrize("role", [Role.OFFICE, Role.DSL, Role.HEADTEACHER])
def test_device_on_hold_is_released_by_nobody(school, office, dsl, role):
    device = hold(make_device(office), dsl)

    with pytest.raises(InvalidTransition, match="on hold"):
        services.release_device(device, TO_PARENT, by=make_member(school, role), version=device.version)

    assert (Device.objects.get().status, Release.objects.count()) == (Status.ON_HOLD, 0)


def test_office_cannot_lift_a_hold(office, dsl):
    device = hold(make_device(office), dsl)

    with pytest.raises(PermissionRefused):
        services.lift_hold(device, by=office, version=device.version, reason="Parent is here.")


def test_police_hold_is_lifted_by_whoever_placed_it(school, office, dsl):
    device = hold(make_device(office), dsl, HoldKind.POLICE)

    with pytest.raises(PermissionRefused, match="police"):
        services.lift_hold(
            device, by=make_member(school, Role.DEPUTY_DSL), version=device.version, reason="Done."
        )

    assert (
        services.lift_hold(device, by=dsl, version=device.version, reason="Police have seen it.").status
        == Status.HELD
    )


def test_lifted_device_goes_home(office, dsl):
    device = hold(make_device(office), dsl)
    device = services.lift_hold(device, by=dsl, version=device.version, reason="Nothing was found.")

    assert (
        services.release_device(device, TO_PARENT, by=office, version=device.version).status
        == Status.RELEASED
    )


def test_second_release_is_told_who_was_first(school, office):
    device = make_device(office)
    services.release_device(device, TO_PARENT, by=office, version=0)

    with pytest.raises(Conflict, match=f"{office.name} was first"):
        services.release_device(device, TO_PARENT, by=make_member(school, Role.OFFICE), version=0)

    assert Release.objects.count() == 1


def test_every_step_is_a_link_that_begins_where_the_last_ended(office, dsl):
    device = make_device(office)
    device = hold(device, dsl)
    device = services.lift_hold(device, by=dsl, version=device.version, reason="Seen.")
    services.release_device(device, TO_PARENT, by=office, version=device.version)

    links = list(device.movements.all())
    assert [link.step for link in links] == [
        Step.RECEIVED,
        Step.HELD_BACK,
        Step.HOLD_LIFTED,
        Step.RELEASED,
    ]
    assert [link.from_place for link in links] == [
        services.WITH_OWNER,
        *(link.to_place for link in links[:-1]),
    ]


CHANGES = {"note": b"x", "from_place": "x", "to_place": "x", "seq": 9, "step": "released"}


@pytest.mark.parametrize("column", CHANGES)
def test_link_of_the_chain_is_never_changed(office, column):
    make_device(office)

    with pytest.raises(DatabaseError, match=r"never changed|permission denied"), transaction.atomic():
        _raw(f"UPDATE devices_movement SET {column} = %s", CHANGES[column])


def test_link_of_the_chain_is_never_deleted(office):
    make_device(office)

    with pytest.raises(DatabaseError, match=r"never changed|permission denied"), transaction.atomic():
        _raw("DELETE FROM devices_movement")


def _raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
