"""Printed pieces of a PDF to lines: running heads dropped, rows built, paragraphs joined, headings told by size."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from policies.reading import labels
from policies.reading.header import TITLE_WORD
from policies.reading.line import Line, clean, one_line
from policies.reading.pdfcolumns import Region, gaps, regions
from policies.reading.pdfjoin import Joints, Words
from policies.reading.pdftables import Rule, find_tables

_PAGE_NUMBER = re.compile(
    r"^(?:page\s*)?[-\u2013]?\s*(?:\d{1,3}|[ivx]{1,5})\s*[-\u2013]?(?:\s*(?:of|/)\s*\d{1,3})?$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_ZONE = 0.12
_BIGGER = 1.08


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


@dataclass
class Row:
    """What stands at one height: perhaps a list mark, then one or more cells."""

    page: int
    baseline: float
    size: float
    bold: bool
    left: float
    right: float
    bullet: bool = False
    mark_left: float = 0.0
    cells: list[Piece] = field(default_factory=list)
    ruled: bool = False
    margin: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(cell.text.strip() for cell in self.cells)


def lines_of(pages: list[Page]) -> list[Line]:
    """The lines of the pages in reading order."""
    flat = [row for place, part in enumerate(_parts(pages)) for row in _rows(place, part)]
    if not flat:
        return []
    sizes = _Sizes(flat)
    words = Words(" ".join(row.text for row in flat))
    joints = Joints(flat, words)
    groups: list[list[Row]] = []
    for row in flat:
        if groups and joints.belongs(groups[-1], row, sizes.level(row) == sizes.level(groups[-1][-1])):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [line for group in groups if (line := _line(group, sizes, joints)).text]


def _parts(pages: list[Page]) -> Iterator[Region]:
    """The bands of the pages without what runs along their edges; each column of a page is a part of its own."""
    every = _without_running([_bands(page.pieces) for page in pages], pages)
    whole = [_with_tables(bands, page) for bands, page in zip(every, pages, strict=True)]
    for bands, gap in zip(whole, gaps(whole), strict=True):
        yield from regions(bands, gap)


def _with_tables(bands: list[Band], page: Page) -> list[Band]:
    """The bands of a page from the top down, what stands in ruled cells as one band for each row."""
    tables, words = find_tables(page.rules), Words("")
    left = [[piece for piece in band if not any(table.take(piece) for table in tables)] for band in bands]
    drawn = [_drawn(top, cells, words) for table in tables for top, cells in table.lines()]
    return sorted([*filter(None, left), *drawn], key=lambda band: -band[0].baseline)


def _drawn(top: float, cells: list[list[Piece]], words: Words) -> Band:
    """The row of a table as one band: a piece for each cell, empty ones too, so that columns keep their place."""
    first = next(cell[0] for cell in cells if cell)
    band = []
    for cell in cells:
        text = ""
        for line in _bands(cell):
            said = _said(line)
            text = words.meet(text, said) if text else said
        sample = cell[0] if cell else first
        band.append(
            replace(sample, text=text, baseline=top, bold=all(piece.bold for piece in cell), cell=True)
        )
    return band


def _said(band: Band) -> str:
    merged = [band[0]]
    for piece in band[1:]:
        merged[-1] = _merged(merged[-1], piece)
    return merged[0].text.strip()


def _line(group: list[Row], sizes: "_Sizes", joints: Joints) -> Line:
    first = group[0]
    cells: tuple[str, ...] = ()
    if first.ruled:
        cells = tuple(clean(cell.text) for cell in first.cells)
        text = " | ".join(one_line(cell) for cell in cells if cell)
    elif len(first.cells) > 1:
        cells = tuple(clean(text) for text in joints.columns(group))
        text = " | ".join(one_line(cell) for cell in cells if cell)
    else:
        text = one_line(clean(joints.text(group)))
    bullet, text = (first.bullet, text) if first.bullet or cells else labels.split_bullet(text)
    heading = 0 if bullet or cells else sizes.level(first)
    return Line(
        text=text,
        heading=heading if heading <= len(sizes.bigger) else 0,
        title=sizes.is_title(first),
        bullet=bullet,
        indent=first.mark_left if first.bullet else first.left,
        cells=cells,
        bold=all(row.bold for row in group),
    )


def _bands(pieces: list[Piece]) -> list[Band]:
    """The pieces by height, each height from left to right."""
    bands: list[Band] = []
    for piece in sorted((piece for piece in pieces if piece.text.strip()), key=lambda item: -item.baseline):
        if bands and _same_height(bands[-1], piece):
            bands[-1].append(piece)
        else:
            bands.append([piece])
    return [sorted(band, key=lambda item: item.left) for band in bands]


def _rows(place: int, part: Region) -> list[Row]:
    return [replace(_row(place, band), margin=part.margin) for band in part.bands]


def _same_height(band: list[Piece], piece: Piece) -> bool:
    return abs(band[0].baseline - piece.baseline) <= 0.35 * max(band[0].size, piece.size) * 0.75


def _row(index: int, band: Band) -> Row:
    if band[0].cell:
        first = next(piece for piece in band if piece.text)
        right = max(piece.right for piece in band)
        return Row(index, first.baseline, first.size, False, first.left, right, cells=band, ruled=True)
    bullet = labels.is_lone_bullet(band[0].text.strip()) and len(band) > 1
    mark_left = band[0].left
    cells = band[1:] if bullet else band
    merged: list[Piece] = []
    for piece in cells:
        if merged and _one_cell(merged[-1], piece):
            merged[-1] = _merged(merged[-1], piece)
        else:
            merged.append(piece)
    widest = max(merged, key=lambda item: item.right - item.left)
    left, right = merged[0].left, max(piece.right for piece in merged)
    return Row(index, widest.baseline, widest.size, widest.bold, left, right, bullet, mark_left, merged)


def _one_cell(before: Piece, piece: Piece) -> bool:
    """A label and its text, or two runs with no more than a word's space between."""
    gap = piece.left - before.right
    is_label = len(before.text.strip()) <= 8 and bool(labels.split_label(f"{before.text.strip()} Text")[0])
    return gap < max(before.size, piece.size) * 0.9 or (is_label and gap < 6 * piece.size)


def _merged(before: Piece, piece: Piece) -> Piece:
    space = "" if piece.left - before.right < 0.12 * piece.size and not before.text.endswith(" ") else " "
    text = before.text.rstrip() + space + piece.text if space else before.text + piece.text
    return Piece(
        text, before.left, piece.right, min(before.bottom, piece.bottom), max(before.top, piece.top),
        before.baseline, max(before.size, piece.size), before.bold and piece.bold,
    )  # fmt: skip


def _without_running(pages: list[list[Band]], sizes: list[Page]) -> list[list[Band]]:
    """Pages without the heads and feet that come back, and without page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for bands, page in zip(pages, sizes, strict=True):
        seen.update({key for band in bands if (key := _edge_key(band, page))})
    least = max(2, len(pages) * 0.3)

    def stays(band: Band, page: Page) -> bool:
        key = _edge_key(band, page)
        if not key:
            return True
        near = sum(seen[key[0], key[1] + step] for step in (-1, 0, 1))
        return near < least and not _PAGE_NUMBER.match(_words(band))

    return [[band for band in bands if stays(band, page)] for bands, page in zip(pages, sizes, strict=True)]


def _edge_key(band: Band, page: Page) -> tuple[str, int] | None:
    """What stands at the edge of a page and where, numbers left open."""
    edge = page.height * _ZONE
    if edge < band[0].baseline < page.height - edge:
        return None
    return _DIGITS.sub("#", _words(band)), round(band[0].baseline / 4)


def _words(band: Band) -> str:
    return " ".join(piece.text.strip() for piece in band)


class _Sizes:
    """Which sizes of type are headings, and of which level."""

    def __init__(self, rows: list[Row]) -> None:
        letters: Counter[float] = Counter()
        for row in rows:
            letters[round(row.size, 1)] += len(row.text)
        self.body = letters.most_common(1)[0][0]
        self.bigger = sorted((size for size in letters if size > self.body * _BIGGER), reverse=True)
        tops = [row for row in rows if round(row.size, 1) == self.bigger[0]] if self.bigger else []
        alone = all(row.page == tops[0].page or TITLE_WORD.search(row.text) for row in tops)
        self.title_size = self.bigger[0] if tops and alone else 0.0
        bold = sum(len(row.text) for row in rows if row.bold and round(row.size, 1) == self.body)
        self.bold_counts = bold < 0.4 * letters[self.body]

    def level(self, row: Row) -> int:
        """The rank of the face: bigger sizes first, then bold, 0 for body text."""
        size = round(row.size, 1)
        if size in self.bigger:
            return self.bigger.index(size) + 1
        if row.bold and self.bold_counts and size >= self.body * 0.95 and len(row.cells) == 1:
            return len(self.bigger) + 1
        return 0

    def is_title(self, row: Row) -> bool:
        return round(row.size, 1) == self.title_size
