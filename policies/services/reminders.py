"""Reminders of reviews, computed from the data and the day, so that days without a scheduler are caught up.

A row says that one stage was handled for one person; it is unique, so nothing is sent twice however often or in
parallel this runs. Of the stages that were missed only the newest is mailed; the older ones are recorded as overtaken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from core import audit
from policies import notifications
from policies.enums import ReminderState
from policies.models import PolicyVersion, ReviewReminder
from policies.permissions import HEADS
from policies.selectors import reminder_days
from schools.enums import Role
from schools.models import Membership, School
from schools.selectors import members, rule_number

RULE = "policy_review"
SWEEP = audit.Job("review-reminders")
HEAD_FROM = 7
"""From this many days before the review on, the head is reminded as well; once it is overdue, the chair too."""


@dataclass(frozen=True)
class Review:
    """A version in force: since when, and the last day of its review (month's end where only the month is known)."""

    version_id: UUID
    since: date
    due: date


@dataclass(frozen=True)
class Intervals:
    """A school's rule: days before the review, and how often it is said once the review is late."""

    before: tuple[int, ...]
    overdue_every: int


@dataclass(frozen=True)
class DueReminder:
    """A stage whose day has come. `stage` is days before the review, negative after it."""

    version_id: UUID
    stage: int
    due_on: date
    newest: bool


def reminders_due(reviews: Iterable[Review], today: date, intervals: Intervals) -> list[DueReminder]:
    """Every stage that has come by `today` since each version is in force; the newest of each is marked."""
    found = []
    for review in reviews:
        stages = [stage for stage in _stages(review, today, intervals) if review.since <= stage[1] <= today]
        newest = max((due_on for _, due_on in stages), default=None)
        found += [DueReminder(review.version_id, stage, due_on, due_on == newest) for stage, due_on in stages]
    return found


def _stages(review: Review, today: date, intervals: Intervals) -> Iterator[tuple[int, date]]:
    for days in sorted(set(intervals.before), reverse=True):
        yield days, review.due - timedelta(days=days)
    late = intervals.overdue_every
    while late and review.due + timedelta(days=late) <= today:
        yield -late, review.due + timedelta(days=late)
        late += intervals.overdue_every


def posts_reminded(stage: int) -> tuple[str, ...]:
    """Who hears of a stage besides the owner: later stages reach further up."""
    if stage < 0:
        return (*HEADS, Role.CHAIR)
    return HEADS if stage <= HEAD_FROM else ()


def remind_school(school: School, today: date) -> int:
    """Records and mails what is due in one school; how many were mailed. Running it again changes nothing."""
    intervals = intervals_of(school)
    horizon = today + timedelta(days=max(intervals.before, default=0))
    with transaction.atomic():
        versions = {
            version.pk: version
            for version in PolicyVersion.objects.select_for_update(of=("self",))
            .binding()
            .filter(school=school, next_review_on__lte=horizon, in_force_from__isnull=False)
            .select_related("policy", "school")
            .order_by("pk")
        }
        due = reminders_due(_reviews(versions.values()), today, intervals)
        rows = _missing_rows(versions, due, school)
        ReviewReminder.objects.bulk_create(rows, batch_size=500)
        mailed = [row for row in rows if row.state == ReminderState.QUEUED]
        for row in mailed:
            notifications.remind_of_review(versions[row.version_id], row.recipient, row.due_on)
        if rows:
            changes = {"queued": [None, len(mailed)], "superseded": [None, len(rows) - len(mailed)]}
            audit.record("review_reminders.recorded", by=SWEEP, school_id=school.pk, changes=changes)
    return len(mailed)


def intervals_of(school: School) -> Intervals:
    """The school's own rule."""
    return Intervals(tuple(reminder_days(school)), rule_number(school, "policy_overdue_reminder_days"))


def _reviews(versions: Iterable[PolicyVersion]) -> Iterator[Review]:
    for one in versions:
        if one.in_force_from and one.next_review_on:
            yield Review(one.pk, one.in_force_from, one.next_review_on)


def _missing_rows(
    versions: dict[UUID, PolicyVersion], due: list[DueReminder], school: School
) -> list[ReviewReminder]:
    known = set(
        ReviewReminder.objects.filter(rule=RULE, version__in=versions).values_list(
            "version_id", "due_on", "recipient_id"
        )
    )
    people = list(members(school)) if due else []
    return [
        ReviewReminder(
            school_id=school.pk,
            rule=RULE,
            version=versions[one.version_id],
            recipient=person,
            stage=one.stage,
            due_on=one.due_on,
            state=ReminderState.QUEUED if one.newest else ReminderState.SUPERSEDED,
        )
        for one in due
        for person in _recipients(versions[one.version_id], one.stage, people)
        if (one.version_id, one.due_on, person.pk) not in known
    ]


def _recipients(version: PolicyVersion, stage: int, people: list[Membership]) -> list[Membership]:
    """The owner (or who holds the owning post), then the posts of the stage; the heads where nobody owns it."""
    policy = version.policy
    owners = [one for one in people if one.pk == policy.owner_id]
    owners = owners or [one for one in people if policy.owner_role in one.roles]
    posts = posts_reminded(stage) if owners else (*HEADS, *posts_reminded(stage))
    others = [one for one in people if one not in owners and not one.roles.isdisjoint(posts)]
    return owners + others
