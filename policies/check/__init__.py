"""The policy check: pure functions that look at a document as it was read, one for each kind of fault.

A new check is a function from a `Case` to findings, and a line in `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from policies.check.bodies import outdated_body
from policies.check.case import Case
from policies.check.catalogue import Catalogue, shipped
from policies.check.companions import missing_companion
from policies.check.details import missing_details, review_overdue
from policies.check.editions import editions
from policies.check.finding import ERROR, NOTE, SEVERITIES, WARNING, Finding
from policies.check.holes import missing_text
from policies.check.labels import numbering
from policies.check.links import dead_link
from policies.check.own import OwnCatalogue, OwnEdition, OwnPolicy, read_catalogue, with_own
from policies.check.roles import role_mismatch
from policies.check.rules import rule_mismatch
from policies.check.school import Answer, HeldPolicy, Post, SchoolState
from policies.check.template import template_text
from policies.check.vocabulary import vocabulary_mismatch
from policies.reading.document import Document, Reading
from policies.reading.document import to_json as reading_to_json

CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    missing_details,
    review_overdue,
    role_mismatch,
    editions,
    rule_mismatch,
    template_text,
    missing_text,
    numbering,
    missing_companion,
    outdated_body,
    dead_link,
    vocabulary_mismatch,
)
MAX_OF_A_CHECK = 50
"""So that a hostile or broken file cannot fill a page."""


def check(case: Case) -> list[Finding]:
    """Everything that the checks find, gravest first, then in the order of the text."""
    found = [finding for one in CHECKS for finding in islice(one(case), MAX_OF_A_CHECK)]
    return sorted(found, key=lambda finding: finding.order)


@lru_cache(maxsize=128)
def check_document(
    document: Document,
    today: date,
    school: SchoolState | None = None,
    *,
    ratified: bool = True,
    owner: str = "",
) -> tuple[Finding, ...]:
    """What `check` finds by the catalogue, the school's own part included; kept for the next look on the same day."""
    return tuple(check(Case(document, today, catalogue_of(school), school, ratified, owner)))


def catalogue_of(school: SchoolState | None) -> Catalogue:
    """The catalogue as shipped with what a school adds to it."""
    return with_own(school.own) if school else shipped()


def to_json(reading: Reading, findings_of: Callable[[Document], Iterable[Finding]]) -> dict[str, Any]:
    """A reading as plain dictionaries and lists, each document with what was found in it."""
    read = reading_to_json(reading)
    for document, plain in zip(reading.documents, read["documents"], strict=True):
        plain["findings"] = [finding.as_json() for finding in findings_of(document)]
    return read


__all__ = [
    "CHECKS",
    "ERROR",
    "NOTE",
    "SEVERITIES",
    "WARNING",
    "Answer",
    "Case",
    "Catalogue",
    "Finding",
    "HeldPolicy",
    "OwnCatalogue",
    "OwnEdition",
    "OwnPolicy",
    "Post",
    "SchoolState",
    "catalogue_of",
    "check",
    "check_document",
    "read_catalogue",
    "shipped",
    "to_json",
    "with_own",
]
