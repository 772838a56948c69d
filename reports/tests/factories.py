"""Term reports for tests, made through the services."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from reports import services
from reports.models import TermReport
from schools.models import Membership, School, Term

SUMMARY = "Staff reported worries early, and families were told the same day."


def make_term(school: School, name: str = "Autumn term", *, ended_days_ago: int = 3, **dates: date) -> Term:
    """A term that ended some days ago."""
    last = timezone.localdate() - timedelta(days=ended_days_ago)
    return Term.objects.create(
        school=school, name=name, **{"starts_on": last - timedelta(days=90), "ends_on": last, **dates}
    )


def make_draft(by: Membership, term: Term | None = None, **words: Any) -> TermReport:
    """A report with frozen figures and opening words."""
    report = services.begin_report(term or make_term(by.school), by=by, client_ref=uuid4())
    return services.write_words(
        report, services.Words(**{"summary": SUMMARY, **words}), by=by, version=report.version
    )


def make_published(by: Membership, term: Term | None = None, **words: Any) -> TermReport:
    """A report that governors can read."""
    report = make_draft(by, term, **words)
    return services.publish_report(report, by=by, version=report.version)
