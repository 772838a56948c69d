"""Two versions of a policy clause by clause: pure functions on their parts, without a database."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from policies.compare.matching import Pairs, match
from policies.compare.part import Part
from policies.compare.wording import ADDED, REMOVED, SAME, Span, mark_words

__all__ = ["ADDED", "REMOVED", "SAME", "Change", "Part", "Span", "compare", "mark_words", "match"]


@dataclass(frozen=True)
class Change:
    """What became of one heading or clause: `old` is None for an added one, `new` for a removed one.

    `spans` hold both wordings in one where it was reworded, and nothing otherwise.
    """

    old: Part | None
    new: Part | None
    moved: bool = False
    spans: tuple[Span, ...] = ()

    @property
    def kind(self) -> str:
        """`unchanged`, `added`, `removed`, `moved`, `reworded`, or `moved and reworded`. A new label alone is no change."""
        if self.old is None or self.new is None:
            return "added" if self.old is None else "removed"
        said = (["moved"] if self.moved else []) + (["reworded"] if self.spans else [])
        return " and ".join(said) or "unchanged"

    @property
    def relabelled(self) -> bool:
        """Whether it stands under another number than before."""
        return bool(self.old and self.new and self.old.label != self.new.label)


def compare(old: Sequence[Part], new: Sequence[Part]) -> list[Change]:
    """What became of every part, in the order of the new version; what was removed stands where it stood."""
    pairs = match(old, new)
    moved = set(pairs) - _in_order(old, pairs)
    came_from = {after: before for before, after in pairs.items()}
    removed = _removed(old, pairs, moved)
    changes = list(removed[-1])
    for position, part in enumerate(new):
        before = came_from.get(position)
        changes.append(
            Change(None, part) if before is None else _pair(old[before], part, moved=before in moved)
        )
        changes += removed[position]
    return changes


def _pair(old: Part, new: Part, *, moved: bool) -> Change:
    same = old.text.split() == new.text.split()
    return Change(old, new, moved, () if same else mark_words(old.text, new.text))


def _removed(old: Sequence[Part], pairs: Pairs, moved: set[int]) -> dict[int, list[Change]]:
    """What was removed, by the new position of the part that it stood behind; -1 is the top."""
    found: dict[int, list[Change]] = defaultdict(list)
    behind = -1
    for position, part in enumerate(old):
        if position not in pairs:
            found[behind].append(Change(part, None))
        elif position not in moved:
            behind = pairs[position]
    return found


def _in_order(old: Sequence[Part], pairs: Pairs) -> set[int]:
    """The heaviest run of pairs that stand in the same order in both versions; the others were moved.

    A heading weighs a little more than a clause: when one passes the other, it is the clause that moved.
    """
    ends: list[int] = []  # the new positions that the runs found so far end with, rising,
    weights: list[int] = []  # their weights, rising too,
    last: list[int] = []  # and the old positions there
    before: dict[int, int | None] = {}
    for position in sorted(pairs):
        place = bisect_left(ends, pairs[position])
        weight = (weights[place - 1] if place else 0) + (3 if old[position].is_heading else 2)
        before[position] = last[place - 1] if place else None
        beaten = bisect_right(weights, weight, lo=place)
        ends[place:beaten] = [pairs[position]]
        weights[place:beaten] = [weight]
        last[place:beaten] = [position]
    kept: set[int] = set()
    step = last[-1] if last else None
    while step is not None:
        kept.add(step)
        step = before[step]
    return kept
