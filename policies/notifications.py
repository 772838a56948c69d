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
    ConsultationLink,
    Consulted,
    PolicyVersion,
    ReadingLink,
    ReviewReminder,
)
from policies.selectors import audience_of, guests
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


def ask_guest(link: ConsultationLink, guest: Consulted) -> None:
    """Sends somebody without an account the address of their own page about a draft."""
    queue_mails(
        "policies/guest_asked",
        to=[str(guest.email)],
        school_id=guest.school_id,
        cause=f"policy-consultation:{guest.pk}",
        path=_guest_page(link),
    )


def remind_of_consultation(consultation: Consultation, silent: Iterable[Consulted], *, cause: str) -> None:
    """Reminds people who have not said yet what they think of a draft; each once for a cause."""
    cause, mails = reminder_cause(consultation, cause), []
    path = reverse("policies:consultation_read", args=[consultation.version.school.slug, consultation.pk])
    for one in silent:
        mail = OutgoingMail(school_id=consultation.school_id, cause=cause)
        if one.member:
            mail.template, mail.recipient, mail.path = "policies/to_comment", one.member.user.email, path
            mail.reference = consultation.version.title
        elif one.email:
            mail.template, mail.recipient = "policies/guest_asked", str(one.email)
            mail.path = _guest_page(one.links.all()[0])
        if mail.recipient:
            mails.append(mail)
    queue_each(mails)


def reminder_cause(consultation: Consultation, cause: str) -> str:
    """How the outbox knows the reminders of a consultation."""
    return f"policy-consultation:{consultation.pk}:{cause}"


def _guest_page(link: ConsultationLink) -> str:
    return reverse("guest_draft", args=[guests.token_of(link)])


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
