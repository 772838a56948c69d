"""E-mails about reports: a link, owed in the transaction of the change."""

from __future__ import annotations

from core.mail import queue_mails
from reports.models import TermReport
from schools.enums import Role
from schools.selectors import people_with_role

GOVERNING = (Role.NAMED_GOVERNOR, Role.GOVERNOR, Role.CHAIR, Role.CLERK)


def tell_governors(report: TermReport) -> None:
    """Tells those who govern that a report can be read."""
    queue_mails(
        "reports/report_published",
        to=[member.user.email for member in people_with_role(report.school, *GOVERNING)],
        school_id=report.school_id,
        cause=f"report-published:{report.pk}",
        path=report.get_absolute_url(),
    )
