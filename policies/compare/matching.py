"""Which heading or clause of one version is which of another: by identity, by its words, then by likeness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import count

from policies.compare.part import Part, words_of

ALIKE = 0.6
"""The share of words in common from which two parts are taken for one that was reworded, wherever they stand."""
SAME_HEADING = 0.1
SAME_PLACE = 0.25
"""How much less it takes under the same heading, and with the same label there."""
NEAREST = 120
"""A reworded part is sought among so many on either side, which bounds the time that a very long policy takes."""
TELLING = 4
"""Words of fewer letters say little about what a clause is about."""

Pairs = dict[int, int]
"""Position in the old version to position in the new one."""


def match(old: Sequence[Part], new: Sequence[Part]) -> Pairs:
    """Pairs each part of one version with at most one of the other, the same pairs whichever comes first."""
    pairs: Pairs = {}
    for identity in (_key, _words_in_place, _words):
        _pair_equal(old, new, identity, pairs)
    for first, second in _alike(old, new, pairs):
        pairs[first] = second
    return pairs


def _key(part: Part) -> Hashable | None:
    return part.key and (part.is_heading, part.key)


def _words_in_place(part: Part) -> Hashable | None:
    return (_words(part), words_of(part.under), part.label)


def _words(part: Part) -> Hashable | None:
    return (part.is_heading, words_of(part.text) or part.text)


def _pair_equal(
    old: Sequence[Part], new: Sequence[Part], identity: Callable[[Part], Hashable | None], pairs: Pairs
) -> None:
    """Pairs what has the same identity and is still alone, in the order in which it stands."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    taken = set(pairs.values())
    for position, part in enumerate(new):
        if position not in taken and (name := identity(part)) is not None:
            waiting[name].append(position)
    for places in waiting.values():
        places.reverse()
    for position, part in enumerate(old):
        if position not in pairs and (places := waiting.get(identity(part), [])):
            pairs[position] = places.pop()


def _alike(old: Sequence[Part], new: Sequence[Part], pairs: Pairs) -> Iterator[tuple[int, int]]:
    """The likeliest pairs of what is still alone, the likeliest first."""
    taken = set(pairs.values())
    bits: dict[Hashable, int] = defaultdict(count().__next__)
    left = [_Sketch(at, part, bits) for at, part in enumerate(old) if at not in pairs]
    right = [_Sketch(at, part, bits) for at, part in enumerate(new) if at not in taken]
    found = sorted(
        (-score, abs(one.at - at), one.at + at, one.at, at)
        for rank, one in enumerate(left)
        for score, at in one.like(right[max(0, rank - NEAREST) : rank + NEAREST + 1])
    )
    gone: set[int] = set()
    come: set[int] = set()
    for *_, first, second in found:
        if first not in gone and second not in come:
            gone.add(first)
            come.add(second)
            yield first, second


class _Sketch:
    """The telling words of a part as bits, so that many can be compared quickly."""

    __slots__ = ("at", "is_heading", "label", "size", "under", "words")

    def __init__(self, at: int, part: Part, bits: dict[Hashable, int]) -> None:
        self.at, self.is_heading = at, part.is_heading
        self.under, self.label = words_of(part.under), part.label
        words = words_of(part.text).split()
        telling = [word for word in words if len(word) >= TELLING] or words
        seen: dict[str, int] = defaultdict(int)
        self.words = 0
        for word in telling:
            seen[word] += 1
            self.words |= 1 << bits[word, seen[word]]
        self.size = len(telling)

    def like(self, others: list[_Sketch]) -> list[tuple[float, int]]:
        """How like each of the others is, by words in common and for standing in the same place, and where it stands.

        Those that are not like enough are left out. The likeness is the same both ways.
        """
        words, size, least = self.words, self.size, (ALIKE - SAME_PLACE) / 2
        shares = [
            (common / (size + one.size), one)
            for one in others
            if (common := (words & one.words).bit_count()) > least * (size + one.size)
        ]
        scores = [(2 * share + self._nearness(one), one) for share, one in shares]
        return [(score, one.at) for score, one in scores if score >= ALIKE]

    def _nearness(self, other: _Sketch) -> float:
        if self.is_heading or other.is_heading:
            return 0 if self.is_heading and other.is_heading else -2
        if self.under != other.under:
            return 0
        return SAME_PLACE if self.label and self.label == other.label else SAME_HEADING
