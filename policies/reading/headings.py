"""Which items are headings: by style where there is one, by shape and by their siblings where there is none."""

import re
from collections import Counter, defaultdict
from itertools import groupby, pairwise, takewhile

from policies.reading import labels
from policies.reading.dates import is_date_only
from policies.reading.items import Item
from policies.reading.keydetails import is_key_line
from policies.reading.status import split_status

HEADING, CLAUSE, OPEN = "heading", "clause", "open"
_MAX_WORDS = 14
_MAX_LETTERS = 110
_NAMES_POLICY = re.compile(r"\b(?:Policy|Procedures?|Code of Conduct|Agreement)$")
_MANY = 3
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROMANS = [
    f"{ten}{one}"
    for ten in ("", "X")
    for one in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
]
_NO_HEADING = re.compile(r"@|https?://|www\.|\b0\d{3,4}[ -]?\d{3}|[.;,!]$|^[^A-Z0-9\u2018“'\"(]")


class Headings:
    """The heading level of each item, 0 for none."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.levels = [0] * len(items)
        self.questions = sum(item.plain and item.text.endswith("?") for item in items)
        self._styled()
        self.styled = [index for index, level in enumerate(self.levels) if level]
        self._labelled()
        self._plain()

    def _styled(self) -> None:
        for index, item in enumerate(self.items):
            if item.line.heading and not item.line.bullet and not _reads_as_clause(item.text):
                self.levels[index] = _level(item.label, item.line.heading)

    def _labelled(self) -> None:
        """Labelled items without a style, family by family: the children of one number."""
        families: dict[tuple[int, ...], list[int]] = defaultdict(list)
        letters = {
            item.label[0] for item in self.items if labels.path(item.label) and item.label[0].isalpha()
        }
        for index in self._lettered_run():
            self.levels[index] = self.levels[index] or 1
        for index, item in enumerate(self.items):
            if letters and _is_capital(item.label) and shape(item.text) == HEADING:
                self.levels[index] = self.levels[index] or 1
            if labels.path(item.label) and not item.line.cells:
                families[labels.path(item.label)[:-1]].append(index)
            elif labels.is_section_word(item.label) and not (item.text and shape(item.text) == CLAUSE):
                self.levels[index] = self.levels[index] or 1
        shapes = {parent: self._shapes(len(parent), members) for parent, members in families.items()}
        everywhere: dict[int, Counter[str]] = defaultdict(Counter)
        for parent, seen in shapes.items():
            everywhere[len(parent)].update(seen.values())
        for parent, seen in shapes.items():
            self._family(len(parent), seen, everywhere[len(parent)])

    def _lettered_run(self) -> list[int]:
        """Headings under A, B, C or I, II, III that run through the file with text between them; a list has none between."""
        for alphabet in (_CAPITALS, _ROMANS):
            run: list[int] = []
            for index, item in enumerate(self.items):
                wanted = alphabet[len(run)] if len(run) < len(alphabet) else ""
                if labels.bare(item.label) == wanted and not item.line.cells and shape(item.text) == HEADING:
                    run.append(index)
            apart = sum(after - before > 1 for before, after in pairwise(run))
            if len(run) >= _MANY and apart > len(run) // 2:
                return run
        return []

    def _shapes(self, depth: int, members: list[int]) -> dict[int, str]:
        return {index: HEADING if self.levels[index] else self._shape(index, depth) for index in members}

    def _family(self, depth: int, shapes: dict[int, str], everywhere: Counter[str]) -> None:
        """Siblings decide what a shape leaves open; where none is sure, all labels of that depth do."""
        own = Counter(shapes.values())
        for index, seen in shapes.items():
            if self._heads(index, depth, seen, own if own[HEADING] + own[CLAUSE] else everywhere):
                self.levels[index] = self.levels[index] or depth + 1

    def _heads(self, index: int, depth: int, seen: str, counts: Counter[str]) -> bool:
        """Whether a member of a family is a heading, given its shape and what the sure ones are."""
        if seen == OPEN:
            undecided = not counts[HEADING] + counts[CLAUSE]
            return counts[HEADING] > counts[CLAUSE] or (undecided and self._introduces(index, depth))
        outvoted = depth and counts[HEADING] < counts[CLAUSE] and index not in self.styled
        return seen == HEADING and not outvoted

    def _shape(self, index: int, depth: int) -> str:
        item = self.items[index]
        if item.line.bullet or self._in_run(index) or (not depth and self._styles_suffice()):
            return CLAUSE
        listed = depth and (item.text.endswith(".") or _NAMES_POLICY.search(item.text))
        return CLAUSE if listed else shape(item.text)

    def _styles_suffice(self) -> bool:
        """Where the file styles its headings and does not number them, "1." begins a list."""
        return len(self.styled) >= _MANY and not any(
            labels.path(self.items[index].label) for index in self.styled
        )

    def _in_run(self, index: int) -> bool:
        """Numbers that follow each other with nothing between are a list."""
        item = self.items[index]
        if split_status(item.text)[0] != item.text or self.levels[index]:
            return False
        before = index > 1 and _follows(self.items[index - 1], item) and not self.levels[index - 1]
        after = index + 1 < len(self.items) and _follows(item, self.items[index + 1])
        return (
            (before and after)
            or (before and _follows_twice(self.items, index, -1))
            or (after and _follows_twice(self.items, index, 1))
        )

    def _introduces(self, index: int, depth: int) -> bool:
        """ "4.1 Teachers will:" before unlabelled items, where numbers of its depth are headings elsewhere."""
        after = self.items[index + 1] if index + 1 < len(self.items) else None
        return depth <= 1 and after is not None and not after.label

    def _plain(self) -> None:
        """Unlabelled lines that stand alone and look like headings; three in a row are a list."""
        likely = [self._likely(index) for index in range(len(self.items) - 1)]
        crowded = _crowded(likely)
        self.opening = len(list(takewhile(bool, crowded)))
        above = 0
        for index, seen in enumerate(likely):
            item = self.items[index]
            if self.levels[index] and not item.plain:
                above = self.levels[index]
            elif seen and (item.line.bold or not self._is_listed(index, crowded)):
                self.levels[index] = above + 1

    def _is_listed(self, index: int, crowded: list[bool]) -> bool:
        """Part of a list; the first of several short lines is their heading where a sentence ended before it, and the
        last of those that open the file where a sentence follows.
        """
        heads = index > 0 and self.items[index - 1].text.endswith(".")
        if index == self.opening - 1:
            return not self.items[index + 1].text.endswith(".")
        return self._listed(index) or (crowded[index] and not heads)

    def _listed(self, index: int) -> bool:
        """The first item of a list that lost its marks stands under a line that opens it."""
        return index > 0 and self.items[index - 1].text.endswith(":") and not self.levels[index - 1]

    def _likely(self, index: int) -> bool:
        item = self.items[index]
        if not item.plain or self.levels[index] or is_key_line(item.line) or is_date_only(item.text):
            return False
        if names_several(item.text):
            return False
        if item.text.endswith("?") and not (item.line.bold or self._answered(index)):
            return False
        short = len(item.text) <= _MAX_LETTERS and len(item.text.split()) <= _MAX_WORDS
        return short and not _NO_HEADING.search(item.text) and not item.text.endswith(":")

    def _answered(self, index: int) -> bool:
        """A question with a paragraph below it, one of several in the policy that are asked so."""
        return self.questions >= _MANY and len(self.items[index + 1].text) > len(self.items[index].text)


def names_several(text: str) -> bool:
    """A list of policies is the title of none."""
    parts = [
        part
        for part in re.split(r"[,;]", text)
        if re.search(r"\b(?:policy|procedures?|code of conduct)\s*$", part, re.IGNORECASE)
    ]
    return len(parts) > 1


def shape(text: str) -> str:
    """What a labelled line looks like by itself."""
    words = len(text.split())
    if text.endswith(":") and words <= 30:
        return OPEN
    heading, _ = split_status(text)
    ends_sentence = text.endswith(".") and words > 2
    if not text or ends_sentence or words > 18 or len(text) > 140 or re.search(r"[;,]$|^[a-z]", heading):
        return CLAUSE
    return HEADING


def _is_capital(label: str) -> bool:
    """ "A." and its like, headings where "A.1" stands below one of them."""
    return len(labels.bare(label)) == 1 and "A" <= label[0] <= "Z"


def _reads_as_clause(text: str) -> bool:
    """A heading style on a whole sentence only lends its number."""
    words = len(text.split())
    return words > 30 or len(text) > 220 or (text.endswith((".", ";")) and words > 10)


def _level(label: str, styled: int) -> int:
    return len(labels.path(label)) or styled


def _follows(before: Item, after: Item) -> bool:
    """Whether two items carry neighbouring numbers of one depth."""
    first, second = labels.path(before.label), labels.path(after.label)
    return bool(first) and len(first) == len(second) and second == (*first[:-1], first[-1] + 1)


def _follows_twice(items: list[Item], index: int, step: int) -> bool:
    places = [index, index + step, index + 2 * step]
    if min(places) < 0 or max(places) >= len(items):
        return False
    run = [items[place] for place in sorted(places)]
    return _follows(run[0], run[1]) and _follows(run[1], run[2])


def _crowded(likely: list[bool]) -> list[bool]:
    """Which of the likely ones stand in a row of three or more."""
    crowded: list[bool] = []
    for seen, run in groupby(likely):
        length = len(list(run))
        crowded.extend([seen and length >= _MANY] * length)
    return crowded
