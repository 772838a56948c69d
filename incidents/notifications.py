"""E-mails about concerns: a reference and a link, owed in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from core.mail import queue_mail, queue_mails
from incidents.models import ChronologyEntry, Concern
from schools.models import Membership
from schools.selectors import members


def tell_readers(concern: Concern, people: Iterable[Membership]) -> None:
    """Tells those who may read a new concern."""
    template = "immediate_danger" if concern.immediate_danger else "concern_logged"
    queue_mails(
        f"incidents/{template}",
        to=[person.user.email for person in people],
        school_id=concern.school_id,
        cause=f"concern-logged:{concern.pk}:{concern.audience}",
        path=concern.get_absolute_url(),
        reference=concern.reference,
    )


def tell_lead(concern: Concern, lead: Membership, *, by: Membership) -> None:
    """Tells somebody that a concern was given to them by another."""
    if lead.pk != by.pk:
        queue_mail(
            "incidents/concern_assigned",
            to=lead.user.email,
            school_id=concern.school_id,
            cause=f"concern-assigned:{concern.pk}:{concern.version}",
            path=concern.get_absolute_url(),
            reference=concern.reference,
        )


def tell_reporter(concern: Concern, reply: ChronologyEntry) -> None:
    """Tells the reporter that somebody wrote back, unless they have left: their account here no longer opens."""
    if not members(concern.school).filter(pk=concern.reporter_id).exists():
        return
    path = reverse("incidents:own_detail", args=[concern.school.slug, concern.pk])
    queue_mail(
        "incidents/reply_written",
        to=concern.reporter.user.email,
        school_id=concern.school_id,
        cause=f"concern-reply:{reply.pk}",
        path=path,
        reference=concern.reference,
    )
