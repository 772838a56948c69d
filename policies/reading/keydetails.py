"""Key details out of "label: value" lines and table cells, wherever they are printed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from policies.reading.dates import find_date, find_span
from policies.reading.document import KeyDetails
from policies.reading.keylabels import PEOPLE, is_label, kind_of, named_body
from policies.reading.line import Line, one_line
from policies.reading.names import split_names

_PAIR = re.compile(r"([A-Z][^:\n|]{1,110}?)\s*:\s*")
_DASHED = re.compile(r"([A-Z][^:\n|]{1,110}?)\s+[-\u2013—]\s+(?=\S)")
_SECOND_LABEL = re.compile(
    r"\s+(?=(?:Date|Next review|Review|Last|Approved|Ratified|Deputy|Named|Version|Signed|Chair)\b[^:]{0,50}:)"
)
_BLANK = re.compile(
    r"^\W*(?:t\.?b\.?[ac]\.?|n/?a|none|xx+|date|name|dd/mm.*|\[.*\]|<.*>|_+|\.+)?\W*$", re.IGNORECASE
)


@dataclass
class Found:
    """What has been found so far; the first mention of a detail stands."""

    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    before: str = ""
    dates: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    setting: str = ""
    last: str = ""

    def details(self) -> KeyDetails:
        """The key details as a record."""
        return KeyDetails(**self.people, **self.dates, ratifying_body=self.body)  # type: ignore[arg-type]

    def missing(self) -> frozenset[str]:
        """Which of the people are still unknown."""
        return PEOPLE - set(self.people)


def pairs_in(line: Line) -> list[tuple[str, str]]:
    """The label-value pairs of a line or table row; [] when it is something else."""
    if line.cells:
        return [] if _is_table_head(line.cells) else _pairs_in_cells(line.cells)
    return [
        pair
        for part in line.text.split("\n")
        for piece in _SECOND_LABEL.split(part)
        if (pair := _pair(piece))
    ]


def _pair(text: str) -> tuple[str, str] | None:
    found = _PAIR.match(text)
    if not found:
        found = _DASHED.match(text)
        if not found or kind_of(found.group(1)) in ("", "other", "setting", "date"):
            return None
    return one_line(found.group(1)), text[found.end() :].strip()


def _is_table_head(cells: tuple[str, ...]) -> bool:
    """Three and more names side by side, such as Version, Date, Author: what stands below them is no detail of the policy."""
    return (
        len(cells) > 2
        and sum(len(cell.split()) <= 4 and not find_date(cell) for cell in cells) == len(cells)
        and is_label(cells[0])
        and is_label(cells[1])
        and not cells[0].rstrip().endswith(":")
    )


def _pairs_in_cells(cells: tuple[str, ...]) -> list[tuple[str, str]]:
    filled = [cell.strip() for cell in cells]
    pairs: list[tuple[str, str]] = []
    index = 0
    while index < len(filled):
        label = one_line(filled[index]).rstrip(":").strip()
        if is_label(label) and index + 1 < len(filled):
            pairs.append((label, filled[index + 1]))
            index += 2
            continue
        pairs.extend(pair for part in filled[index].split("\n") if (pair := _pair(part)))
        index += 1
    return pairs


def is_key_line(line: Line) -> bool:
    """Whether the line holds nothing but key details."""
    pairs = pairs_in(line)
    if len(line.cells) % 2 and len(line.cells) > 1:
        return False
    return bool(pairs) and all(kind_of(label) and len(value) <= 250 for label, value in pairs)


def take(lines: Iterable[Line], found: Found) -> None:
    """Note the details that the lines hold."""
    for line in lines:
        pairs = pairs_in(line)
        if len(line.cells) > 1 and len(line.cells) % 2:
            pairs = [pair for pair in pairs if kind_of(pair[0]) in PEOPLE]
        for label, value in pairs:
            _note(kind_of(label), label, value, found)
        found.before = kind_of(pairs[-1][0]) if pairs else ""


def _note(kind: str, label: str, value: str, found: Found) -> None:
    if kind == "date":
        kind = found.last if found.last in ("ratified", "next_review") else "written"
    found.last = kind
    if not kind or kind == "other" or _BLANK.match(value):
        return
    if kind == "setting":
        found.setting = found.setting or one_line(value)
    elif kind in PEOPLE:
        names = split_names(value)
        if names and kind == found.before:
            found.people[kind] = tuple(dict.fromkeys((*found.people.get(kind, ()), *names)))
        elif names:
            found.people.setdefault(kind, names)
    else:
        _note_date(kind, label, value, found)


def _note_date(kind: str, label: str, value: str, found: Found) -> None:
    date = find_date(value)
    if date:
        found.dates.setdefault(kind, date)
    if kind == "ratified" and found.body is None:
        found.body = _body(named_body(label)) or (
            _body(value) if "by" in label.lower().split() or not date else None
        )


def _body(text: str) -> str | None:
    """The ratifying body: what is left of the value beside the date."""
    span = find_span(text)
    if span:
        text = text[: span[1]] + text[span[2] :]
    text = re.sub(
        r"\b(?:on|date|dated|in|at|meeting)\b:?\s*$|^\s*(?:the|by)\b", "", one_line(text), flags=re.IGNORECASE
    )
    text = text.strip(" ,;:-\u2013()|.")
    return (
        text
        if text and not _BLANK.match(text) and len(text) <= 80 and re.search("[A-Za-z]{3}", text)
        else None
    )
