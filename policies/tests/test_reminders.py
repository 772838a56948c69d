"""Reminders of reviews: a pure function of data and day, rows that make each happen once, and catching up."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import scope
from core.audit import verify
from core.models import AuditEvent, OutgoingMail
from policies import services
from policies.models import Policy, PolicyVersion, ReviewReminder
from policies.tasks import remind_of_reviews
from policies.tests.factories import TESTS, make_draft, make_in_force
from schools.enums import Role
from schools.models import Membership, Rule, User
from schools.tests.factories import make_member

LONDON = ZoneInfo("Europe/London")
START = date(2026, 1, 1)
BEFORE, EVERY = (56, 28, 7, 0), 14
"""What holds where a school has not set its own."""


def stages(since: date, due: date, today: date) -> dict[int, date]:
    """Every stage that has come since a version is in force, worked out one by one: days before the review, and its day."""
    late = range(EVERY, max((today - due).days, 0) + 1, EVERY)
    days = {one: due - timedelta(days=one) for one in (*BEFORE, *(-one for one in late))}
    return {stage: day for stage, day in days.items() if since <= day <= today}


def told(stage: int) -> set[str]:
    """Who hears of a stage: the owner, then the head, then the chair."""
    reached = (Role.DSL, *([Role.HEADTEACHER] if stage <= 7 else []), *([Role.CHAIR] if stage < 0 else []))
    return {role.value for role in reached}


days = st.integers(min_value=0, max_value=200).map(lambda n: START + timedelta(days=n))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dates=st.lists(st.tuples(days, days), min_size=1, max_size=5),
    run_on=st.lists(st.integers(min_value=0, max_value=200), max_size=4),
)
@pytest.mark.requirement("R005")
def test_rows_after_any_outage_are_every_stage_that_came(clock, school, posts, dates, run_on):
    """However seldom it ran: each stage once for each person, and of those that came since the last run the newest mailed."""
    versions = [
        PolicyVersion.objects.create(
            school=school, policy=Policy.objects.create(school=school, title="Phones"), number=1, title="Phones",
            state="in_force", ratified="2025-12", ratifying_body="Governors", in_force_from=since, next_review_on=due,
        )
        for since, due in dates
    ]  # fmt: skip

    for day in sorted({*run_on, 200}):
        services.remind_schools([school.pk], START + timedelta(days=day))

    fields = ("stage", "due_on", "recipient__appointments__role")
    for version in versions:
        came = stages(version.in_force_from, version.next_review_on, START + timedelta(days=200))
        expected = sorted((stage, day, role) for stage, day in came.items() for role in told(stage))
        assert sorted(version.reminders.values_list(*fields)) == expected
        mailed = set(version.reminders.filter(state="queued").values_list("due_on", flat=True))
        runs = [START + timedelta(days=day) for day in sorted({*run_on, 200})]
        newest = [max((d for d in came.values() if d <= run), default=None) for run in runs]
        assert mailed == {day for day in newest if day}


@pytest.mark.requirement("R003")
def test_a_month_counts_from_its_end(school):
    version = make_in_force(school, next_review="2028-02")

    assert (version.next_review, version.next_review_on) == ("2028-02", date(2028, 2, 29))
    assert (version.days_to_review(date(2028, 2, 29)), version.days_to_review(date(2028, 3, 1))) == (0, -1)


@pytest.fixture
def posts(school):
    """Owner, head and chair."""
    return {role: make_member(school, role) for role in (Role.DSL, Role.HEADTEACHER, Role.CHAIR)}


@pytest.fixture
def clock():
    """A clock that tests set; the day begins in London."""
    with time_machine.travel(datetime(2026, 1, 1, 9, tzinfo=LONDON), tick=False) as moved:
        yield moved


def sweep(clock, day: date, hour: int = 9) -> int:
    clock.move_to(datetime(day.year, day.month, day.day, hour, tzinfo=LONDON))
    return remind_of_reviews()


def rows() -> list[tuple[date, int, str, str]]:
    return sorted(ReviewReminder.objects.values_list("due_on", "stage", "state", "recipient__user__email"))


def make_due(school, due: str):
    """A version in force from the first of January, whose review is due on a day."""
    draft = make_draft(school, next_review=due)
    ratified = services.ratify_version(draft, by=TESTS, body="Governing Body", on="2025-12")
    return services.bring_into_force(ratified, by=TESTS)


@pytest.mark.requirement("R005", "R270")
def test_owner_then_head_then_chair_are_reminded(clock, school, posts):
    make_due(school, "2026-06-30")

    mailed = [sweep(clock, day) for day in (date(2026, 5, 5), date(2026, 6, 23), date(2026, 7, 14))]

    to = {role: member.user.email for role, member in posts.items()}
    owner, head, chair = to[Role.DSL], to[Role.HEADTEACHER], to[Role.CHAIR]
    assert mailed == [1, 2, 3]
    assert [row for row in rows() if row[2] == "queued"] == sorted(
        [(date(2026, 5, 5), 56, "queued", owner)]
        + [(date(2026, 6, 23), 7, "queued", one) for one in (owner, head)]
        + [(date(2026, 7, 14), -14, "queued", one) for one in (owner, head, chair)]
    )
    assert sorted(
        OutgoingMail.objects.filter(template="policies/review_due").values_list("recipient", flat=True)
    ) == sorted([owner] * 3 + [head] * 2 + [chair])


def test_a_run_leaves_one_audit_entry_and_a_second_run_none(clock, school, posts):
    first, second = make_due(school, "2026-06-30"), make_due(school, "2026-06-30")

    counts = [sweep(clock, date(2026, 5, 5), hour) for hour in (9, 10, 23)]

    assert counts == [2, 0, 0]
    entries = AuditEvent.objects.filter(action="review_reminders.recorded")
    assert [entry.actor_id for entry in entries] == ["job:review-reminders"]
    assert verify(school.pk).whole
    assert [first.reminders.count(), second.reminders.count()] == [1, 1]


@pytest.mark.requirement("R005")
@pytest.mark.parametrize("missed", [7, 21, 42])
def test_after_an_outage_nothing_is_lost_and_only_the_newest_is_mailed(clock, school, posts, missed):
    make_due(school, "2026-06-30")
    back = date(2026, 6, 22) + timedelta(days=missed)

    sweep(clock, date(2026, 6, 22))
    mailed = sweep(clock, back)

    expected = {
        (date(2026, 5, 5), 56),
        (date(2026, 6, 2), 28),
        (date(2026, 6, 23), 7),
        (date(2026, 6, 30), 0),
        (date(2026, 7, 14), -14),
        (date(2026, 7, 28), -28),
    }
    assert {row[:2] for row in rows()} == {one for one in expected if one[0] <= back}
    assert mailed == (3 if missed == 42 else 2)
    queued = Counter((row[3], row[0]) for row in rows() if row[2] == "queued" and row[0] > date(2026, 6, 22))
    assert set(queued.values()) == {1}


@pytest.mark.requirement("R005")
@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_each_hour_of_a_night_when_the_clock_changes_reminds_once(clock, school, posts, night):
    make_due(school, f"{night:%Y-%m-%d}")
    sweep(clock, night - timedelta(days=1))
    before = len(rows())
    start = datetime(night.year, night.month, night.day, tzinfo=LONDON).timestamp() - 3600

    for hour in range(28):
        clock.move_to(start + hour * 3600)
        remind_of_reviews()

    assert len(rows()) - before == 2
    assert {row[:2] for row in rows()[before:]} == {(night, 0)}


def test_a_school_that_fails_does_not_keep_another_from_being_reminded(clock, school, other_school, posts):
    make_due(school, "2026-06-30")
    with scope.acting(schools=[other_school.pk]):
        make_member(other_school, Role.DSL)
        make_due(other_school, "2026-06-30")
        Rule.objects.create(school=other_school, key="policy_overdue_reminder_days", value="not a number")

    assert sweep(clock, date(2026, 5, 5)) == 1


def test_a_superseded_version_is_not_reminded_of(clock, school, posts):
    old = make_due(school, "2026-06-30")
    draft = make_draft(school, policy=old.policy, next_review="2027-06-30")
    services.bring_into_force(
        services.ratify_version(draft, by=TESTS, body="Governing Body", on="2025-12"), by=TESTS
    )

    assert sweep(clock, date(2026, 6, 30)) == 0


@pytest.mark.postgres
@pytest.mark.requirement("R005")
def test_the_sweep_sees_no_title_no_name_and_no_other_rule(school, posts):
    make_in_force(school)
    for key in ("policy_overdue_reminder_days", "triage_hours"):
        Rule.objects.create(school=school, key=key, value="9")

    with scope.acting_as_jobs():
        seen = list(Rule.objects.values_list("key", flat=True))
        for hidden in (
            Policy.objects.values_list("title"),
            PolicyVersion.objects.values_list("title"),
            Membership.objects.values_list("name"),
            User.objects.values_list("email"),
            OutgoingMail.objects.values_list("recipient"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                hidden.first()
        assert Policy.objects.values_list("pk").count() == 1

    assert seen == ["policy_overdue_reminder_days"]


@pytest.mark.slow
@pytest.mark.requirement("R005")
def test_rows_with_long_outages_equal_the_rows_without(clock, school, other_school, posts, request):
    """17 months at 15-hour steps in the full proof, 6 months here; outages of up to 42 days and the clock changes within them."""
    full = request.config.getoption("--soak")
    policies, months = (12, 17) if full else (3, 6)
    for number in range(policies):
        make_due(school, f"2026-{number % 9 + 2:02}-{number + 10}")
    with scope.acting(schools=[other_school.pk]):
        for role in posts:
            make_member(other_school, role)
        for number in range(policies):
            make_due(other_school, f"2026-{number % 9 + 2:02}-{number + 10}")
    outages = [(60, 21), (84, 6), (110, 42), (290, 12), (340, 42)]

    for step in range(months * 30 * 24 // 15):
        moment = datetime(2026, 1, 1, 9, tzinfo=LONDON) + timedelta(hours=15 * step)
        clock.move_to(moment)
        today = moment.date()
        services.remind_schools([school.pk], today)
        day = (today - START).days
        if not any(first <= day < first + length for first, length in outages):
            services.remind_schools([other_school.pk], today)

    def shape(owner):
        with scope.acting(schools=[owner.pk]):
            found = ReviewReminder.objects.filter(school=owner)
            return Counter(
                found.values_list("due_on", "stage", "version__next_review", "recipient__appointments__role")
            )

    whole, caught_up = shape(school), shape(other_school)
    last = months * 30 - 1
    assert any(first <= last for first, _ in outages)
    assert caught_up == whole
    assert sum(whole.values()) == len(whole)
