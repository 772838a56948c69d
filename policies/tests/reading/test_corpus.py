"""The facts of policies of our own writing are read right in each layout; the whole corpus is measured by `corpus.measure`."""

from collections import Counter

import pytest

from policies.reading import read_policy
from policies.tests.reading.corpus.layouts import LAYOUTS
from policies.tests.reading.corpus.markup import parse
from policies.tests.reading.corpus.measure import SOURCES, compare

SAMPLES = ("a1-county", "a3-skips", "a5-sentences", "a6-two")


@pytest.mark.requirement("R001", "R010", "R011", "R017")
@pytest.mark.parametrize(
    "layout",
    [pytest.param(one, marks=pytest.mark.slow) if one.startswith("pdf") else one for one in LAYOUTS],
)
def test_nineteen_facts_in_twenty_are_read_right_in_every_layout(layout):
    right: Counter[tuple[str, ...]] = Counter()
    wrong: Counter[tuple[str, ...]] = Counter()
    for name in SAMPLES:
        policies = parse((SOURCES / f"{name}.txt").read_text())
        data, filename = LAYOUTS[layout](policies)
        found, missed, invented = compare(policies, read_policy(data, filename).documents)
        right += found
        wrong += missed + invented

    assert right.total() >= 0.95 * (right + wrong).total(), wrong
