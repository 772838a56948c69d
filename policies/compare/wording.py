"""Two wordings of a clause, word by word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

SAME, REMOVED, ADDED = "same", "removed", "added"
LONGEST = 4000
"""Beyond so many words and marks on one side, the differing middle is shown as replaced as a whole."""

_TOKEN = re.compile(r"\s+|\w+(?:['\u2019-]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Span:
    """A stretch of text that is the `same` in both wordings, or was `removed`, or `added`."""

    kind: str
    text: str


def mark_words(old: str, new: str) -> tuple[Span, ...]:
    """Both wordings in one, in spans; white space counts as one blank. Without the removed spans it is the new wording."""
    first, second = tokens(old), tokens(new)
    start = _common(first, second)
    end = _common(first[start:][::-1], second[start:][::-1])
    middle = _differences(first[start : len(first) - end], second[start : len(second) - end])
    steps = [(SAME, first[:start]), *_without_islands(list(middle)), (SAME, first[len(first) - end :])]
    return tuple(_spans(steps))


def tokens(text: str) -> list[str]:
    """Words, marks and blanks."""
    return _TOKEN.findall(" ".join(text.split()))


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    pairs = zip(first, second, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(first), len(second)))


Step = tuple[str, list[str]]


def _differences(first: list[str], second: list[str]) -> Iterator[Step]:
    """What is the same, removed and added, in order; what was removed stands before what came for it."""
    if max(len(first), len(second)) > LONGEST:
        yield from ((REMOVED, first), (ADDED, second))
        return
    at = there = 0
    for one, other in [*_longest_common(first, second), (len(first), len(second))]:
        if one > at:
            yield REMOVED, first[at:one]
        if other > there:
            yield ADDED, second[there:other]
        if one < len(first):
            yield SAME, [first[one]]
        at, there = one + 1, other + 1


def _longest_common(first: list[str], second: list[str]) -> list[tuple[int, int]]:
    """Positions of a longest common subsequence, found with one big number a row (Hyyrö 2004): `difflib` is too slow."""
    places: dict[str, int] = defaultdict(int)
    for position, token in enumerate(first):
        places[token] |= 1 << position
    full = (1 << len(first)) - 1
    rows = [full]
    for token in second:
        row = rows[-1]
        hit = row & places.get(token, 0)
        rows.append(((row + hit) | (row - hit)) & full)
    found, one, other = [], len(first), len(second)
    while one and other:
        if rows[other] >> (one - 1) & 1:
            one -= 1
        elif not rows[other - 1] >> (one - 1) & 1:
            other -= 1
        else:
            one, other = one - 1, other - 1
            found.append((one, other))
    return found[::-1]


def _without_islands(steps: list[Step]) -> list[Step]:
    """A single word that stayed between two replacements joins them: it is easier to read."""
    runs = _runs(steps)
    for before, island, after in zip(runs, runs[1:], runs[2:], strict=False):
        if island.same and before.removed and before.added and after.removed and after.added:
            words = [token for token in island.same if token.isalnum()]
            if len(words) <= 1:
                island.removed, island.added, island.same = island.same, island.same, []
    return [step for run in runs for step in run.steps()]


@dataclass
class _Run:
    """What stayed, or a change: what was removed and what came for it."""

    same: list[str]
    removed: list[str]
    added: list[str]

    def steps(self) -> Iterator[Step]:
        yield from ((SAME, self.same), (REMOVED, self.removed), (ADDED, self.added))


def _runs(steps: list[Step]) -> list[_Run]:
    runs = []
    for _, group in groupby(steps, lambda step: step[0] == SAME):
        run = _Run([], [], [])
        for kind, taken in group:
            getattr(run, kind).extend(taken)
        runs.append(run)
    return runs


def _spans(steps: list[Step]) -> Iterator[Span]:
    """Joins steps; between two stretches that stayed, first what was removed, then what was added."""
    for same, group in groupby([step for step in steps if step[1]], lambda step: step[0] == SAME):
        held = list(group)
        for kind in (SAME,) if same else (REMOVED, ADDED):
            text = "".join(token for name, taken in held if name == kind for token in taken)
            if text:
                yield Span(kind, text)
