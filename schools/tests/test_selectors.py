"""Reads of tenancy: posts on a day, school days, words, rules and learners."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from holidays import country_holidays

from core import scope
from schools import selectors, services
from schools.enums import Role
from schools.tests.factories import TESTS, make_learner, make_member, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def names(people) -> list[str]:
    return [person.name for person in people]


# --- People -----------------------------------------------------------------------------------------------------------


def test_people_with_a_role_on_a_day(school, other_school):
    today = timezone.localdate()
    now = make_member(school, Role.DSL, name="Now")
    later = make_member(school, name="Later")
    services.appoint(later, Role.DSL, by=TESTS, starts_on=today + 3 * DAY)
    make_member(other_school, Role.DSL, name="Elsewhere")

    assert selectors.people_with_role(school, Role.DSL) == [now]
    assert names(selectors.people_with_role(school, Role.DSL, on=today + 3 * DAY)) == ["Later", "Now"]


def test_the_accountable_lead_comes_first(school):
    make_member(school, Role.DSL, name="Anna")
    lead = make_member(school, name="Zora")
    services.appoint(lead, Role.DSL, by=TESTS, is_lead=True)

    assert names(selectors.people_with_role(school, Role.DSL)) == ["Zora", "Anna"]


def test_who_left_or_is_closed_holds_nothing(school):
    left, closed = make_member(school, Role.DSL), make_member(school, Role.DSL)
    services.end_membership(left, by=TESTS)
    closed.user.is_active = False
    closed.user.save()

    assert selectors.people_with_role(school, Role.DSL) == []
    assert list(selectors.members(school)) == []


def test_live_membership_is_of_this_school_today(school, other_school):
    user = make_user()
    mine = make_member(school, user=user)

    assert selectors.live_membership(user, school.slug) == mine
    assert selectors.live_membership(user, other_school.slug) is None
    assert selectors.live_membership(user, school.slug, on=timezone.localdate() - DAY) is None


# --- Learners ---------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R043")
@pytest.mark.parametrize("text", ["quill", "MARCH", "lon banks", "banks quil", "heron", "quillon heron"])
def test_a_learner_is_found_by_any_part_of_a_name_or_class(school, text):
    make_learner(school, "Robin", "Ashdown", class_name="Wren")
    learner = make_learner(school, "Quillon", "Marchbanks", class_name="Heron")

    assert selectors.find_learners(school, text) == [learner]


@pytest.mark.parametrize("text", ["", "   ", "zz", "quillon wren"])
def test_nothing_is_found_by_nothing_or_by_words_that_do_not_all_fit(school, text):
    make_learner(school, "Quillon", "Marchbanks", class_name="Heron")

    assert selectors.find_learners(school, text) == []


def test_learners_of_another_school_and_leavers_are_not_found(school, other_school):
    make_learner(other_school, "Quillon", "Marchbanks")
    gone = make_learner(school, "Quillon", "Marchbanks")
    gone.left_on = timezone.localdate() - DAY
    gone.save()

    assert selectors.find_learners(school, "quillon") == []


def test_ids_of_other_schools_and_nonsense_are_passed_over(school, other_school):
    mine, theirs = make_learner(school), make_learner(other_school)

    assert selectors.learners_by_ids(school, [str(mine.pk), str(theirs.pk), "x", ""]) == [mine]


def test_finding_takes_one_query_however_many_learners(school, django_assert_num_queries):
    for number in range(30):
        make_learner(school, f"Robin{number}", "Ashdown")
    selectors.find_learners(school, "warm the key")

    with django_assert_num_queries(1):
        assert len(selectors.find_learners(school, "robin", limit=50)) == 30


# --- Days -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def autumn(school):
    """A term from a Thursday to a Friday, with half-term in the middle."""
    services.add_term(school, "Autumn", date(2026, 9, 3), date(2026, 12, 18), by=TESTS)
    services.add_closure(school, "Half-term", date(2026, 10, 26), date(2026, 10, 30), by=TESTS)
    return school


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 2), False),
        (date(2026, 9, 3), True),
        (date(2026, 9, 5), False),
        (date(2026, 10, 23), True),
        (date(2026, 10, 26), False),
        (date(2026, 11, 2), True),
        (date(2026, 12, 18), True),
        (date(2026, 12, 21), False),
        (date(2026, 12, 25), False),
    ],
)
def test_school_days(autumn, day, expected):
    assert selectors.Calendar(autumn).is_school_day(day) is expected


def test_school_days_are_counted_over_weekends_and_half_term(autumn):
    assert selectors.add_school_days(autumn, date(2026, 10, 22), 2) == date(2026, 11, 2)


def test_without_terms_working_days_are_counted(school):
    assert selectors.add_school_days(school, date(2026, 12, 24), 1) == date(2026, 12, 29)


def test_the_listed_bank_holidays_are_the_librarys():
    years = range(2015, selectors.LAST_LISTED + 1)
    listed = (selectors.DATA / "bank-holidays.txt").read_text().split()

    assert listed == sorted(day.isoformat() for day in country_holidays("GB", subdiv="ENG", years=years))


def test_bank_holidays_beyond_the_list_count_too():
    assert selectors.add_working_days(date(selectors.LAST_LISTED + 4, 12, 23), 1).day == 28


def test_the_days_of_a_school_take_one_query(autumn, django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar = selectors.Calendar(autumn)
        assert calendar.add(calendar.add(date(2026, 10, 22), 2), 5) == date(2026, 11, 9)


# --- Words and rules --------------------------------------------------------------------------------------------------


def test_a_word_is_the_schools_own_or_the_default(school, other_school):
    services.set_word(school, "learner", "student", by=TESTS)

    assert selectors.word(school, "learner") == "student"
    with scope.acting(schools=[other_school.pk]):
        assert selectors.word(other_school, "learner") == selectors.default_words()["learner"]


def test_every_rule_has_a_default_that_is_one_of_its_answers(school):
    wrong = [
        question.key
        for question in selectors.rule_questions().values()
        if question.options and question.default not in dict(question.options)
    ]

    assert len(selectors.rule_questions()) >= 10
    assert wrong == []


def test_an_unknown_word_or_rule_is_an_error(school):
    with pytest.raises(KeyError):
        selectors.word(school, "nonsense")
    with pytest.raises(KeyError):
        selectors.rule(school, "nonsense")


def test_a_list_is_one_answer_a_line(school):
    services.set_rule(school, "service_kinds", "One\n\n  Two  \n", by=TESTS)

    assert selectors.rule_list(school, "service_kinds") == ["One", "Two"]
