"""Who is written to about policies. An e-mail holds a title and a link, never a name."""

from __future__ import annotations

from datetime import date

from core.mail import queue_mail, queue_mails
from policies.models import PolicyVersion
from policies.selectors import audience_of
from schools.models import Membership


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


def remind_of_review(version: PolicyVersion, recipient: Membership, due_on: date) -> None:
    """Tells one person that the review of a policy is due; once a stage."""
    queue_mail(
        "policies/review_due",
        to=recipient.user.email,
        school_id=version.school_id,
        cause=f"policy-review:{version.pk}:{due_on}",
        path=version.get_absolute_url(),
        reference=version.title,
    )
