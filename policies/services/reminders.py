"""Reminders of reviews, computed from the data and the day, so that days without a scheduler are caught up.

A row says that one stage was handled for one person; it is unique, so nothing is sent twice however often or in
parallel this runs. Of the stages that were missed only the newest is mailed; the older ones are recorded as overtaken.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from core import audit, scope
from policies import notifications
from policies.enums import ReminderState
from policies.services.due_reminders import Intervals, record_due
from schools.models import School
from schools.selectors import rules_of_schools

logger = logging.getLogger(__name__)
RULE = "policy_review"
BEFORE, OVERDUE = "policy_review_reminder_days", "policy_overdue_reminder_days"
SWEEP = audit.Job("review-reminders")
AT_ONCE = 250
"""Schools in one transaction: enough that statements cost little, few enough that memory and locks stay small."""
_LOCK = 20_260_905


def remind_all(today: date) -> int:
    """Records and mails what is due in every school; how many were mailed. Running it again changes nothing.

    Schools whose rows cannot be written are logged, and tried again with the next run; they keep no other waiting.
    """
    return sum(_remind(schools, today) for schools in _batches())


def remind_schools(schools: Sequence[UUID], today: date) -> int:
    """The same for these schools, in one transaction; nothing while another sweep is at them."""
    with transaction.atomic(), scope.acting_as_jobs():
        if not _alone_with(schools[0]):
            return 0
        now = timezone.now()
        added = record_due(RULE, _intervals(schools), today, now)
        if added:
            with scope.acting(schools=added):
                notifications.remind_of_reviews(added, since=now)
                audit.record_each(
                    "review_reminders.recorded",
                    by=SWEEP,
                    changes={pk: _said(states) for pk, states in added.items()},
                )
    return sum(states[ReminderState.QUEUED] for states in added.values())


def _said(states: Counter[str]) -> dict[str, list[int | None]]:
    return {state.value: [None, states[state]] for state in ReminderState}


def _remind(schools: Sequence[UUID], today: date) -> int:
    """Halves the schools when something fails, until those that fail are alone. A database that is busy is left alone."""
    try:
        return remind_schools(schools, today)
    except OperationalError:
        logger.exception("reviews of some schools were not reminded of", extra={"count": len(schools)})
        return 0
    except Exception:
        if len(schools) == 1:
            logger.exception("reviews of a school were not reminded of", extra={"school_id": schools[0]})
            return 0
    half = len(schools) // 2
    return _remind(schools[:half], today) + _remind(schools[half:], today)


def _batches() -> Iterator[list[UUID]]:
    last = UUID(int=0)
    while True:
        with scope.acting_as_jobs(), scope.reading():
            after = School.objects.filter(pk__gt=last).order_by("pk")
            schools = list(after.values_list("pk", flat=True)[:AT_ONCE])
        if not schools:
            return
        yield schools
        last = schools[-1]


def _alone_with(first: UUID) -> bool:
    """Whether no other sweep is at the schools that begin with this one. On SQLite writers queue anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK, first.int & 0x7FFFFFFF])
        return bool(cursor.fetchone()[0])


def _intervals(schools: Sequence[UUID]) -> dict[UUID, Intervals]:
    """Each school's own rule; a school whose rule cannot be read is left out and logged."""
    found = {}
    for school_id, (before, every) in rules_of_schools(schools, BEFORE, OVERDUE).items():
        try:
            found[school_id] = Intervals(frozenset(map(int, before.split())), int(every))
        except ValueError:
            logger.exception("a rule on reminders is not a number", extra={"school_id": school_id})
    return found
