"""The figures of one term as they are frozen: bands of people's matters, and plain facts about documents and checks.

Exact counts about people live in local variables here and go no further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from devices.selectors import device_figures, reasons
from incidents.enums import Outcome
from incidents.procedures import kinds
from incidents.selectors.figures import concern_figures, late_figures, staff_matters_handled
from policies.selectors import acknowledgement_figures, policy_standing
from registers.selectors import last_held
from reports.models import TermReport
from reports.selectors.bands import Band, Population, band, band_from, shown
from schools.models import School, Term
from schools.selectors import fill, vocabulary

YEAR_BEGINS = 9
LAST_MONTHS = (6, 7, 8)
"""The term that ends in one of these months is the last of the school year."""

KIND_GROUPS = (
    ("online", "Life online"),
    ("between", "Between {learners}"),
    ("harm", "Harm or neglect"),
    ("welfare", "Welfare and other"),
    ("unsorted", "Not sorted"),
)
BETWEEN = {"bullying", "harm_between_children", "sexual_harm_children"}
HARM = {
    "sexual_abuse", "exploitation", "radicalisation", "physical_harm", "emotional_harm", "neglect",
    "domestic_abuse", "family",
}  # fmt: skip

OUTCOME_GROUPS = (
    ("school", "Help in {school}"),
    ("agencies", "Other agencies"),
    ("filtering", "Filtering changed"),
    ("none", "No further action"),
    ("open", "Still open"),
)
OUTCOME_GROUP_OF = {
    "": "open",
    Outcome.NO_FURTHER_ACTION: "none",
    Outcome.FILTERING_CHANGED: "filtering",
    Outcome.EARLY_HELP: "agencies",
    Outcome.SOCIAL_CARE: "agencies",
    Outcome.POLICE: "agencies",
}
FIRST_REASONS = 4
"""Reasons for taking a device that have a cell of their own; the school's others share one."""


@dataclass(frozen=True)
class Period:
    """The days that a report covers: from the day after the last term ended, so that a late entry is in the next."""

    first: date
    last: date


def period_of(term: Term) -> Period:
    """The days that the report about a term covers."""
    before = (
        Term.objects.filter(school_id=term.school_id, ends_on__lt=term.starts_on).order_by("-ends_on").first()
    )
    return Period(before.ends_on + timedelta(days=1) if before else term.starts_on, term.ends_on)


def term_figures(term: Term, others: Iterable[TermReport]) -> dict[str, Any]:
    """Everything a report shows besides words, as plain data.

    `others` are all reports of the school, drafts as well and whichever term they are about: they will be read beside this one.
    """
    school, period, stored = term.school, period_of(term), [report.figures for report in others]
    return {
        "concerns": _concerns(school, period, [population_of(one["concerns"]) for one in stored]),
        "devices": _devices(school, period, [population_of(one["devices"]) for one in stored]),
        "late": _late(school),
        "staff": _staff_matters(school, term),
        "policies": _policies(school),
        "practice": _practice(school, period),
    }


def _concerns(school: School, period: Period, others: Sequence[Population]) -> dict[str, Any]:
    counts, words = concern_figures(school, period.first, period.last), vocabulary(school)
    kinds_table = _grouped(counts.by_category, KIND_GROUPS, _kind_group)
    outcomes = _grouped(counts.by_outcome, OUTCOME_GROUPS, lambda key: OUTCOME_GROUP_OF.get(key, "school"))
    tables = (
        ("kinds", "What was reported", _labelled(KIND_GROUPS, kinds_table, words)),
        ("outcomes", "What came of it", _labelled(OUTCOME_GROUPS, outcomes, words)),
    )
    return banded(counts.total, tables, others)


def _kind_group(category: str) -> str:
    if not category:
        return "unsorted"
    if category in BETWEEN:
        return "between"
    if category in HARM:
        return "harm"
    kind = kinds().get(category)
    return "online" if kind and kind.group == "online" else "welfare"


def _devices(school: School, period: Period, others: Sequence[Population]) -> dict[str, Any]:
    counts, words = device_figures(school, period.first, period.last), vocabulary(school)
    own = reasons(school)[:FIRST_REASONS]
    groups = (*((reason, reason) for reason in own), ("other", "Any other reason"))
    table = _grouped(counts.by_reason, groups, lambda key: key if key in own else "other")
    tables = (("reasons", "Why devices were taken in", _labelled(groups, table, words)),)
    return banded(counts.taken, tables, others)


Cells = list[tuple[str, str, int]]


def _grouped(counts: Mapping[str, int], groups: Iterable[tuple[str, str]], group_of: Any) -> dict[str, int]:
    sums = {key: 0 for key, _ in groups}
    for key, count in counts.items():
        sums[group_of(key)] += count
    return sums


def _labelled(
    groups: Iterable[tuple[str, str]], counts: Mapping[str, int], words: Mapping[str, str]
) -> Cells:
    def label(text: str) -> str:
        filled = fill(text, words)
        return filled[:1].upper() + filled[1:]

    return [(key, label(text), counts[key]) for key, text in groups]


def banded(
    total: int, tables: Sequence[tuple[str, str, Cells]], others: Sequence[Population] = ()
) -> dict[str, Any]:
    """A total and its tables in bands; a table that could give a child away, alone or beside the others, has no cells."""
    population = Population(
        band(total),
        tuple(tuple(band(n) for _, _, n in cells) for _, _, cells in tables),
        tuple(tuple(key for key, _, _ in cells) for _, _, cells in tables),
    )
    safe = shown(population, others)
    rows = [
        {
            "key": key,
            "title": title,
            "cells": [
                {"key": cell, "label": label, "low": one.low}
                for (cell, label, _), one in zip(cells, bands, strict=False)
            ],
        }
        for (key, title, cells), bands in zip(tables, safe.tables, strict=True)
    ]
    return {"low": safe.total.low, "tables": rows}


def population_of(stored: dict[str, Any]) -> Population:
    """The bands of a stored population."""
    tables = [table["cells"] for table in stored["tables"]]
    return Population(
        band_from(stored["low"]),
        tuple(tuple(band_from(cell["low"]) for cell in cells) for cells in tables),
        tuple(tuple(cell["key"] for cell in cells) for cells in tables),
    )


def _late(school: School) -> list[dict[str, Any]]:
    late = late_figures(school)
    rows: list[tuple[str, str, Band]] = [
        ("concerns", "Concerns past their clock", band(late.concerns)),
        ("actions", "Actions past their day", band(late.actions)),
    ]
    return [{"key": key, "label": label, "low": one.low} for key, label, one in rows]


def _staff_matters(school: School, term: Term) -> str:
    """Once a year, with the last term's report: "handled" or "none", and never more (empty in other terms)."""
    if term.ends_on.month not in LAST_MONTHS:
        return ""
    begins = date(term.ends_on.year - 1, YEAR_BEGINS, 1)
    return "handled" if staff_matters_handled(school, begins, term.ends_on) else "none"


def _policies(school: School) -> list[dict[str, Any]]:
    """How each policy stands; of readers, only the band of those who have not read it yet."""
    unread = {one.title: band(one.asked - one.done).low for one in acknowledgement_figures(school)}
    return [
        {
            "title": row.title,
            "state": row.state,
            "next_review": row.next_review,
            "overdue": row.days_to_review is not None and row.days_to_review < 0,
            "unread": unread.get(row.title),
        }
        for row in policy_standing(school, timezone.localdate()).rows
    ]


def _practice(school: School, period: Period) -> list[dict[str, str]]:
    """The days on which what must be done each term was last done in the period; empty where it was not."""
    held = last_held(school, period.first, period.last)
    return [{"key": key, "on": day.isoformat() if day else ""} for key, day in held.items()]
