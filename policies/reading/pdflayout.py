"""Printed pieces of a PDF to lines: running heads dropped, rows built, paragraphs joined, headings told by size."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from policies.reading import labels
from policies.reading.header import TITLE_WORD
from policies.reading.line import Line, clean, one_line
from policies.reading.pdfcolumns import Region, gaps, regions
from policies.reading.pdfedges import heads_of, without_running
from policies.reading.pdfjoin import Joints, Words
from policies.reading.pdfpieces import Band, Page, Piece, cells_of, joined
from policies.reading.pdftables import find_tables

_BIGGER = 1.08


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
    every = [_bands(page.pieces) for page in pages]
    text = without_running(every, pages)
    flat = [row for place, part in enumerate(_parts(text, pages)) for row in _rows(place, part)]
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
    lines = [line for group in groups if (line := _line(group, sizes, joints)).text]
    return [*heads_of(every, text), *lines]


def _parts(every: list[list[Band]], pages: list[Page]) -> Iterator[Region]:
    """The bands of the pages, tables as rows; each column of a page is a part of its own."""
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
        merged[-1] = joined(merged[-1], piece)
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
    merged = cells_of(cells)
    widest = max(merged, key=lambda item: item.right - item.left)
    left, right = merged[0].left, max(piece.right for piece in merged)
    return Row(index, widest.baseline, widest.size, widest.bold, left, right, bullet, mark_left, merged)


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
