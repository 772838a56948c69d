"""Content of files for other programs: lists for a spreadsheet, and a calendar as RFC 5545 describes it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from urllib.parse import urlsplit

from policies.selectors.feeds import DueDay

LONGEST_LINE = 75
"""Octets, as the standard counts; longer lines go on in the next, which begins with a space."""


def calendar_file(days: Iterable[DueDay], *, address: str, now: datetime) -> str:
    """All-day events, one for each day; `address` is where this site stands, for links and ids."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//PolicyHub//Due dates//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             "X-WR-CALNAME:PolicyHub", "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H"]  # fmt: skip
    for one in days:
        lines += _event(one, address, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(one: DueDay, address: str, now: datetime) -> list[str]:
    note = [f"DESCRIPTION:{_escaped(one.note)}"] if one.note else []
    return [
        "BEGIN:VEVENT",
        f"UID:{one.key}@{urlsplit(address).hostname}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(f'{one.what}: {one.title}')}",
        *note,
        f"URL:{address}{one.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    """Text in which nothing can be taken for a new line or a new property."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, written)
    return " ".join(text.split())


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, never cut inside a letter."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST_LINE:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With one of these in front, a spreadsheet would run a cell instead of showing it."""


def csv_file(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file that every spreadsheet opens as text, with the mark by which it knows UTF-8."""
    text = StringIO()
    lines = csv.writer(text)
    lines.writerows([_as_text(cell) for cell in row] for row in (heading, *rows))
    return text.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
