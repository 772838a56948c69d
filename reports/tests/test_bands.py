"""Nothing small can be proved from published figures, by any reasoning."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.selectors.bands import (
    SMALL,
    Band,
    Population,
    band,
    band_from,
    cell_ranges,
    may_show,
    shown,
    total_range,
)


@given(st.integers(0, 10_000))
def test_a_band_holds_its_count_and_is_never_small(count):
    found = band(count)

    assert found.low <= count <= found.high
    assert (found.high == 0) == (count == 0)
    assert count == 0 or found.high >= 9
    assert band_from(found.low) == found


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_bands_keep_the_order_of_counts(one, other):
    assert one > other or band(one) <= band(other)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0"), (1, "1 to 9"), (9, "1 to 9"), (10, "10 to 19"), (29, "20 to 29")]
)
def test_a_band_says_no_more_than_its_ends(count, words):
    assert band(count).words == words


def test_count_below_nothing_is_refused():
    with pytest.raises(ValueError, match="negative"):
        band(-1)


# --- The attacker ---------------------------------------------------------------------------------------------------------
# It knows the rules and tries every total and every way in which cells can add up to it. Sets of sums are numbers whose
# bit n stands for the sum n, so that "all sums" is one operation.


def sums(cells):
    """Every sum that these bands can have."""
    reached = 1
    for cell in cells:
        reached = sum_bits(reached, cell)
    return reached


def sum_bits(reached, cell):
    out = 0
    for value in range(cell.low, cell.high + 1):
        out |= reached << value
    return out


def possible_values(population):
    """For the total and for every cell, each value that fits everything that is shown."""
    totals = bits(range(population.total.low, population.total.high + 1))
    for table in population.tables:
        totals &= sums(table) if table else ~0
    cells = []
    for table in population.tables:
        for place, cell in enumerate(table):
            others = sums([one for number, one in enumerate(table) if number != place])
            cells.append({v for v in range(cell.low, cell.high + 1) if others << v & totals})
    return {n for n in range(totals.bit_length()) if totals >> n & 1}, cells


def bits(values):
    return sum(1 << value for value in values)


def proved_small(values):
    return bool(values) and values <= set(SMALL)


def leaks(now, then=None):
    """How many cells, totals and changes the attacker proves to lie between 1 and 4."""
    total, cells = possible_values(now)
    found = sum(proved_small(values) for values in [total, *cells])
    if then is not None:
        then_total, then_cells = possible_values(then)
        pairs = [(total, then_total)] + (
            list(zip(cells, then_cells, strict=True)) if len(cells) == len(then_cells) else []
        )
        found += sum(proved_small({abs(a - b) for a in one for b in other}) for one, other in pairs)
    return found


def split(rng, total, cells):
    """A total dealt out over cells, unevenly."""
    weights = [rng.random() ** 3 for _ in range(cells)]
    counts = [0] * cells
    for place in rng.choices(range(cells), weights, k=total):
        counts[place] += 1
    return counts


def exact_term(rng, size):
    """What really happened in a term: a total, kinds, outcomes."""
    total = max(0, round(rng.gauss(size, size / 3)))
    return total, [split(rng, total, 5), split(rng, total, 5)]


def banded(term):
    total, tables = term
    return Population(band(total), tuple(tuple(band(n) for n in table) for table in tables))


@pytest.mark.requirement("R266", "R267")
def test_nothing_small_is_proved_from_the_reports_of_generated_schools(soak):
    schools = 500 if soak else 60
    rng, proved, cells = random.Random(20260901), 0, 0
    for _ in range(schools):
        size, last = rng.choice([2, 6, 9, 15, 25, 40, 70]), None
        for _ in range(6):
            report = shown(banded(exact_term(rng, size)), last)
            proved += leaks(report, last)
            cells += sum(len(table) for table in report.tables)
            last = report

    assert proved == 0
    assert cells > schools * 50  # most tables are shown: the test attacked something


def test_attacker_finds_what_careless_tables_give_away():
    careless = Population(band(8), (tuple(band(n) for n in (1, 1, 1, 1, 2, 2)),))
    exact = Population(Band(7, 7), ((band(5), band(2)),))

    assert leaks(careless) == 6
    assert leaks(Population(Band(3, 3))) == 1
    assert leaks(exact, Population(Band(5, 5), ((band(5), band(0)),))) > 0


def test_table_that_gives_a_cell_away_beside_another_is_left_out():
    kinds, outcomes = (20, 10, 1, 1, 1), (9, 8, 8, 8)
    both = banded((33, [list(outcomes), list(kinds)]))

    assert leaks(both) > 0
    assert [len(table) for table in shown(both).tables] == [4, 0]


def test_table_of_too_many_cells_is_refused():
    with pytest.raises(ValueError, match="join some"):
        shown(banded((6, [[1] * 6])))


POPULATIONS = st.builds(
    lambda tables: (
        sum(tables[0]),
        [tables[0], split(random.Random(sum(tables[0])), sum(tables[0]), len(tables[1]))],
    ),
    st.tuples(
        st.lists(st.integers(0, 30), min_size=1, max_size=5),
        st.lists(st.integers(0, 30), min_size=1, max_size=5),
    ),
)


@given(POPULATIONS, POPULATIONS)
def test_reasoning_of_the_program_is_that_of_the_attacker(one, other):
    now, then = banded(one), banded(other)
    total, cells = possible_values(now)

    assert total_range(now) == Band(min(total), max(total))
    assert [c for row in cell_ranges(now) for c in row] == [Band(min(v), max(v)) for v in cells]
    assert may_show(now) == (leaks(now) == 0)
    assert leaks(shown(now, shown(then)), shown(then)) == 0
