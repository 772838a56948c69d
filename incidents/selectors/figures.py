"""Counts for the term report: by category and outcome, never a name.

They are asked for the school and not for a person, so that they are the same whoever takes them. A concern from which
one of the safeguarding leads is shut out is in none of them: who counts what they may read, and then reads the report,
would know that there is one more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.utils import timezone

from core import scope
from incidents.enums import Audience, Route
from incidents.models import Action, Concern, ConcernQuerySet, ShutOut
from incidents.permissions import READERS
from schools.models import RoleAppointment, School
from schools.selectors import start_of


@dataclass(frozen=True)
class ConcernFigures:
    """What was logged about children from one day to another, both included, and what came of it.

    Keys are the stored plain values; "" means not decided yet. Exact counts: whoever shows them must band them.
    """

    total: int
    by_category: dict[str, int]
    by_outcome: dict[str, int]


@dataclass(frozen=True)
class LateFigures:
    """Open concerns about children past their clock, and actions on them past their day."""

    concerns: int
    actions: int


def concern_figures(school: School, start: date, end: date) -> ConcernFigures:
    """Figures of the concerns about children that were logged in a period. Concerns about adults are not in them."""
    categories, outcomes = Counter[str](), Counter[str]()
    with scope.acting(schools=[school.pk]), scope.reading():
        rows = _logged(_open_to_every_lead(school), start, end).values_list("category", "outcome")
        for category, outcome, n in rows.annotate(n=Count("pk")).order_by():
            categories[category] += n
            outcomes[outcome] += n
    return ConcernFigures(categories.total(), dict(categories), dict(outcomes))


def late_figures(school: School) -> LateFigures:
    """What is late at this moment."""
    with scope.acting(schools=[school.pk]), scope.reading():
        concerns = _open_to_every_lead(school)
        late = concerns.active().filter(due_at__lt=timezone.now()).count()
        actions = Action.objects.filter(concern__in=concerns, done_at=None, due_on__lt=timezone.localdate())
        return LateFigures(late, actions.count())


def staff_matters_handled(school: School, start: date, end: date) -> bool:
    """Whether any concern about an adult was logged in a period; more than that is not for a report."""
    with scope.acting(schools=[school.pk]), scope.reading():
        return _logged(Concern.objects.filter(school=school, route=Route.ADULT), start, end).exists()


def _open_to_every_lead(school: School) -> ConcernQuerySet:
    """Concerns about children that every safeguarding lead of today may read."""
    leads = RoleAppointment.objects.on(timezone.localdate()).filter(
        school=school, role__in=READERS[Audience.SAFEGUARDING]
    )
    hidden = ShutOut.objects.filter(school=school, user_id__in=leads.values("user_id"))
    return Concern.objects.filter(school=school, route=Route.CHILD).exclude(
        pk__in=hidden.values("concern_id")
    )


def _logged(concerns: ConcernQuerySet, start: date, end: date) -> ConcernQuerySet:
    first, beyond = start_of(start), start_of(end + timedelta(days=1))
    return concerns.filter(recorded_at__gte=first, recorded_at__lt=beyond)
