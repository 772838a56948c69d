"""The clauses of a section as a page shows them: one by one, and rows that follow each other as one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from django import template

from policies.fields import Piece
from policies.reading.rows import BAR, row_of

register = template.Library()


@dataclass(frozen=True)
class Row:
    """A row of a table: its clause, whether it names the columns, and the pieces of each cell."""

    clause: Any
    head: bool
    cells: list[list[Piece]]


@dataclass(frozen=True)
class Block:
    """One clause, or the rows of a table."""

    clause: Any = None
    rows: list[Row] = field(default_factory=list)


@register.filter
def blocks(clauses: Iterable[Any]) -> list[Block]:
    """Clauses and tables in their order."""
    found: list[Block] = []
    for is_row, run in groupby(clauses, lambda clause: row_of(clause.text) is not None):
        held = list(run)
        found += (
            [Block(rows=[shown for one in held if (shown := row(one))])]
            if is_row
            else [Block(one) for one in held]
        )
    return found


@register.filter
def row(clause: Any) -> Row | None:
    """A clause as a row of a table; None where it is none. Fields stand filled in in its cells."""
    found = row_of(clause.text)
    if found is None:
        return None
    pieces = getattr(clause, "pieces", None) or [Piece(clause.text)]
    return Row(clause, found[1], _cells(pieces, head=found[1]))


def _cells(pieces: Iterable[Piece], *, head: bool) -> list[list[Piece]]:
    """The pieces cut at the bars; what a field says is never cut."""
    cells: list[list[Piece]] = [[]]
    for piece in pieces:
        for place, words in enumerate([piece.words] if piece.key else piece.words.split(BAR)):
            if place:
                cells.append([])
            said = words.removeprefix("=") if head and not piece.key else words
            cells[-1].append(Piece(said, piece.key, piece.source, piece.gap))
    return [_trimmed(cell) for cell in cells[1:-1]]


def _trimmed(cell: list[Piece]) -> list[Piece]:
    """A cell without the blanks that stand beside its bars."""
    if cell:
        cell[0] = replace(cell[0], words=cell[0].words.lstrip())
        cell[-1] = replace(cell[-1], words=cell[-1].words.rstrip())
    return cell
