"""Tables of a PDF by their ruled lines: which pieces stand in which cell, however the words wrap there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policies.reading.pdfpieces import Piece

Rule = tuple[float, float, float, float]
"""Left, bottom, right, top of a printed line or box."""
_THIN = 3.0
_SHORT = 6.0
_TOUCH = 3.0
_MAX_RULES = 1_500


@dataclass
class Table:
    """The edges of columns from left to right and of rows from the top down."""

    columns: list[float]
    rows: list[float]
    cells: dict[tuple[int, int], list[Piece]] = field(default_factory=dict)

    def take(self, piece: Piece) -> bool:
        """Put the piece into its cell; False when it stands outside."""
        row = _between(self.rows, -(piece.baseline + piece.size * 0.3), falling=True)
        column = _between(self.columns, piece.left + min(4.0, (piece.right - piece.left) / 2))
        if row is None or column is None:
            return False
        self.cells.setdefault((row, column), []).append(piece)
        return True

    def lines(self) -> Iterable[tuple[float, list[list[Piece]]]]:
        """The height of each row and the pieces of each of its cells."""
        for row in range(len(self.rows) - 1):
            cells = [self.cells.get((row, column), []) for column in range(len(self.columns) - 1)]
            if any(cells):
                yield self.rows[row], cells


def _between(edges: list[float], place: float, *, falling: bool = False) -> int | None:
    ordered = [-edge for edge in edges] if falling else edges
    return next(
        (index for index in range(len(ordered) - 1) if ordered[index] <= place < ordered[index + 1]), None
    )


def find_tables(rules: list[Rule]) -> list[Table]:
    """The grids that the lines of a page draw: at least two columns, with a line on top and below."""
    if len(rules) > _MAX_RULES:
        return []
    across, down = _edges(rules)
    tables = []
    for lines in _touching(across, down):
        columns = _distinct(line[0] for line in lines if line in down)
        rows = _distinct(line[1] for line in lines if line in across)[::-1]
        if len(columns) > 2 and len(rows) > 1:
            tables.append(Table(columns, rows))
    return tables


def _edges(rules: list[Rule]) -> tuple[set[Rule], set[Rule]]:
    """Lines across and down; a box gives its four sides."""
    across: set[Rule] = set()
    down: set[Rule] = set()
    for left, bottom, right, top in rules:
        middle, height = (left + right) / 2, (bottom + top) / 2
        if right - left > _SHORT and top - bottom <= _THIN:
            across.add((left, height, right, height))
        elif top - bottom > _SHORT and right - left <= _THIN:
            down.add((middle, bottom, middle, top))
        elif right - left > _SHORT and top - bottom > _SHORT:
            across |= {(left, bottom, right, bottom), (left, top, right, top)}
            down |= {(left, bottom, left, top), (right, bottom, right, top)}
    return across, down


def _touching(across: set[Rule], down: set[Rule]) -> list[list[Rule]]:
    """The lines in groups that touch, from the top of the page."""
    closed: list[list[Rule]] = []
    groups: list[tuple[list[float], list[Rule]]] = []
    for line in sorted(across | down, key=lambda one: -one[3]):
        closed += [lines for box, lines in groups if box[1] > line[3] + _TOUCH]
        groups = [group for group in groups if group[0][1] <= line[3] + _TOUCH]
        joined = [group for group in groups if _meets(group[0], line)]
        box, lines = list(line), [line]
        for other, held in joined:
            box = [min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])]
            lines = held + lines
        groups = [group for group in groups if group not in joined]
        groups.append((box, lines))
    return closed + [lines for _, lines in groups]


def _meets(box: list[float], line: Rule) -> bool:
    return (
        line[0] <= box[2] + _TOUCH
        and line[2] >= box[0] - _TOUCH
        and line[1] <= box[3] + _TOUCH
        and line[3] >= box[1] - _TOUCH
    )


def _distinct(places: Iterable[float]) -> list[float]:
    """The places in order, those of one line once."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _SHORT:
            found.append(place)
    return found
