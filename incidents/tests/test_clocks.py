"""School time: what counts towards a clock and what does not."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from incidents.selectors.clocks import SchoolTime, add_school_minutes, review_due, triage_due
from schools import services
from schools.tests.factories import TESTS

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def at(day, hour, minute=0):
    return datetime(2026, 9, day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def term(school):
    services.add_term(school, "Autumn", date(2026, 9, 2), date(2026, 12, 18), by=TESTS)
    services.add_closure(school, "INSET", date(2026, 9, 10), date(2026, 9, 10), by=TESTS)
    return school


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (at(8, 9), at(8, 13)),  # a Tuesday morning
        (at(8, 14), at(9, 11)),  # runs over the night
        (at(9, 14), at(11, 11)),  # over a closure
        (at(11, 14), at(14, 11)),  # over a weekend
        (at(12, 12), at(14, 12, 30)),  # logged on a Saturday
        (at(8, 6), at(8, 12, 30)),  # before school
        (at(8, 20), at(9, 12, 30)),  # in the evening
    ],
)
def test_four_school_hours_are_four_hours_of_school(term, start, due):
    assert triage_due(term, start, immediate_danger=False) == due


def test_danger_is_due_at_once(term):
    assert triage_due(term, at(12, 3), immediate_danger=True) == at(12, 3)


def test_the_school_sets_its_own_hours(term):
    services.set_rule(term, "triage_hours", "1", by=TESTS)
    assert triage_due(term, at(8, 9), immediate_danger=False) == at(8, 10)


def test_a_clock_runs_on_after_the_last_term_on_record(term):
    assert add_school_minutes(term, datetime(2026, 12, 18, 15, tzinfo=LONDON), 60) == datetime(
        2026, 12, 21, 9, tzinfo=LONDON
    )


def test_without_terms_a_clock_runs_through_working_hours_from_the_first_day_on(school):
    assert triage_due(school, at(8, 9), immediate_danger=False) == at(8, 13)
    services.add_closure(school, "Burst pipe", date(2026, 9, 9), date(2026, 9, 9), by=TESTS)
    assert triage_due(school, at(8, 14), immediate_danger=False) == at(10, 11)


@pytest.mark.parametrize("with_term", [True, False])
def test_no_school_time_passes_on_a_bank_holiday(school, with_term):
    if with_term:
        services.add_term(school, "Summer", date(2026, 4, 13), date(2026, 7, 17), by=TESTS)
    friday, tuesday = (datetime(2026, 5, day, 15, tzinfo=LONDON) for day in (1, 5))  # 4 May is the holiday
    assert add_school_minutes(school, friday, 60) == tuesday.replace(hour=9)
    assert (SchoolTime(school).minutes(friday, tuesday), SchoolTime(school).days(friday, tuesday)) == (420, 1)


def test_an_open_concern_asks_for_an_entry_after_ten_school_days(term):
    assert review_due(term, at(8, 9)) == at(23, 15, 30)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (at(8, 9), at(8, 13), 240),
        (at(8, 14), at(9, 11), 240),
        (at(11, 15), at(14, 9), 60),
        (at(8, 13), at(8, 9), -240),
        (at(12, 9), at(13, 9), 0),
    ],
)
def test_minutes_left_count_school_time_alone(term, start, end, minutes):
    assert SchoolTime(term).minutes(start, end) == minutes


def test_an_age_is_counted_in_school_days(term):
    assert [SchoolTime(term).days(at(8, 9), end) for end in (at(8, 15), at(9, 9), at(11, 9), at(14, 9))] == [
        0,
        1,
        2,
        3,
    ]
