"""Sections and clauses as plain lines that a person can correct, and back.

    # 2. | Bringing a phone             a heading; ## one step below it; [not used] or [removed] at its end
    2.1 | Phones are handed in.         a clause with its label
    > a) | by the parents               one step further in for each >
    | A paragraph without a label.
    | |= Item |= Place |              a row that names the columns of a table
    | | Phone | Office |              a row of a table

A line without a bar is a clause without a label. What one function writes the other reads back without loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policies.reading.document import IN_USE, NOT_USED, REMOVED
from policies.reading.line import one_line
from policies.reading.rows import plain, row_of, row_text

LONGEST_LABEL, LONGEST_HEADING, DEEPEST, DEEPEST_HEADING = 60, 500, 12, 9
_HEADING = re.compile(r"^(#+)\s*(?:([^|]*)\|)?(.*)$")
_CLAUSE = re.compile(r"^((?:>\s*)*)(?:([^|]*)\|)?(.*)$")
_STATUS = re.compile(rf"\s*\[({NOT_USED}|{REMOVED})\]$")


class NotationError(ValueError):
    """A line cannot be read; the sentence says which, and why."""


def to_lines(sections: Iterable[Mapping[str, Any]]) -> str:
    """The sections of a document in its JSON shape as lines."""
    return "\n".join(line for place, section in enumerate(sections) for line in _lines(section, place))


def _lines(section: Mapping[str, Any], place: int) -> Iterator[str]:
    if place or section["label"] or section["heading"]:
        status = "" if section["status"] == IN_USE else f" [{section['status']}]"
        yield f"{'#' * max(1, section.get('level', 1))} {_label(section)}| {one_line(section['heading'])}{status}"
    for clause in section["clauses"]:
        cells = clause.get("cells")
        text = row_text(cells, head=clause.get("head", False)) if cells else one_line(clause["text"])
        yield f"{'> ' * clause['depth']}{_label(clause)}| {text}"
    yield ""


def _label(row: Mapping[str, Any]) -> str:
    """The label and a blank, or nothing; a bar in it would end it."""
    label = one_line(row["label"].replace("|", "/"))
    return f"{label} " if label else ""


def from_lines(text: str) -> list[dict[str, Any]]:
    """Lines as sections in their JSON shape. Raises NotationError."""
    sections: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if said.startswith("#"):
            sections.append(_section(said, number))
        elif said:
            if not sections:
                sections.append({"label": "", "heading": "", "status": IN_USE, "clauses": [], "level": 1})
            sections[-1]["clauses"].append(_clause(said, number))
    return sections


def _section(line: str, number: int) -> dict[str, Any]:
    found = _HEADING.match(line)
    assert found  # noqa: S101 - it begins with #
    if len(found[1]) > DEEPEST_HEADING:
        raise NotationError(f"Line {number}: a heading is at most nine steps deep.")
    words = one_line(found[3])  # before the search, which would try each of a million blanks anew
    status = _STATUS.search(words)
    heading, label = _STATUS.sub("", words), one_line(found[2] or "")
    _check(label, number)
    if len(heading) > LONGEST_HEADING:
        raise NotationError(
            f"Line {number}: the heading is longer than {LONGEST_HEADING} letters. Is it a clause?"
        )
    said = status[1] if status else IN_USE
    return {"label": label, "heading": heading, "status": said, "clauses": [], "level": len(found[1])}


def _clause(line: str, number: int) -> dict[str, Any]:
    found = _CLAUSE.match(line)
    assert found  # noqa: S101 - every part of the pattern may be empty
    depth, label, text = found[1].count(">"), one_line(found[2] or ""), one_line(found[3])
    _check(label, number)
    if depth > DEEPEST:
        raise NotationError(f"Line {number}: a clause stands at most {DEEPEST} steps in.")
    row = row_of(text)
    if not row:
        return {"label": label, "text": text, "depth": depth}
    cells = {"cells": list(row[0]), **({"head": True} if row[1] else {})}
    return {"label": label, "text": plain(row[0]), "depth": depth, **cells}


def _check(label: str, number: int) -> None:
    if len(label) > LONGEST_LABEL:
        raise NotationError(
            f"Line {number}: what stands before the first bar is the label, at most {LONGEST_LABEL} letters. "
            "Begin the line with a bar where there is none."
        )
