"""Writes of reports: freeze a term's figures, write the words, publish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.errors import Conflict
from reports import notifications
from reports.enums import ReportState
from reports.models import WORDS, TermReport
from reports.permissions import check_can_begin, check_can_publish, check_can_write, check_words
from reports.selectors.figures import period_of, term_figures
from reports.selectors.term_reports import chain_head
from schools.models import Membership, School, Term
from schools.selectors import learners_on_roll, members


@dataclass(frozen=True)
class Words:
    """What the DSL says in a report."""

    summary: str
    outcomes: str = ""
    learnt: str = ""
    requirements: str = ""
    asks: str = ""


def begin_report(term: Term, *, by: Membership, client_ref: UUID) -> TermReport:
    """Freezes the figures of a term that is over: stored once, shown again and never taken anew.

    A term has one report: asked again, the first is returned. What two people begin at once is frozen one after the
    other, since each report is made to be read beside all others.
    """
    check_can_begin(by, term)
    try:
        with transaction.atomic():
            list(Term.objects.select_for_update().filter(school_id=term.school_id).order_by("pk"))
            return TermReport.objects.filter(term=term).first() or _freeze(term, by, client_ref)
    except IntegrityError:
        return TermReport.objects.get(term=term)


def _freeze(term: Term, by: Membership, client_ref: UUID) -> TermReport:
    period = period_of(term)
    report = TermReport(
        school_id=term.school_id, term=term, client_ref=client_ref, covers_from=period.first, covers_to=period.last,
        figures=term_figures(term, TermReport.objects.filter(school_id=term.school_id)), prepared_by=by,
    )  # fmt: skip
    report.save(force_insert=True)
    audit.record("report.frozen", by=by, school_id=report.school_id, target=report)
    return report


def write_words(report: TermReport, words: Words, *, by: Membership, version: int) -> TermReport:
    """Keeps the words of a draft. Raises DomainError where they name somebody, Conflict when somebody was first."""
    check_words(asdict(words).values(), _names(report.school))
    with transaction.atomic():
        report = _locked(report, version)
        check_can_write(by, report)
        for name in WORDS:
            setattr(report, name, getattr(words, name).strip())
        report.prepared_by, report.version = by, report.version + 1
        report.save(update_fields=[*WORDS, "prepared_by", "version", "updated_at"])
        audit.record("report.written", by=by, school_id=report.school_id, target=report)
    return report


def publish_report(report: TermReport, *, by: Membership, version: int) -> TermReport:
    """Shows a report to those who govern and tells them. From then on nothing in it changes."""
    with transaction.atomic():
        report = _locked(report, version)
        check_can_publish(by, report)
        check_words((getattr(report, name) for name in WORDS), _names(report.school))
        report.state, report.published_at, report.published_by = ReportState.PUBLISHED, timezone.now(), by
        report.audit_seq, report.audit_head = chain_head(report.school)
        report.version += 1
        names = ["state", "published_at", "published_by", "audit_seq", "audit_head", "version", "updated_at"]
        report.save(update_fields=names)
        notifications.tell_governors(report)
        audit.record(
            "report.published", by=by, school_id=report.school_id, target=report,
            changes={"state": [ReportState.DRAFT.value, ReportState.PUBLISHED.value]},
        )  # fmt: skip
    return report


def _locked(report: TermReport, version: int) -> TermReport:
    now = (
        TermReport.objects.select_for_update(of=("self",)).select_related("school", "term").get(pk=report.pk)
    )
    if now.version != version:
        who = (now.published_by or now.prepared_by).name
        when = timezone.localtime(now.updated_at).strftime("%H:%M")
        raise Conflict(f"{who} changed this report at {when}: it is “{ReportState(now.state).label}” now.")
    return now


def _names(school: School) -> Iterator[str]:
    """Names that words may not hold: last names and full names of learners, full names of members."""
    for learner in learners_on_roll(school):
        yield learner.name
        yield learner.last_name
    for member in members(school):
        yield member.name
