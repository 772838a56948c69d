"""What the tests of consultations share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from policies.models import Consultation, Consulted, PolicyVersion
from schools.models import Membership

TODAY = timezone.localdate


def mine(consultation: Consultation, member: Membership) -> Consulted:
    """A member's place in a consultation."""
    return Consulted.objects.get(consultation=consultation, member=member)


def url(name: str, consultation: Consultation, *args: Any) -> str:
    """A page of a consultation."""
    return reverse(f"policies:{name}", args=[consultation.version.school.slug, consultation.pk, *args])


def state(version: PolicyVersion) -> str:
    """The state as stored."""
    version.refresh_from_db()
    return version.state
