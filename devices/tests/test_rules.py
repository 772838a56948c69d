"""The school's own rules for giving a device back, and the order of the safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import DomainError
from devices import selectors, services
from devices.enums import Status
from devices.models import Device, Release
from devices.tests.factories import TO_PARENT, make_device
from schools.enums import Role
from schools.models import Term
from schools.services import set_rule
from schools.tests.factories import TESTS, make_learner, make_member

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
TO_LEARNER = replace(TO_PARENT, collector="learner", identified="school_list")
LATE = replace(TO_PARENT, early_reason=" ")


def at(day, hour, minute=0):
    """A moment of November 2026 in London; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(at(2, 10))
    return time_machine


@pytest.fixture
def office(clock, school):
    return make_member(school, Role.OFFICE)


def answer(school, **rules):
    for key, value in rules.items():
        set_rule(school, key, value, by=TESTS)


def release(device, handover, by):
    return services.release_device(device, handover, by=by, version=device.version)


@pytest.mark.requirement("R095")
def test_before_the_end_of_the_day_no_caller_releases_without_a_reason(office):
    device = make_device(office)

    with pytest.raises(services.ReasonNeeded, match="not before Mon 15:30"):
        release(device, LATE, office)

    assert (Device.objects.get().status, Release.objects.count()) == (Status.HELD, 0)


@pytest.mark.requirement("R095")
def test_reason_is_kept_only_where_it_was_needed(office, clock):
    early, late = make_device(office), make_device(office)
    release(early, TO_PARENT, office)
    clock.move_to(at(2, 15, 30))
    release(late, TO_PARENT, office)

    reasons = [Release.objects.get(device=device).early_reason for device in (early, late)]
    assert reasons == ["Ill, going home.", ""]


@pytest.mark.parametrize(
    ("rule", "day", "hour", "early"),
    [
        ("end_of_day", 2, 15, True),
        ("end_of_day", 2, 16, False),
        ("next_day_end", 2, 16, True),
        ("next_day_end", 3, 15, True),
        ("next_day_end", 3, 16, False),
        ("when_collected", 2, 10, False),
    ],
)
def test_when_it_goes_back_is_the_schools_rule(school, office, clock, rule, day, hour, early):
    answer(school, device_release_time=rule)
    device = make_device(office)
    clock.move_to(at(day, hour))

    assert selectors.release_rule(device).is_early is early


@pytest.mark.requirement("R094")
@pytest.mark.parametrize(
    ("rule", "before", "may"),
    [
        ("parent", 0, False),
        ("parent_or_learner", 0, True),
        ("parent_or_learner", 1, False),
        ("learner", 1, True),
    ],
)
def test_learner_collects_only_where_the_schools_rule_allows(school, office, clock, rule, before, may):
    answer(school, device_release_to=rule)
    learner = make_learner(school)
    for _ in range(before):
        make_device(office, learner=learner, owner_name="")
        clock.shift(60)
    device = make_device(office, learner=learner, owner_name="")

    if may:
        assert release(device, TO_LEARNER, office).status == Status.RELEASED
    else:
        with pytest.raises(DomainError, match="parent or carer"):
            release(device, TO_LEARNER, office)
        assert Release.objects.count() == 0


def test_learner_who_is_not_on_the_list_is_not_there_for_the_first_time(school, office):
    answer(school, device_release_to="parent_or_learner")

    with pytest.raises(DomainError, match="parent or carer"):
        release(make_device(office, owner_name="Robin Ashdown"), TO_LEARNER, office)


def test_what_was_handed_in_goes_back_to_its_owner_at_any_time(office):
    device = make_device(office, reason="taken into care at the owner's wish")

    assert release(device, replace(TO_LEARNER, early_reason=""), office).status == Status.RELEASED


def test_school_that_asks_for_a_document_hands_nothing_to_a_known_face(school, office):
    answer(school, device_identity_check="document")
    device = make_device(office)

    with pytest.raises(DomainError, match="photograph"):
        release(device, TO_PARENT, office)

    assert release(device, replace(TO_PARENT, identified="document"), office).status == Status.RELEASED


@pytest.mark.requirement("R080", "R095")
@pytest.mark.parametrize(
    ("rule", "day", "hour", "left"),
    [
        ("end_of_day", 2, 15, 0),
        ("end_of_day", 2, 16, 1),
        ("next_day_end", 2, 16, 0),
        ("next_day_end", 3, 15, 0),
        ("next_day_end", 3, 16, 1),
        ("when_collected", 9, 16, 0),
    ],
)
def test_what_is_left_is_counted_by_the_schools_rule(school, office, clock, rule, day, hour, left):
    answer(school, device_release_time=rule)
    make_device(office)
    clock.move_to(at(day, hour))

    assert selectors.uncollected(school).count() == left


def test_next_school_day_is_not_a_day_of_the_weekend_or_of_a_holiday(school, office, clock):
    answer(school, device_release_time="next_day_end")
    for first, last in (((2026, 9, 1), (2026, 11, 4)), ((2026, 11, 9), (2026, 12, 18))):
        Term.objects.create(
            school=school,
            name="Half",
            starts_on="-".join(map(str, first)),
            ends_on=f"{last[0]}-{last[1]:02}-{last[2]:02}",
        )
    clock.move_to(at(4, 10))
    make_device(office)

    counts = []
    for day in (5, 8, 9):
        clock.move_to(at(day, 16))
        counts.append(selectors.uncollected(school).count())
    assert counts == [0, 0, 1]


def test_what_is_taken_at_a_weekend_goes_back_on_the_next_school_day(school, office, clock):
    clock.move_to(at(7, 10))  # a Saturday
    device = make_device(office)

    said, left = selectors.release_rule(device).text, []
    for day in (7, 8, 9):
        clock.move_to(at(day, 16))
        left.append(selectors.uncollected(school).count())
    assert (said, left) == ("not before Mon 15:30", [0, 0, 1])


def test_device_on_hold_is_not_counted_as_left(school, office, clock):
    device, dsl = make_device(office), make_member(school, Role.DSL)
    services.place_hold(device, by=dsl, version=0, kind="safeguarding", reason="Evidence.")
    clock.move_to(at(3, 9))

    assert selectors.uncollected(school).count() == 0


def test_safe_is_listed_as_people_count_with_holds_first(school, office):
    dsl, devices = make_member(school, Role.DSL), [make_device(office) for _ in range(22)]
    services.place_hold(devices[10], by=dsl, version=0, kind="safeguarding", reason="Evidence.")

    slots = [device.slot for device in selectors.in_the_safe(school)]

    places = [f"A{n}" for n in range(1, 21) if n != 11]
    assert slots == ["A11", *places, "B1", "B2"]


def test_no_two_slots_have_one_name():
    names = [selectors.slot_name(number) for number in range(1500)]

    assert (names[0], names[19], names[20], names[519], names[520]) == ("A1", "A20", "B1", "Z20", "AA1")
    assert len(set(names)) == 1500
    assert sorted(names, key=selectors.slot_order) == names
