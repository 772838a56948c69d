"""Nothing small can be proved from published figures, by any reasoning."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyhub.tests.durability.ground import report as keep_figures
from reports.selectors import figures
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
from reports.selectors.figures import population_of


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


def leaks(now, *others):
    """How many cells, totals and changes the attacker proves to lie between 1 and 4, from one report or beside others."""
    total, cells = possible_values(now)
    found = sum(proved_small(values) for values in [total, *cells])
    for other in others:
        other_total, other_cells = possible_values(other)
        pairs = [(total, other_total)] + (
            list(zip(cells, other_cells, strict=True)) if len(cells) == len(other_cells) else []
        )
        found += sum(proved_small({abs(a - b) for a in one for b in another}) for one, another in pairs)
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


KEYS, TERMS = [list("abcde"), list("vwxyz")], 6


def published(term, others):
    """The bands of a term as a report stores and shows them."""
    total, tables = term
    named = [
        (str(n), "", [(key, key, count) for key, count in zip(KEYS[n], table, strict=True)])
        for n, table in enumerate(tables)
    ]
    return population_of(json.loads(json.dumps(figures.banded(total, named, others))))


@pytest.mark.requirement("R266", "R267")
def test_nothing_small_is_proved_from_the_reports_of_generated_schools(soak):
    schools = 500 if soak else 60
    rng, seen = random.Random(20260901), Counter()
    for _ in range(schools):
        size, reports = rng.choice([2, 6, 9, 15, 25, 40, 70]), []
        for _ in range(TERMS):
            term = exact_term(rng, size)
            report = published(term, reports)
            seen["small_cells"] += sum(count in SMALL for table in term[1] for count in table)
            seen["cells_shown"] += sum(len(table) for table in report.tables)
            seen["tables_left_out"] += sum(not table for table in report.tables)
            seen["proved"] += leaks(report)
            seen["changes_proved"] += leaks(report, *reports) - leaks(report)
            reports.append(report)

    if soak:
        keep_figures("Small numbers (T7)", schools=schools, reports=schools * TERMS, **seen)
    assert (seen["proved"], seen["changes_proved"]) == (0, 0)
    assert seen["cells_shown"] > schools * 50  # most tables are shown: the test attacked something
    assert seen["small_cells"] > schools * 5  # and there was something to find


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
    assert leaks(shown(now, [shown(then)]), shown(then)) == 0


def test_table_is_left_out_beside_any_report_that_would_give_a_change_away():
    now, far = banded((7, [[5, 2]])), banded((40, [[20, 20]]))
    near = Population(Band(5, 5), ((Band(4, 4), Band(1, 1)),))

    shows = [
        bool(shown(Population(Band(7, 7), now.tables), others).tables[0])
        for others in ([far], [far, near], [near, far])
    ]

    assert shows == [True, False, False]


def test_cells_are_compared_by_their_names():
    def one(keys, low, high):
        return Population(Band(0, 90), ((Band(low, high), Band(0, 30)),), (keys,))

    now, then = one(("phones", "watches"), 12, 12), one(("tablets", "phones"), 10, 10)

    assert may_show(now, [then])
    assert not may_show(now, [one(("phones", "tablets"), 10, 10)])
