"""The printed pieces of a PDF page, and which of them belong to one cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise

from policies.reading import labels
from policies.reading.pdftables import Rule

_EVEN, _WIDE = 0.2, 6.0


@dataclass(frozen=True)
class Piece:
    """A run of characters on one line."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    baseline: float
    size: float
    bold: bool
    cell: bool = False


Band = list[Piece]
"""The pieces of one height, from left to right."""


@dataclass(frozen=True)
class Page:
    """One page, its pieces in the order of the file."""

    width: float
    height: float
    pieces: list[Piece]
    rules: list[Rule] = field(default_factory=list)


def cells_of(band: Band) -> Band:
    """The pieces of one height as cells: those with no more than a word's space between are one."""
    cells: list[Piece] = []
    for piece in band:
        if cells and _one_cell(cells[-1], piece):
            cells[-1] = joined(cells[-1], piece)
        else:
            cells.append(piece)
    return _unspaced(cells)


def _unspaced(cells: list[Piece]) -> list[Piece]:
    """The words of a justified line, set apart by equal gaps, as one piece."""
    spaces = [after.left - before.right for before, after in pairwise(cells)]
    even = len(spaces) > 1 and max(spaces) - min(spaces) < _EVEN * cells[0].size
    if not even or max(spaces) > _WIDE * cells[0].size or any(" " in cell.text.strip() for cell in cells):
        return cells
    return [reduce(joined, cells)]


def _one_cell(before: Piece, piece: Piece) -> bool:
    """A label and its text, or two runs with no more than a word's space between."""
    gap = piece.left - before.right
    is_label = len(before.text.strip()) <= 8 and bool(labels.split_label(f"{before.text.strip()} Text")[0])
    return gap < max(before.size, piece.size) * 0.9 or (is_label and gap < 6 * piece.size)


def joined(before: Piece, piece: Piece) -> Piece:
    """Two pieces as one, with the space that stands between them."""
    space = "" if piece.left - before.right < 0.12 * piece.size and not before.text.endswith(" ") else " "
    text = before.text.rstrip() + space + piece.text if space else before.text + piece.text
    return Piece(
        text, before.left, piece.right, min(before.bottom, piece.bottom), max(before.top, piece.top),
        before.baseline, max(before.size, piece.size), before.bold and piece.bold,
    )  # fmt: skip
