"""Reminders to read, computed from the data and the day: one e-mail for all that waits, as often as the school says.

The row of a day makes it once, however often or in parallel this runs; after days without a scheduler it is caught up
with one e-mail. The outbox keeps a newcomer from being welcomed twice.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from core import audit
from core.models import AuditHead, OutgoingMail
from policies import notifications
from policies.models import ReadingReminder
from policies.selectors import Outstanding
from schools.models import School
from schools.selectors import members, rule_number

SWEEP = audit.Job("reading-reminders")
WELCOME = timedelta(days=14)
"""For so long after their first day a newcomer is still led to their reading list by an e-mail of its own."""


def remind_readers(school: School, today: date) -> int:
    """Writes to newcomers, and, when it is time, to everybody with something to read and to owners of late rounds.

    How many members were written to. Running it again on the same day changes nothing.
    """
    with transaction.atomic():
        # The chain's end is locked, so that two sweeps at once cannot both find that it is time.
        AuditHead.objects.select_for_update().get(school_id=school.pk)
        outstanding = Outstanding(school, today)
        if not _is_time(school, today):
            return _welcome(school, today, outstanding)
        people = outstanding.to_remind()
        # Also where nobody waits, or the hourly sweep would look again at everybody every hour. A new round writes to its
        # readers by itself, and a newcomer is welcomed, so nobody waits a week to hear of something new.
        ReadingReminder.objects.create(school=school, on=today, reminded=len(people))
        if people:
            notifications.remind_of_reading(school, people, cause=f"policy-reading:{today}")
            audit.record(
                "reading_reminders.recorded",
                by=SWEEP,
                school_id=school.pk,
                changes={"reminded": [None, len(people)]},
            )
    return len(people)


def _last(school: School) -> ReadingReminder | None:
    return ReadingReminder.objects.filter(school=school, whom="member").order_by("-on").first()


def _is_time(school: School, today: date) -> bool:
    last = _last(school)
    return last is None or today >= last.on + timedelta(days=rule_number(school, "acknowledge_reminder_days"))


def _welcome(school: School, today: date, outstanding: Outstanding) -> int:
    """Leads those who came since the last reminder to their reading list; each once."""
    last = _last(school)
    came = members(school, on=today).filter(starts_on__gt=today - WELCOME)
    new = {
        one.pk: f"policy-welcome:{one.pk}:{one.starts_on}"
        for one in came
        if last and one.accepted_at and (one.starts_on > last.on or one.accepted_at > last.created_at)
    }
    if not new:
        return 0
    owed = set(OutgoingMail.objects.filter(cause__in=new.values()).values_list("cause", flat=True))
    people = [one for one in outstanding.readers() if new.get(one.pk, "") not in owed | {""}]
    for one in people:
        notifications.remind_of_reading(school, [one], cause=new[one.pk])
    return len(people)
