"""Counts for the term report: by category and outcome, never a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from core import scope
from incidents.enums import Route
from incidents.models import Concern, ConcernQuerySet
from schools.models import School
from schools.selectors import start_of


@dataclass(frozen=True)
class ConcernFigures:
    """What was logged about children from one day to another, both included, and what came of it.

    Keys are the stored plain values; "" means not decided yet. Exact counts: whoever shows them must band them.
    """

    total: int
    by_category: dict[str, int]
    by_outcome: dict[str, int]


def concern_figures(school: School, start: date, end: date) -> ConcernFigures:
    """Figures of the concerns about children that were logged in a period. Concerns about adults are not in them."""
    rows = _logged(school, Route.CHILD, start, end).values_list("category", "outcome")
    categories, outcomes = Counter[str](), Counter[str]()
    for category, outcome, n in rows.annotate(n=Count("pk")).order_by():
        categories[category] += n
        outcomes[outcome] += n
    return ConcernFigures(categories.total(), dict(categories), dict(outcomes))


def staff_matters_handled(school: School, start: date, end: date) -> bool:
    """Whether any concern about an adult was logged in a period; more than that is not for a report.

    Asked for the school and not for a person: the answer is the same when the only one is about whoever asks.
    """
    with scope.acting(schools=[school.pk]), scope.reading():
        return _logged(school, Route.ADULT, start, end).exists()


def _logged(school: School, route: Route, start: date, end: date) -> ConcernQuerySet:
    first, beyond = start_of(start), start_of(end + timedelta(days=1))
    return Concern.objects.filter(school=school, route=route, recorded_at__gte=first, recorded_at__lt=beyond)
