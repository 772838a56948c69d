"""Counts for the term report: by category, state, decision and outcome, never a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count

from incidents.enums import Route
from incidents.models import Concern, ConcernQuerySet
from schools.models import School
from schools.selectors import start_of


@dataclass(frozen=True)
class ConcernFigures:
    """What was logged about children from one day to another, both included, and where it stands.

    Keys are the stored plain values; "" means not decided yet. Exact counts: whoever shows them must band them.
    """

    start: date
    end: date
    total: int = 0
    by_category: dict[str, int] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)
    by_risk: dict[str, int] = field(default_factory=dict)
    by_decision: dict[str, int] = field(default_factory=dict)
    by_outcome: dict[str, int] = field(default_factory=dict)
    by_parents_told: dict[str, int] = field(default_factory=dict)


def concern_figures(school: School, start: date, end: date) -> ConcernFigures:
    """Figures of the concerns about children that were logged in a period. Concerns about adults are not in them."""
    names = ("category", "status", "risk", "decision", "outcome", "parents_told")
    rows = _logged(school, Route.CHILD, start, end).values(*names).annotate(n=Count("pk")).order_by()
    counters: dict[str, Counter[str]] = {name: Counter() for name in names}
    total = 0
    for row in rows:
        total += row["n"]
        for name in names:
            counters[name][row[name]] += row["n"]
    return ConcernFigures(start, end, total, **{f"by_{name}": dict(counters[name]) for name in names})


def staff_matters_handled(school: School, start: date, end: date) -> bool:
    """Whether any concern about an adult was logged in a period; more than that is not for a report."""
    return _logged(school, Route.ADULT, start, end).exists()


def _logged(school: School, route: Route, start: date, end: date) -> ConcernQuerySet:
    first, beyond = start_of(start), start_of(end + timedelta(days=1))
    return Concern.objects.filter(school=school, route=route, recorded_at__gte=first, recorded_at__lt=beyond)
