"""What runs along the edges of the pages of a PDF: heads, feet and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from policies.reading.line import Line, clean
from policies.reading.pdfpieces import Band, Page, Piece, cells_of

_PAGE_NUMBER = re.compile(
    r"^(?:page\s*)?[-\u2013]?\s*(?:\d{1,3}|[ivx]{1,5})\s*[-\u2013]?(?:\s*(?:of|/)\s*\d{1,3})?$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_ZONE = 0.12
_LEADING = 1.6


def without_running(pages: list[list[Band]], sizes: list[Page]) -> list[list[Band]]:
    """Pages without the heads and feet that come back, and without page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for bands, page in zip(pages, sizes, strict=True):
        seen.update({key for band in bands if (key := _edge_key(band, page))})
    least = max(2, len(pages) * 0.3)

    def stays(number: int, band: Band, page: Page) -> bool:
        key = _edge_key(band, page)
        if not key:
            return True
        if len(band) > 1 and any(cell.text.strip() == str(number) for cell in cells_of(band)):
            return False
        near = sum(seen[key[0], key[1] + step] for step in (-1, 0, 1))
        return near < least and not _PAGE_NUMBER.match(_words(band))

    return [
        [band for band in bands if stays(number, band, page)]
        for number, (bands, page) in enumerate(zip(pages, sizes, strict=True), 1)
    ]


def heads_of(every: list[list[Band]], text: list[list[Band]]) -> list[Line]:
    """What runs along the edges of the pages, each once: `every` band of each page, without those of its `text`."""
    said = []
    for before, after in zip(every, text, strict=True):
        kept = {id(band) for band in after}
        blocks: list[Piece] = []
        for band in before:
            if id(band) not in kept:
                for cell in cells_of(band):
                    _stack(cell, blocks)
        said += [clean(block.text) for block in blocks]
    return [Line(words, running=True) for words in dict.fromkeys(said) if not _PAGE_NUMBER.match(words)]


def _stack(cell: Piece, blocks: list[Piece]) -> None:
    """Put a line of a head under the one that it goes on from, where that stands close above it."""
    for place, block in enumerate(blocks):
        overlaps = cell.left < block.right and block.left < cell.right
        if overlaps and 0 < block.bottom - cell.bottom < _LEADING * cell.size:
            left, right = min(block.left, cell.left), max(block.right, cell.right)
            blocks[place] = replace(cell, text=f"{block.text} {cell.text}", left=left, right=right)
            return
    blocks.append(cell)


def _edge_key(band: Band, page: Page) -> tuple[str, int] | None:
    """What stands at the edge of a page and where, numbers left open."""
    edge = page.height * _ZONE
    if edge < band[0].baseline < page.height - edge:
        return None
    return _DIGITS.sub("#", _words(band)), round(band[0].baseline / 4)


def _words(band: Band) -> str:
    return " ".join(piece.text.strip() for piece in band)
