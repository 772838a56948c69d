"""What the checks look at: a document as it was read, the day, the catalogue and, where it is known, the school."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from policies.check.catalogue import Catalogue, Statutory
from policies.check.finding import Finding
from policies.check.school import SchoolState
from policies.reading.document import IN_USE, Clause, Document, Section

_SENTENCE = re.compile(r"(?<=[.!?])[\"'\u2019\u201d)]?\s+(?=[\"'\u2018\u201c(]?[A-Z])|\n+")


@dataclass(frozen=True)
class Passage:
    """A heading (`clause` is None) or a clause in use, with the heading it stands under and the line that opened its list."""

    text: str
    where: str
    section: int | None
    clause: int | None
    heading: str = ""
    intro: str = ""
    is_row: bool = False
    opens_list: bool = False

    @cached_property
    def lowered(self) -> str:
        """The text in lower case, to pass over quickly what cannot be there."""
        return self.text.casefold()

    @cached_property
    def sentences(self) -> list[str]:
        """The text, sentence by sentence."""
        return [part for part in _SENTENCE.split(self.text) if part]

    @cached_property
    def context(self) -> str:
        """What tells whom a sentence is about when it does not say so itself."""
        return f"{self.heading}\n{self.intro}"

    def finding(self, code: str, severity: str, message: str, what_to_do: str, quote: str = "") -> Finding:
        """A finding at this place."""
        heading = self.heading or (self.text if self.section is not None else "")
        return Finding(
            code, severity, self.where, message, what_to_do, self.section, self.clause, heading, quote
        )


@dataclass(frozen=True)
class Case:
    """One document to check on one day. `ratified` is False for a draft, of which nobody expects ratification yet.

    `owner` is the post that owns the policy in PolicyHub, "" for a text that is no policy of a school yet.
    """

    document: Document
    today: date
    catalogue: Catalogue
    school: SchoolState | None = None
    ratified: bool = True
    owner: str = ""

    @cached_property
    def passages(self) -> list[Passage]:
        """The title, then headings and clauses of sections in use, as printed."""
        title = Passage(self.document.title, "", None, None)
        return [title, *(passage for passage in self._passages())]

    @cached_property
    def clauses(self) -> list[Passage]:
        """The clauses among the passages."""
        return [passage for passage in self.passages if passage.clause is not None]

    @cached_property
    def lowered(self) -> str:
        """All of it in lower case, to pass over quickly what cannot be there."""
        return "\n".join(passage.lowered for passage in self.passages)

    @cached_property
    def kind(self) -> Statutory | None:
        """What the catalogue of policies knows of a policy with this title."""
        return self.catalogue.statutory_for(self.document.title)

    def _passages(self) -> Iterator[Passage]:
        for place, section in enumerate(self.document.sections):
            if section.status != IN_USE:
                continue
            if section.heading:
                yield Passage(section.heading, section.label, place, None)
            yield from _clauses(place, section)


def _clauses(place: int, section: Section) -> Iterator[Passage]:
    above: list[Clause] = []
    for index, clause in enumerate(section.clauses):
        after = section.clauses[index + 1] if index + 1 < len(section.clauses) else None
        while above and not _opens(above[-1], clause):
            above.pop()
        parent = next((one for one in reversed(above) if one.label), None)
        yield Passage(
            text=clause.text,
            where=clause.label or (parent.label if parent else section.label),
            section=place,
            clause=index,
            heading=section.heading,
            intro=" ".join(one.text for one in above),
            is_row=" | " in clause.text,
            opens_list=after is not None and _opens(clause, after),
        )
        above.append(clause)


def _opens(clause: Clause, after: Clause) -> bool:
    """Whether a later clause belongs to the list that an earlier one opened."""
    return after.depth > clause.depth or (
        clause.text.endswith(":") and after.depth == clause.depth and not after.label
    )
