"""Term reports as their readers and their authors find them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from core.models import AuditHead
from reports.enums import ReportState
from reports.models import TermReport
from schools.enums import Permission
from schools.models import Membership, School, Term
from schools.permissions import has_permission


def published(school: School) -> QuerySet[TermReport]:
    """What governors may read, newest first."""
    return TermReport.objects.filter(school=school, state=ReportState.PUBLISHED).select_related(
        "school", "term"
    )


def readable(by: Membership) -> QuerySet[TermReport]:
    """Published reports; for whoever prepares them, drafts as well."""
    reports = TermReport.objects.filter(school_id=by.school_id).select_related("school", "term")
    if has_permission(by, Permission.REPORT_PREPARE):
        return reports
    return reports.filter(state=ReportState.PUBLISHED)


def drafts(school: School) -> QuerySet[TermReport]:
    """Reports that are being prepared."""
    return TermReport.objects.filter(school=school, state=ReportState.DRAFT).select_related("school", "term")


def terms_without_report(school: School, *, newest: int = 3) -> list[Term]:
    """The newest terms that are over and have no report yet."""
    over = Term.objects.filter(school=school, ends_on__lt=timezone.localdate(), reports=None)
    return list(over.order_by("-ends_on")[:newest])


def before(report: TermReport) -> TermReport | None:
    """The newest published report about an earlier term."""
    return published(report.school).filter(covers_to__lt=report.term.starts_on).first()


def trend(report: TermReport, *, most: int = 4) -> list[TermReport]:
    """This report after the published ones before it, oldest first."""
    earlier = published(report.school).filter(covers_to__lt=report.covers_from)[: most - 1]
    return [*reversed(earlier), report]


def chain_head(school: School) -> tuple[int, str]:
    """Number and hash of the newest entry of the school's audit."""
    head = AuditHead.objects.get(school_id=school.pk)
    return head.seq, head.hash
