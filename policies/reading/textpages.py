"""What a page printed as text leaves behind: running heads, page numbers, and columns that are only spaces."""

import re
from collections import Counter

from policies.reading import labels

COLUMNS = re.compile(r"\s{3,}")
_PAGE_NUMBER = re.compile(
    r"^(?:page\s+)?\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?$|^-\s*\d{1,3}\s*-$|^.{0,60}\bpage\s+\d{1,3}\s+of\s+\d{1,3}$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_EDGE = 2
_NEAR = 3
_MAX_COLUMNS = 8
_LABEL_AND_TEXT = 2
_LETTER_AND_NUMBER = re.compile(r"^[A-Z]\d{1,2}$")


def without_pages(text: str) -> list[str]:
    """The rows of the text without page numbers and heads and feet; what stands on top of the first page is the title."""
    pages = [_trimmed(page.split("\n")) for page in text.split("\f")]
    if len(pages) == 1:
        pages = _between_numbers(text.replace("\f", "\n\n").split("\n"))
    seen = Counter(key for page in pages for key in {_key(row) for row in _edges(page)})
    least = max(2, (len(pages) + 1) // 2)
    rows: list[str] = []
    for number, page in enumerate(pages):
        edges = {
            index
            for index in _edge_places(page)
            if seen[_key(page[index])] >= least or _is_number(page[index])
        }
        if number == 0:
            edges -= set(_edge_places(page)[:_EDGE])
        kept = [row for index, row in enumerate(page) if index not in edges and not _is_number(row)]
        rows += _joined(rows, _trimmed(kept))
    return rows


def _joined(before: list[str], page: list[str]) -> list[str]:
    """A page goes on where the one before it broke off in a sentence; else it begins a new paragraph."""
    breaks_off = before and page and before[-1].strip() and before[-1].rstrip()[-1] not in ".:;!?"
    return page if breaks_off and page[0].strip()[:1].islower() else ["", *page]


def _between_numbers(rows: list[str]) -> list[list[str]]:
    """Pages that only "Page 3 of 12" ends."""
    pages: list[list[str]] = [[]]
    for row in rows:
        pages[-1].append(row)
        if _is_number(row) and "page" in row.lower():
            pages.append([])
    return [_trimmed(page) for page in pages]


def _is_number(row: str) -> bool:
    return bool(_PAGE_NUMBER.match(row.strip()))


def _key(row: str) -> str:
    return _DIGITS.sub("#", " ".join(row.split()))


def _edge_places(page: list[str]) -> list[int]:
    filled = [index for index, row in enumerate(page) if row.strip()]
    return [*filled[:_EDGE], *filled[-_EDGE:]]


def _edges(page: list[str]) -> list[str]:
    return [page[index] for index in _edge_places(page)]


def _trimmed(rows: list[str]) -> list[str]:
    filled = [index for index, row in enumerate(rows) if row.strip()]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def table_rows(rows: list[str]) -> set[int]:
    """The rows that are cells side by side: their neighbour has as many, and none begins with a label or a list mark."""
    filled = [index for index, row in enumerate(rows) if row.strip()]
    widths = {index: _width(rows[index]) for index in filled}
    return {
        index
        for place, index in enumerate(filled)
        if widths[index] > 1
        and any(
            0 <= other < len(filled)
            and abs(filled[other] - index) <= _NEAR
            and widths[filled[other]] == widths[index]
            for other in (place - 1, place + 1)
        )
    }


def _width(row: str) -> int:
    """How many cells the row has; 1 for a paragraph."""
    columns = COLUMNS.split(row.strip())
    first = columns[0]
    marked = (
        labels.is_lone_bullet(first)
        or labels.split_bullet(row.strip())[0]
        or labels.split_label(f"{first} Xx")[0]
    )
    if marked and len(columns) > _LABEL_AND_TEXT and not labels.is_lone_bullet(first):
        return len(columns)
    bare = first.isdigit() or bool(_LETTER_AND_NUMBER.match(first)) or row.strip().startswith("#")
    return 1 if marked or bare or len(columns) > _MAX_COLUMNS else len(columns)
