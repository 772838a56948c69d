"""Which days are school days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import islice

from django.utils import timezone

from schools.models import School
from schools.selectors.words import DATA, read_set_up

YEAR = 366
LAST_LISTED = 2040
"""The last year in bank-holidays.txt; a test compares the list with the library that it was made from."""


def start_of(day: date) -> datetime:
    """The first moment of a day here. A column compared with it uses its index, which `__date` would not."""
    return timezone.make_aware(datetime.combine(day, time()))


class Calendar:
    """The days of one school: its terms and closures, and the bank holidays of England."""

    def __init__(self, school: School) -> None:
        self.school = school

    @property
    def _spans(self) -> dict[str, list[tuple[date, date]]]:
        return self.school.spans or read_set_up(self.school)[1]

    def in_term(self, day: date) -> bool:
        """Whether a day lies in a term, first and last day included."""
        return any(first <= day <= last for first, last in self._spans["Term"])

    def is_closed(self, day: date) -> bool:
        """Whether the school is closed for learners on a day."""
        return any(first <= day <= last for first, last in self._spans["Closure"])

    def terms_reach(self, day: date) -> bool:
        """Whether the terms on record reach to a day."""
        return any(day <= last for _, last in self._spans["Term"])

    def is_school_day(self, day: date) -> bool:
        """Whether learners are in school: a weekday inside a term, no closure and no bank holiday of England."""
        return is_working_day(day) and self.in_term(day) and not self.is_closed(day)

    def after(self, day: date, count: int) -> list[date]:
        """The next school days after a day, within a year; as many as asked for, or fewer."""
        days = (day + timedelta(days=n) for n in range(1, YEAR + 1))
        return list(islice(filter(self.is_school_day, days), count))

    def add(self, day: date, count: int) -> date:
        """The day that lies `count` school days after `day`. Without terms on record, weekdays are counted instead."""
        days = self.after(day, count)
        return days[-1] if days and len(days) == count else add_working_days(day, count)

    def last(self, day: date) -> date:
        """The newest school day up to `day`, that day included. Where no coming term is on record, weekdays are counted."""
        days = [day - timedelta(days=n) for n in range(YEAR + 1)]
        kind = self.is_school_day if self.after(day, 1) else is_working_day
        return next(filter(kind, days), None) or next(filter(is_working_day, days))


def add_school_days(school: School, day: date, count: int) -> date:
    """The day that lies `count` school days after `day`. Without terms on record, weekdays are counted instead."""
    return Calendar(school).add(day, count)


def last_school_day(school: School, day: date) -> date:
    """The newest school day up to `day`, that day included. Where no coming term is on record, weekdays are counted."""
    return Calendar(school).last(day)


@cache
def _bank_holidays() -> frozenset[date]:
    return frozenset(date.fromisoformat(line) for line in (DATA / "bank-holidays.txt").read_text().split())


@cache
def _later_bank_holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - half a second and 18 MB, for years beyond the list alone

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, no bank holiday of England."""
    holidays = _bank_holidays() if day.year <= LAST_LISTED else _later_bank_holidays(day.year)
    return day.weekday() < 5 and day not in holidays


def add_working_days(day: date, count: int) -> date:
    """The day that lies `count` working days (weekdays without bank holidays of England) after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
