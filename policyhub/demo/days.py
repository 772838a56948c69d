"""School days counted from today, as the data count them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

Span = tuple[date, date]
BEGUN = time(11)
"""Before this hour the last school day is yesterday's, so that a morning's entries do not lie ahead."""


class SchoolDays:
    """The days on which the school was open, up to the last one before `now` and agreed for later."""

    def __init__(self, terms: Iterable[Span], closures: Iterable[Span], *, now: datetime) -> None:
        closed = {day for span in closures for day in _days(span)}
        self._days = [day for span in terms for day in _days(span) if day.weekday() < 5 and day not in closed]
        here = timezone.localtime(now)
        last = here.date() if here.time() >= BEGUN else here.date() - timedelta(days=1)
        self._today = sum(day <= last for day in self._days) - 1

    def ago(self, count: int) -> date | None:
        """The day so many school days before the last one; None where the terms do not reach."""
        return self._at(self._today - count)

    def after(self, day: date, count: int) -> date | None:
        """The day so many school days after a school day; None where the terms do not reach."""
        return self._at(self._days.index(day) + count)

    def _at(self, place: int) -> date | None:
        return self._days[place] if 0 <= place < len(self._days) else None

    def last_of(self, span: Span) -> date:
        """The last school day of a term."""
        return max(day for day in self._days if span[0] <= day <= span[1])


def _days(span: Span) -> list[date]:
    first, last = span
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def before_weekend(day: date) -> date:
    """The day itself, or the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def moment(day: date, clock: str) -> datetime:
    """A day and "HH:MM" as a moment where the school is."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))
