"""School time: minutes and days in which school is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count

from django.utils import timezone

from incidents.models import Concern
from schools.models import School
from schools.selectors import Calendar, add_school_days, is_working_day, rule_number

OPENS, CLOSES = time(8, 30), time(15, 30)
MINUTES_A_DAY = 7 * 60
REVIEW_AT = CLOSES


def moment(day: date, at: time) -> datetime:
    """A time of day in the school's time zone."""
    return datetime.combine(day, at, timezone.get_default_timezone())


def _day_of(moment: datetime) -> date:
    # The school's own zone, always: asking for that of the thread takes longer than the arithmetic.
    return timezone.localdate(moment, timezone.get_default_timezone())


def add_school_minutes(school: School, start: datetime, minutes: int) -> datetime:
    """The moment when `minutes` of school time have passed since `start`; time out of school does not count."""
    time, day, left = SchoolTime(school), _day_of(start), minutes
    begin = max(start, moment(day, OPENS))
    if not time.is_open(day) or begin >= moment(day, CLOSES):
        day = time.next_open(day)
        begin = moment(day, OPENS)
    while (today := int((moment(day, CLOSES) - begin).total_seconds() // 60)) < left:
        left -= today
        day = time.next_open(day)
        begin = moment(day, OPENS)
    return begin + timedelta(minutes=left)


def triage_due(school: School, recorded_at: datetime, *, immediate_danger: bool) -> datetime:
    """By when a concern is to be triaged: at once in danger, else within the school's own number of school hours."""
    if immediate_danger:
        return recorded_at
    return add_school_minutes(school, recorded_at, rule_number(school, "triage_hours") * 60)


def review_due(school: School, last_entry: datetime) -> datetime:
    """By when an open concern asks for its next entry."""
    days = rule_number(school, "open_concern_review_days")
    return moment(add_school_days(school, timezone.localdate(last_entry), days), REVIEW_AT)


class SchoolTime:
    """School minutes between two moments for many rows, with one query in all."""

    def __init__(self, school: School) -> None:
        self._calendar = Calendar(school)
        self.is_open = cache(self._is_open)

    def _is_open(self, day: date) -> bool:
        """Whether school time passes on this day: a working day of a term, and no closure.

        Working days are weekdays without bank holidays of England. Without terms on record, and beyond the last of them,
        every working day counts.
        """
        in_school = self._calendar.in_term(day) or not self._calendar.terms_reach(day)
        return in_school and is_working_day(day) and not self._calendar.is_closed(day)

    def next_open(self, day: date) -> date:
        """The first day after this one on which school time passes."""
        return next(one for one in (day + timedelta(days=n) for n in count(1)) if self.is_open(one))

    def minutes(self, start: datetime, end: datetime) -> int:
        """School minutes from start to end; negative when the end lies before the start. A year at most is counted."""
        if end < start:
            return -self.minutes(end, start)
        first, last = _day_of(start), _day_of(end)
        total = 0.0
        for day in filter(self.is_open, _days(first, last)):
            if first < day < last:
                total += MINUTES_A_DAY * 60
            else:
                opens, closes = max(start, moment(day, OPENS)), min(end, moment(day, CLOSES))
                total += max(0.0, (closes - opens).total_seconds())
        return int(total // 60)

    def minutes_left(self, concern: Concern, now: datetime) -> int:
        """School minutes until the concern's clock ends; negative when it is over."""
        return self.minutes(now, concern.due_at)

    def days(self, start: datetime, end: datetime) -> int:
        """School days that have passed: 0 on the same day."""
        first = _day_of(start) + timedelta(days=1)
        return sum(self.is_open(day) for day in _days(first, _day_of(end)))


def _days(first: date, last: date) -> Iterator[date]:
    for n in range(min((last - first).days + 1, 366)):
        yield first + timedelta(days=n)
