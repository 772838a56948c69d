"""How the schools of a trust stand: dates and titles, never anything that somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from policies.models import PolicyVersion
from reports.enums import ReportState
from reports.models import TermReport
from schools.models import School, Term


@dataclass
class Standing:
    """One school: policies in force, those whose review is overdue, and the report about its last term."""

    school: str
    in_force: int = 0
    overdue: list[tuple[str, date]] = field(default_factory=list)
    last_term: str = ""
    published_at: datetime | None = None


def standings(schools: Iterable[School]) -> list[Standing]:
    """Each school's standing today, in the order given; the number of queries does not grow with the schools.

    Columns with narrative are not read. Needs the scope of these schools.
    """
    found = {school.pk: Standing(school.name) for school in schools}
    today = timezone.localdate()
    binding = PolicyVersion.objects.binding().filter(school_id__in=found)
    for school, title, due in binding.order_by("title").values_list("school_id", "title", "next_review_on"):
        found[school].in_force += 1
        if due is not None and due < today:
            found[school].overdue.append((title, due))
    reports = TermReport.objects.filter(school_id__in=found, state=ReportState.PUBLISHED)
    published = dict(reports.values_list("term_id", "published_at"))
    for school, (term, name) in _last_terms(found, today).items():
        found[school].last_term, found[school].published_at = name, published.get(term)
    return list(found.values())


def _last_terms(schools: Iterable[UUID], today: date) -> dict[UUID, tuple[UUID, str]]:
    over = Term.objects.filter(school_id__in=schools, ends_on__lt=today).order_by("ends_on")
    return {school: (term, name) for school, term, name in over.values_list("school_id", "pk", "name")}
