"""The contents page: found, taken out of the text, and kept for what it says of sections no longer there."""

import re
from dataclasses import dataclass

from policies.reading import labels
from policies.reading.line import Line, one_line
from policies.reading.status import split_status

_TITLE = re.compile(r"^(?:table of )?contents(?: page)?:?$|^index$", re.IGNORECASE)
_PAGE = re.compile(r"(?:[\s.·…_-]{2,}|\s|\t)(\d{1,3})$")
_COLUMN_HEAD = re.compile(
    r"^(?:(?:section|heading|title|content)s?\s*\|?\s*)?page(?: no\.?| number)?s?$", re.IGNORECASE
)
_MIN_ENTRIES = 2


@dataclass(frozen=True)
class Entry:
    """One line of a contents page."""

    label: str
    heading: str
    status: str


def take_out(lines: list[Line]) -> tuple[list[Line], list[Entry]]:
    """The lines without contents pages, and the entries these had."""
    kept: list[Line] = []
    entries: list[Entry] = []
    later = _Later(lines)
    index = 0
    while index < len(lines):
        if lines[index].contents:
            entries.extend(_entries([lines[index]]))
            index += 1
        elif (
            _TITLE.match(_text(lines[index]))
            and (end := _end(lines, index + 1, later)) - index > _MIN_ENTRIES
        ):
            entries.extend(_entries(lines[index + 1 : end]))
            index = end
        else:
            kept.append(lines[index])
            index += 1
    return [line for line in kept if not (_TITLE.match(_text(line)) and entries)], entries


class _Later:
    """How often a text is still to come, for contents pages that print no page numbers."""

    def __init__(self, lines: list[Line]) -> None:
        self.last: dict[str, int] = {}
        for index, line in enumerate(lines):
            self.last[_key(line)] = index

    def comes_after(self, index: int, line: Line) -> bool:
        return self.last[_key(line)] > index


def _end(lines: list[Line], start: int, later: _Later) -> int:
    """The first line after the contents page; one line may be the first half of a broken entry."""
    index = start
    while index < len(lines):
        if _is_entry(lines[index]) or later.comes_after(index, lines[index]):
            index += 1
        elif _is_half(lines, index):
            index += 2
        else:
            break
    return index


def _is_entry(line: Line) -> bool:
    text = _text(line)
    return (
        line.contents
        or bool(_COLUMN_HEAD.match(text))
        or (len(text) <= 160 and bool(_PAGE.search(text)) and not line.bullet)
    )


def _is_half(lines: list[Line], index: int) -> bool:
    """A long entry whose page number stands at the end of the next line."""
    if index + 1 >= len(lines) or len(lines[index].text) > 120 or lines[index].heading:
        return False
    return _is_entry(lines[index + 1]) and not labels.split_label(lines[index + 1].text)[0]


def _entries(lines: list[Line]) -> list[Entry]:
    entries = []
    for line in lines:
        text = _PAGE.sub("", _text(line).replace("\t", " ")).strip(" .·…_|")
        label, heading = labels.split_label(text)
        if not label:
            label, heading = labels.split_bare_number(text)
        heading, status = split_status(heading)
        if heading and not _COLUMN_HEAD.match(heading):
            entries.append(Entry(line.label or label, heading, status))
    return entries


def _text(line: Line) -> str:
    return one_line(" ".join(filter(None, line.cells)) if line.cells else line.text)


def _key(line: Line) -> str:
    _, heading = labels.split_label(_text(line))
    return re.sub(r"\W+", "", split_status(heading)[0].casefold())
