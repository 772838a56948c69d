"""Pages set in two columns: where the gap runs, and what is read before what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policies.reading.pdfpieces import Piece

_LEAST_LINES = 5
_LEAST_LETTERS = 18
_CENTRE = 0.15
_NEAR, _FEW = 6.0, 0.3


@dataclass
class Region:
    """Bands that are read one after the other, and the right margin of a column, 0 where the page gives it."""

    bands: list[list[Piece]]
    margin: float = 0.0


def gaps(pages: list[list[list[Piece]]]) -> list[float | None]:
    """The gap of each page; a page with little in its columns has that of the pages with more."""
    found = [_gap(bands) for bands in pages]
    usual = next(filter(None, found), None)
    if usual is None:
        return found
    return [
        gap or (usual if _keeps_clear(bands, usual) else None)
        for gap, bands in zip(found, pages, strict=True)
    ]


def _keeps_clear(bands: list[list[Piece]], gap: float) -> bool:
    """Whether the lines of a page leave the gap open, and both sides hold some."""
    pieces = [piece for band in bands for piece in band if not piece.cell]
    crossing = [piece for piece in pieces if piece.left < gap < piece.right]
    right = [piece for piece in pieces if gap <= piece.left < gap + _NEAR]
    return bool(right) and len(crossing) <= 0.3 * len(pieces)


def regions(bands: list[list[Piece]], gap: float | None) -> list[Region]:
    """The bands of a page in reading order; the right column is moved over the left one."""
    if gap is None:
        return [Region(bands)]
    found: list[Region] = []
    for crosses, run in groupby(bands, lambda band: _crosses(band, gap)):
        part = list(run)
        found += [Region(part)] if crosses else _split(part, gap)
    return found


def _crosses(band: list[Piece], gap: float) -> bool:
    """Whether a line, or a row of a table, stands over both columns."""
    if band[0].cell:
        return min(piece.left for piece in band) < gap < max(piece.right for piece in band)
    return any(piece.left < gap < piece.right for piece in band)


def _gap(bands: list[list[Piece]]) -> float | None:
    """The middle of the gap between two columns of running text; None where there is none."""
    text = [kept for band in bands if (kept := [piece for piece in band if not piece.cell])]
    pieces = [piece for band in text for piece in band]
    if not pieces:
        return None
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    middle = (left + right) / 2
    reach = (right - left) * _CENTRE
    starts = sorted({round(piece.left) for piece in pieces if abs(piece.left - middle) < reach})
    return next((start - 2.0 for start in starts if _is_gap(text, start - 2.0)), None)


def _is_gap(bands: list[list[Piece]], gap: float) -> bool:
    """Whether two columns of text stand on either side, from the first line of the right one down."""
    begins = next((place for place, band in enumerate(bands) if _is_long(_beyond(band, gap))), len(bands))
    beside = bands[begins:]
    ours = [kept for band in beside if (kept := [piece for piece in band if piece.right <= gap])]
    theirs = [kept for band in beside if (kept := _beyond(band, gap))]
    crossing = sum(any(piece.left < gap < piece.right for piece in band) for band in beside)
    if not _apart(ours, gap) or crossing > _FEW * len(beside):
        return False
    return all(map(_runs, (ours, theirs))) or (crossing == 0 and _runs(theirs) and any(map(_is_long, ours)))


def _beyond(band: list[Piece], gap: float) -> list[Piece]:
    return [piece for piece in band if piece.left >= gap]


def _letters(line: list[Piece]) -> int:
    return sum(character.isalpha() for piece in line for character in piece.text)


def _is_long(line: list[Piece]) -> bool:
    return _letters(line) >= _LEAST_LETTERS


def _runs(lines: list[list[Piece]]) -> bool:
    """Lines of text, not the short words of a table without lines."""
    worded = [line for line in lines if _letters(line)]
    long = sum(map(_is_long, worded))
    return long >= _LEAST_LINES and long >= 0.4 * len(worded)


def _apart(lines: list[list[Piece]], gap: float) -> bool:
    """The lines of the left column end near the gap, as words fill a column."""
    if not lines:
        return False
    width = gap - min(line[0].left for line in lines)
    full = [line for line in lines if gap - line[-1].right < 0.3 * width]
    return len(full) >= 0.3 * len(lines)


def _split(bands: list[list[Piece]], gap: float) -> list[Region]:
    left = [kept for band in bands if (kept := [piece for piece in band if piece.right <= gap])]
    right = [kept for band in bands if (kept := [piece for piece in band if piece.right > gap])]
    if not left or not right:
        return [Region(left or right)]
    edge = min(piece.left for band in left for piece in band)
    shift = min(piece.left for band in right for piece in band) - edge
    moved = [
        [replace(piece, left=piece.left - shift, right=piece.right - shift) for piece in band]
        for band in right
    ]
    beside = [band for band in left if band[0].baseline <= moved[0][0].baseline + 1]
    margin = max(piece.right for band in [*beside, *moved] for piece in band)
    return [Region(left, margin), Region(moved, margin)]
