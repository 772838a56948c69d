"""Dates as policies print them, to YYYY-MM-DD or YYYY-MM; a day that is not printed is not invented."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_YEAR = r"(20\d{2}|19\d{2}|\d{2})(?!\d)"
_DAY_MONTH_YEAR = re.compile(
    rf"\b(\d{{1,2}})\s*(?:st|nd|rd|th)?(?:\s+of)?[\s,./-]*({MONTH})\b\.?[\s,./-]*['\u2019]?{_YEAR}",
    re.IGNORECASE,
)
_MONTH_DAY_YEAR = re.compile(rf"\b({MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(20\d{{2}})", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"\b({MONTH})\b\.?[\s,./-]*(?:['\u2019]\s*)?{_YEAR}", re.IGNORECASE)
_ISO = re.compile(r"\b(20\d{2})-(\d{2})(?:-(\d{2}))?\b")
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(20\d{2}|\d{2})(?![\d/])")
_MONTH_AND_YEAR_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})[./-](20\d{2})(?!\d)")


def find_date(text: str) -> str | None:
    """The first date in the text, None where there is none."""
    found = find_span(text)
    return found[0] if found else None


def find_span(text: str) -> tuple[str, int, int] | None:
    """The first date and where it stands."""
    best: tuple[str, int, int] | None = None
    for read in (_iso, _day_first, _month_first, _numbers, _month_only, _month_number):
        found = read(text)
        if found and (best is None or found[1] < best[1]):
            best = found
    return best


def is_date_only(text: str) -> bool:
    """Whether the text is a date and nothing else."""
    found = find_span(text)
    rest = text if not found else text[: found[1]] + text[found[2] :]
    return bool(found) and not re.search(r"[A-Za-z0-9]", rest)


def _iso(text: str) -> tuple[str, int, int] | None:
    found = _ISO.search(text)
    return _dated(found, found.group(1), int(found.group(2)), found.group(3)) if found else None


def _day_first(text: str) -> tuple[str, int, int] | None:
    found = _DAY_MONTH_YEAR.search(text)
    return _dated(found, found.group(3), _month(found.group(2)), found.group(1)) if found else None


def _month_first(text: str) -> tuple[str, int, int] | None:
    found = _MONTH_DAY_YEAR.search(text)
    return _dated(found, found.group(3), _month(found.group(1)), found.group(2)) if found else None


def _month_only(text: str) -> tuple[str, int, int] | None:
    found = _MONTH_YEAR.search(text)
    return _dated(found, found.group(2), _month(found.group(1)), None) if found else None


def _numbers(text: str) -> tuple[str, int, int] | None:
    found = _NUMBERS.search(text)
    return _dated(found, found.group(3), int(found.group(2)), found.group(1)) if found else None


def _month_number(text: str) -> tuple[str, int, int] | None:
    found = _MONTH_AND_YEAR_NUMBERS.search(text)
    return _dated(found, found.group(2), int(found.group(1)), None) if found else None


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def _dated(found: re.Match[str], year: str, month: int, day: str | None) -> tuple[str, int, int] | None:
    """The date if the calendar has it."""
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    try:
        whole = date(full_year, month, int(day) if day else 1)
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7], found.start(), found.end()
