"""Lines with their typed labels split off: what headings, sections and depths are concluded from."""

import re
from dataclasses import dataclass, replace

from policies.reading import labels
from policies.reading.keydetails import is_key_line
from policies.reading.line import Line, one_line

_NAMES_SCHOOL = re.compile(
    r"^(?:[^.:;]|(?<=\b[A-Z])\.|(?<=\bSt)\.){3,80}\b(?:school|academy|college|nursery|trust|federation|pre-?school|playgroup|limited|ltd)$",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"^([A-Z])(\d{1,2})[.:)]?\s+(?=[A-Z\u2018\u201c'\"(])")
_MAX_BARE_WORDS = 12
_MIN_RUN, _MAX_SKIP = 3, 3


@dataclass(frozen=True)
class Item:
    """A line, its label and its text apart."""

    label: str
    text: str
    line: Line

    @property
    def plain(self) -> bool:
        """Neither labelled, nor a list item, nor a table row."""
        return not (self.label or self.line.bullet or self.line.cells)


def items_of(lines: list[Line]) -> list[Item]:
    """The lines as items; a broken line of key details becomes one item for each."""
    items = [_item(part) for place, line in enumerate(lines) for part in _parts(line, place)]
    return _with_lettered_numbers(_with_bare_numbers(_with_lone_labels(items)))


def _with_lone_labels(items: list[Item]) -> list[Item]:
    """ "Appendix A" on a line of its own is the label of the short line below it."""
    joined: list[Item] = []
    for item in items:
        above = joined[-1] if joined else None
        if above and above.label and not above.text and item.plain and _could_head(item.text):
            joined[-1] = replace(item, label=above.label)
        else:
            joined.append(item)
    return joined


def _parts(line: Line, place: int) -> list[Line]:
    if place < _MIN_RUN and not is_key_line(line) and any(_NAMES_SCHOOL.search(cell) for cell in line.cells):
        return [replace(line, text=cell, cells=()) for cell in line.cells if cell]
    if "\n" not in line.text or line.cells:
        return [line]
    pieces = [replace(line, text=piece) for piece in line.text.split("\n") if piece.strip()]
    if line.title and any(_NAMES_SCHOOL.search(piece.text) for piece in pieces):
        return pieces
    if not line.title and any(is_key_line(piece) for piece in pieces):
        return [piece if index == 0 else replace(piece, label="") for index, piece in enumerate(pieces)]
    return [line]


def _item(line: Line) -> Item:
    text = one_line(line.text)
    if line.label or line.cells:
        return Item(line.label, text, line)
    label, rest = labels.split_label(text)
    return Item(label, rest, line)


def _with_bare_numbers(items: list[Item]) -> list[Item]:
    """Numbers without a stop count as labels where they run 1, 2, 3 over headings of the file; some may be missing."""
    runs: list[list[tuple[int, str, str]]] = [[]]
    for index, item in enumerate(items):
        label, rest = _bare_number(item)
        if not label or not _could_head(rest):
            continue
        if int(label) == 1 and runs[-1]:
            runs.append([])
        last = int(runs[-1][-1][1]) if runs[-1] else 0
        if last < int(label) <= last + _MAX_SKIP:
            runs[-1].append((index, label, rest))
    for run in runs:
        if len(run) >= _MIN_RUN:
            for index, label, rest in run:
                items[index] = replace(items[index], label=label, text=rest)
    return items


def _bare_number(item: Item) -> tuple[str, str]:
    """The number without a stop and the text, also where Word printed it before a heading."""
    if item.line.heading and item.line.label.isdigit():
        return item.line.label, item.text
    return labels.split_bare_number(item.text) if item.plain else ("", "")


def _with_lettered_numbers(items: list[Item]) -> list[Item]:
    """ "A1", "A2", "B1" before the text count as labels where they run on; "A4 paper" alone does not."""
    runs: list[tuple[int, str, int, str]] = []
    for index, item in enumerate(items):
        found = _LETTERED.match(item.text) if not item.label and not item.line.cells else None
        if found:
            runs.append((index, found[1], int(found[2]), item.text[found.end() :]))
    before = [("", 0), *((letter, number) for _, letter, number, _ in runs)]
    for (index, letter, number, rest), last in zip(runs, before, strict=False):
        if len(runs) >= _MIN_RUN and (
            number == 1 or (last[0] == letter and last[1] < number <= last[1] + _MAX_SKIP)
        ):
            items[index] = replace(items[index], label=f"{letter}{number}", text=rest)
    return items


def _could_head(text: str) -> bool:
    return len(text.split()) <= _MAX_BARE_WORDS and not re.search(r"[.;:,]$", text)
