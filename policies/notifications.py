"""Who is written to about policies. An e-mail holds a title and a link, never a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from core.mail import queue_each, queue_mails
from core.models import OutgoingMail
from policies.enums import ReminderState
from policies.models import (
    ApprovalRound,
    Approver,
    Consultation,
    PolicyVersion,
    ReadingLink,
    ReviewReminder,
)
from policies.selectors import audience_of
from policies.selectors.parents import token_of
from schools.models import Membership, School


def ask_to_acknowledge(version: PolicyVersion) -> None:
    """Asks everybody whom the policy covers to read this version; once a person and version."""
    queue_mails(
        "policies/to_acknowledge",
        to=[member.user.email for member in audience_of(version.policy)],
        school_id=version.school_id,
        cause=f"policy-acknowledge:{version.pk}",
        path=version.get_absolute_url(),
        reference=version.title,
    )


def ask_for_comments(consultation: Consultation, members: Iterable[Membership]) -> None:
    """Asks members what they think of a draft; once a person and consultation."""
    version = consultation.version
    queue_mails(
        "policies/to_comment",
        to=[one.user.email for one in members],
        school_id=consultation.school_id,
        cause=f"policy-consultation:{consultation.pk}",
        path=reverse("policies:consultation_read", args=[version.school.slug, consultation.pk]),
        reference=version.title,
    )


def ask_to_approve(version: PolicyVersion, approvers: Iterable[Approver]) -> None:
    """Tells approvers that it is their turn; once a place in a round."""
    for one in approvers:
        queue_mails(
            "policies/to_approve",
            to=[one.member.user.email],
            school_id=version.school_id,
            cause=f"policy-approval:{one.pk}",
            path=reverse("policies:version_decide", args=[version.school.slug, version.pk]),
            reference=version.title,
        )


def tell_of_approval(round_: ApprovalRound, *, template: str) -> None:
    """Tells who sent a version to its approvers what came of it; once a round and outcome."""
    version = round_.version
    if round_.started_by:
        queue_mails(
            template,
            to=[round_.started_by.user.email],
            school_id=version.school_id,
            cause=f"{template}:{round_.pk}",
            path=version.get_absolute_url(),
            reference=version.title,
        )


def remind_of_reading(school: School, people: Iterable[Membership], *, cause: str) -> None:
    """Leads members to their reading list: one e-mail for all that waits there, once for each cause."""
    queue_mails(
        "policies/reading_waits",
        to=[one.user.email for one in people],
        school_id=school.pk,
        cause=cause,
        path=reverse("policies:reading_list", args=[school.slug]),
    )


def lead_parents(school: School, links: Iterable[ReadingLink], *, template: str, cause: str) -> None:
    """Owes the address of each link one e-mail for this cause, which names the school and nobody else."""
    queue_each(
        [
            OutgoingMail(
                school_id=school.pk,
                recipient=link.address,
                cause=cause,
                template=template,
                path=reverse("parent_reading", args=[token_of(link)]),
                reference=school.name,
            )
            for link in links
        ]
    )


def remind_of_reviews(schools: Iterable[UUID], *, since: datetime) -> None:
    """Tells everybody for whom a reminder was recorded in these schools at that moment; once a stage and person."""
    recorded = ReviewReminder.objects.filter(
        school_id__in=schools, created_at=since, state=ReminderState.QUEUED
    )
    rows = recorded.values_list(
        "school_id", "school__slug", "version_id", "version__title", "due_on", "recipient__user__email"
    )
    queue_each(
        [
            OutgoingMail(
                school_id=school_id,
                recipient=email,
                cause=f"policy-review:{version_id}:{due_on}",
                template="policies/review_due",
                path=reverse("policies:version_detail", args=[slug, version_id]),
                reference=title,
            )
            for school_id, slug, version_id, title, due_on, email in rows
        ]
    )
