"""How many facts are read right, wrong or not at all, in each layout and of each kind.

`python -m policies.tests.reading.corpus.measure [-v] [NAME ...]` prints the figures, with -v also what was missed and invented.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from policies.reading import Document, Section, read_policy
from policies.reading.document import IN_USE
from policies.tests.reading.corpus.layouts import LAYOUTS
from policies.tests.reading.corpus.markup import DATED, PEOPLE, Policy, parse

SOURCES = Path(__file__).parent / "sources"
BESIDE = ("Document control",)
"""Headings that a layout prints over the key details; no source knows them."""
Fact = tuple[str, ...]


class Count:
    """Facts of one kind or layout: right, missed, invented."""

    def __init__(self) -> None:
        self.right = self.missed = self.invented = 0

    def add(self, right: int, missed: int, invented: int) -> None:
        """Count one more comparison."""
        self.right += right
        self.missed += missed
        self.invented += invented

    @property
    def precision(self) -> float:
        """The part of what was read that is right."""
        return self.right / max(1, self.right + self.invented)

    @property
    def recall(self) -> float:
        """The part of what is printed that was read."""
        return self.right / max(1, self.right + self.missed)

    @property
    def share(self) -> float:
        """Right ones among all: what was missed and what was invented counts against."""
        return self.right / max(1, self.right + self.missed + self.invented)

    def __str__(self) -> str:
        return (
            f"{self.right:6d} right {self.missed:5d} missed {self.invented:5d} invented   "
            f"precision {self.precision:.3f}   recall {self.recall:.3f}   share {self.share:.3f}"
        )


def facts_of(document: Document) -> Iterator[Fact]:
    """The facts of a document that was read, in the form of those of a source."""
    yield "title", document.title
    if document.setting:
        yield "setting", document.setting
    details = document.key_details
    for kind in PEOPLE:
        yield from (("key", kind, name) for name in getattr(details, kind))
    yield from (("key", kind, getattr(details, kind)) for kind in DATED if getattr(details, kind))
    yield from (("policy", name) for name in document.linked_policies)
    yield from (("guidance", one.title, one.edition or "") for one in document.guidance)
    for section in document.sections:
        if section.heading not in BESIDE:
            yield from _facts_of_section(section)


def _facts_of_section(section: Section) -> Iterator[Fact]:
    name = section.label or section.heading
    if name:
        yield "section", name
    if section.status != IN_USE:
        yield "status", name, section.status
    for clause in section.clauses:
        yield "clause", clause.text
        if clause.label:
            yield "label", clause.label, clause.text


def _plain(fact: Fact) -> Fact:
    """Without what no reader would call a difference: capitals of titles, kinds of quotation marks, runs of spaces."""
    words = [re.sub(r"\s+", " ", re.sub("[\u2018\u2019\u201c\u201d\"']", "'", part)).strip() for part in fact]
    if fact[0] in ("title", "setting", "guidance", "policy", "section", "status") or fact[1:2] == (
        "ratifying_body",
    ):
        words = [word.casefold().rstrip(".:") for word in words]
    return tuple(words)


def compare(
    policies: list[Policy], documents: list[Document]
) -> tuple[Counter[Fact], Counter[Fact], Counter[Fact]]:
    """What is right, missed and invented; documents of a file are compared in their order."""
    right: Counter[Fact] = Counter()
    missed: Counter[Fact] = Counter()
    invented: Counter[Fact] = Counter()
    for index in range(max(len(policies), len(documents))):
        true = Counter(_plain(fact) for fact in policies[index].facts) if index < len(policies) else Counter()
        for fact in list(true):
            if fact[0] in ("policy", "guidance", "key"):
                true[fact] = 1
        read = (
            Counter(_plain(fact) for fact in facts_of(documents[index]))
            if index < len(documents)
            else Counter()
        )
        right += true & read
        missed += true - read
        invented += read - true
    return right, missed, invented


def main(arguments: list[str]) -> int:
    """Print the figures."""
    wordy, names = "-v" in arguments, [name for name in arguments if name != "-v"]
    kinds: dict[str, Count] = {}
    layouts: dict[str, Count] = {}
    for path in sorted(SOURCES.glob("*.txt")):
        if names and not any(path.stem.startswith(name) for name in names):
            continue
        policies = parse(path.read_text())
        for layout, printed in LAYOUTS.items():
            data, filename = printed(policies)
            result = compare(policies, read_policy(data, filename).documents)
            _note(kinds, layouts, layout, result)
            if wordy:
                _tell(f"{path.stem} as {layout}", *result[1:])
    for title, counts in (("By kind of fact", kinds), ("By layout", layouts)):
        sys.stdout.write(f"\n{title}\n" + "".join(f"  {name:22s}{count}\n" for name, count in counts.items()))
    return 0


def _note(
    kinds: dict[str, Count], layouts: dict[str, Count], layout: str, result: tuple[Counter[Fact], ...]
) -> None:
    every = {fact[0] for counter in result for fact in counter}
    for kind in sorted(every):
        numbers = [sum(times for fact, times in counter.items() if fact[0] == kind) for counter in result]
        kinds.setdefault(kind, Count()).add(*numbers)
    whole = [counter.total() for counter in result]
    layouts.setdefault(layout, Count()).add(*whole)
    kinds.setdefault("all", Count()).add(*whole)


def _tell(name: str, missed: Counter[Fact], invented: Counter[Fact]) -> None:
    if missed or invented:
        sys.stdout.write(f"\n{name}\n")
    for mark, facts in (("-", missed), ("+", invented)):
        for fact in facts:
            sys.stdout.write(f"   {mark} {' / '.join(fact)[:170]}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
