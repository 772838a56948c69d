"""Rows of tables as text: `| Phone | Office |`, and `|= Item |= Place |` for a row that names the columns.

So a row is stored, compared and typed like any other clause. A bar inside a cell becomes a broken one.
"""

from __future__ import annotations

from collections.abc import Iterable

from policies.reading.line import one_line

BAR, HEAD = "|", "|="


def row_text(cells: Iterable[str], *, head: bool = False) -> str:
    """The cells as they are stored and typed."""
    mark = HEAD if head else BAR
    return "".join(f"{mark} {_cell(cell)} " for cell in cells) + BAR


def _cell(cell: str) -> str:
    return one_line(cell).replace(BAR, "\u00a6")


def row_of(text: str) -> tuple[tuple[str, ...], bool] | None:
    """The cells of a row, and whether it names the columns; None for any other text."""
    said = text.strip()
    if (
        len(said) < len("| |")
        or "\n" in said
        or not (said.startswith((f"{BAR} ", HEAD)) and said.endswith(BAR))
    ):
        return None
    head = said.startswith(HEAD)
    cells = said[1:-1].split(BAR)
    return tuple(cell.removeprefix("=").strip() if head else cell.strip() for cell in cells), head


def plain(cells: Iterable[str]) -> str:
    """What a row says, for checks and readers that know no tables: the filled cells with bars between."""
    return " | ".join(filter(None, map(one_line, cells)))


def in_words(text: str) -> str:
    """A row as people read it, `plain`; any other text as it is."""
    row = row_of(text)
    return plain(row[0]) if row else text
