"""Printed pieces of a PDF to lines: running heads dropped, rows built, paragraphs joined, headings told by size."""

import re
from collections import Counter
from dataclasses import dataclass, field

from policies.reading import labels
from policies.reading.line import Line, clean, one_line
from policies.reading.pdfjoin import Joints, Words

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


@dataclass(frozen=True)
class Page:
    """One page, its pieces in the order of the file."""

    width: float
    height: float
    pieces: list[Piece]


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

    @property
    def text(self) -> str:
        return " ".join(cell.text.strip() for cell in self.cells)


def lines_of(pages: list[Page]) -> list[Line]:
    """The lines of the pages in reading order."""
    rows = _without_running([_rows(index, page) for index, page in enumerate(pages)], pages)
    flat = [row for page in rows for row in page]
    if not flat:
        return []
    sizes = _Sizes(flat)
    joints = Joints(flat, Words(" ".join(row.text for row in flat)))
    groups: list[list[Row]] = []
    for row in flat:
        if groups and joints.belongs(groups[-1], row, sizes.level(row) == sizes.level(groups[-1][-1])):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [line for group in groups if (line := _line(group, sizes, joints)).text]


def _line(group: list[Row], sizes: "_Sizes", joints: Joints) -> Line:
    first = group[0]
    cells: tuple[str, ...] = ()
    if len(first.cells) > 1:
        cells = tuple(clean(text) for text in joints.columns(group))
        text = " | ".join(one_line(cell) for cell in cells if cell)
    else:
        text = one_line(clean(joints.text(group)))
    bullet, text = (True, text) if first.bullet else labels.split_bullet(text)
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


def _rows(index: int, page: Page) -> list[Row]:
    """The pieces of a page by height, each height from left to right."""
    bands: list[list[Piece]] = []
    for piece in sorted(
        (piece for piece in page.pieces if piece.text.strip()), key=lambda item: -item.baseline
    ):
        if bands and _same_height(bands[-1], piece):
            bands[-1].append(piece)
        else:
            bands.append([piece])
    return [row for band in bands if (row := _row(index, sorted(band, key=lambda item: item.left)))]


def _same_height(band: list[Piece], piece: Piece) -> bool:
    return abs(band[0].baseline - piece.baseline) <= 0.35 * max(band[0].size, piece.size) * 0.75


def _row(index: int, band: list[Piece]) -> Row | None:
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


def _without_running(pages: list[list[Row]], sizes: list[Page]) -> list[list[Row]]:
    """Pages without the heads and feet that come back, and without page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for rows, page in zip(pages, sizes, strict=True):
        seen.update({key for row in rows if (key := _edge_key(row, page))})
    least = max(2, len(pages) * 0.3)

    def stays(row: Row, page: Page) -> bool:
        key = _edge_key(row, page)
        if not key:
            return True
        near = sum(seen[key[0], key[1] + step] for step in (-1, 0, 1))
        return near < least and not _PAGE_NUMBER.match(row.text)

    return [[row for row in rows if stays(row, page)] for rows, page in zip(pages, sizes, strict=True)]


def _edge_key(row: Row, page: Page) -> tuple[str, int] | None:
    """What a row at the edge of a page says and where, numbers left open."""
    edge = page.height * _ZONE
    if edge < row.baseline < page.height - edge:
        return None
    return _DIGITS.sub("#", row.text), round(row.baseline / 4)


class _Sizes:
    """Which sizes of type are headings, and of which level."""

    def __init__(self, rows: list[Row]) -> None:
        letters: Counter[float] = Counter()
        for row in rows:
            letters[round(row.size, 1)] += len(row.text)
        self.body = letters.most_common(1)[0][0]
        self.bigger = sorted((size for size in letters if size > self.body * _BIGGER), reverse=True)
        tops = [row for row in rows if round(row.size, 1) == self.bigger[0]] if self.bigger else []
        self.title_size = self.bigger[0] if tops and all(row.page == tops[0].page for row in tops) else 0.0
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
