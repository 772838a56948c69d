"""Bands in place of counts, and what somebody could work out from the bands that are shown together.

A count of 1 to 4 may say which child it was. Bands hide it, but cells of one table add up to its total, and a total
narrows its cells. So every table is examined as a reader would before it is shown, and left out where a cell, or the
change of a cell since any other report, could be proved to lie between 1 and 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

SMALL = range(1, 5)
MOST_CELLS = 5
"""With more cells in a table, that it was left out could itself prove its cells small."""


@dataclass(frozen=True, order=True)
class Band:
    """The whole numbers from `low` to `high`, and nothing finer."""

    low: int
    high: int

    @property
    def words(self) -> str:
        """How it is printed."""
        return "0" if self.high == 0 else f"{self.low} to {self.high}"


@dataclass(frozen=True)
class Population:
    """One total with the tables that divide it; `keys` name the cells, so that a cell is known again in another report."""

    total: Band
    tables: tuple[tuple[Band, ...], ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()

    def named(self, number: int, ranges: Sequence[Band]) -> dict[str, Band]:
        """The ranges of one table's cells by their names; cells without one are told apart by their place."""
        names = self.keys[number] if number < len(self.keys) else tuple(map(str, range(len(ranges))))
        return dict(zip(names, ranges, strict=False))


def band(count: int) -> Band:
    """The band of a count: 0, 1 to 9, 10 to 19 and so on. Raises ValueError below 0."""
    if count < 0:
        raise ValueError("A count is never negative.")
    return band_from(1 if 0 < count < 10 else count // 10 * 10)


def band_from(low: int) -> Band:
    """The band that begins with `low`, as it is stored."""
    if low == 0:
        return Band(0, 0)
    return Band(1, 9) if low == 1 else Band(low, low + 9)


def total_range(population: Population) -> Band:
    """What the total can be, from its own band and from the sums of every table."""
    lows = [sum(cell.low for cell in table) for table in population.tables if table]
    highs = [sum(cell.high for cell in table) for table in population.tables if table]
    return Band(max([population.total.low, *lows]), min([population.total.high, *highs]))


def cell_ranges(population: Population) -> list[list[Band]]:
    """What every cell can be. Exact: each table reaches every total in the range, so no finer reasoning exists."""
    total = total_range(population)
    return [[_cell_range(table, place, total) for place in range(len(table))] for table in population.tables]


def _cell_range(table: Sequence[Band], place: int, total: Band) -> Band:
    others = [cell for number, cell in enumerate(table) if number != place]
    low = max(table[place].low, total.low - sum(cell.high for cell in others))
    high = min(table[place].high, total.high - sum(cell.low for cell in others))
    return Band(low, high)


def is_small(possible: Band) -> bool:
    """Whether every number that it can be lies between 1 and 4."""
    return possible.low in SMALL and possible.high in SMALL


def may_show(population: Population, others: Sequence[Population] = ()) -> bool:
    """Whether nothing small can be proved from these bands, alone or beside any of the `others` (reports of other terms).

    Tables are compared by their place, cells by their name; an empty table was not shown.
    """
    if is_small(total_range(population)) or any(is_small(c) for row in cell_ranges(population) for c in row):
        return False
    return not any(_is_small_change(now, then) for other in others for now, then in _pairs(population, other))


def _pairs(now: Population, then: Population) -> list[tuple[Band, Band]]:
    pairs = [(total_range(now), total_range(then))]
    for number, (row, other) in enumerate(zip(cell_ranges(now), cell_ranges(then), strict=False)):
        ours, theirs = now.named(number, row), then.named(number, other)
        pairs += [(ours[key], theirs[key]) for key in ours if key in theirs]
    return pairs


def _is_small_change(now: Band, then: Band) -> bool:
    low, high = now.low - then.high, now.high - then.low
    return is_small(Band(low, high)) or is_small(Band(-high, -low))


def shown(population: Population, others: Sequence[Population] = ()) -> Population:
    """The population with every table that may be shown beside the `others`; one that may not becomes empty.

    Decided from bands alone and table by table in their order, so that leaving one out says nothing about one cell.
    """
    kept: tuple[tuple[Band, ...], ...] = ()
    for table in population.tables:
        if len(table) > MOST_CELLS:
            raise ValueError(f"A table of {len(table)} cells cannot be kept safe; join some.")
        with_table = replace(population, tables=(*kept, table))
        kept = (*kept, table if may_show(with_table, others) else ())
    return replace(population, tables=kept)
