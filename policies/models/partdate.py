"""Dates that may be known to the month only, kept as printed: `2026-10-12` or `2026-10`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError

PART_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def last_day(text: str) -> date | None:
    """The last day that a date can mean: the day itself, or the end of its month; None for an empty text."""
    if not text:
        return None
    match = PART_DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is neither YYYY-MM-DD nor YYYY-MM.")
    year, month = int(match[1]), int(match[2])
    return date(year, month, int(match[3]) if match[3] else monthrange(year, month)[1])


def first_day(text: str) -> date:
    """The first day that a date can mean."""
    return date.fromisoformat(text if len(text) > len("2026-10") else f"{text}-01")


def check_part_date(text: str) -> None:
    """Validator: a real day or month, without inventing a day."""
    try:
        last_day(text)
    except ValueError as error:
        raise ValidationError("Give a day (2026-10-12) or a month (2026-10).", code="part_date") from error
