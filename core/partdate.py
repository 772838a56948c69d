"""Dates that may be known to the month only, kept as printed: `2026-10-12` or `2026-10`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError

PART_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def last_day(text: str | None) -> date | None:
    """The last day that a date can mean: the day itself, or the end of its month; None for an empty text.

    Raises ValueError for anything else.
    """
    if not text:
        return None
    match = PART_DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is neither YYYY-MM-DD nor YYYY-MM.")
    year, month = int(match[1]), int(match[2])
    return date(year, month, int(match[3]) if match[3] else monthrange(year, month)[1])


def first_day(text: str) -> date | None:
    """The first day that a date, a month or a year alone can mean; None for an empty text. Raises ValueError for a day that is none."""
    numbers = [int(part) for part in text.split("-") if part.isdigit()]
    return date(*[*numbers, 1, 1][:3]) if numbers else None


def knows_day(text: str) -> bool:
    """Whether the day is known, and not the month alone."""
    return len(text) > len("2026-10")


def in_words(day: date, *, month_only: bool = False) -> str:
    """`12 October 2026`, or `October 2026`."""
    return f"{day:%B %Y}" if month_only else f"{day.day} {day:%B %Y}"


def check_part_date(text: str) -> None:
    """Validator: a real day or month, without inventing a day."""
    try:
        last_day(text)
    except ValueError as error:
        raise ValidationError("Give a day (2026-10-12) or a month (2026-10).", code="part_date") from error
