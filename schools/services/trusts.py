"""Making a trust of schools, with the person who sees how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from core import audit, scope
from core.audit import Job
from core.errors import DomainError
from schools.models import School, Trust, TrustAppointment, User


def create_trust(name: str, slug: str, schools: Sequence[School], lead: User, *, by: Job) -> Trust:
    """A trust of these schools with its lead, who sees how they stand and no record. Made by a command, never from a page.

    Written to the audit of each school. Raises DomainError for a slug that is taken, and a school of another trust.
    """
    if Trust.objects.filter(slug=slug).exists():
        raise DomainError(f"There is a trust {slug} already.")
    trust = Trust(id=uuid4(), name=name, slug=slug)
    trust.full_clean()
    chosen = [school.pk for school in schools]
    with scope.acting(schools=chosen), transaction.atomic():
        trust.save(force_insert=True)
        appointment = TrustAppointment.objects.create(trust=trust, user=lead, starts_on=timezone.localdate())
        # In one order, so that two commands at once cannot wait for each other.
        for school in School.objects.select_for_update().filter(pk__in=chosen).order_by("pk"):
            if school.trust_id is not None:
                raise DomainError(f"{school.slug} belongs to a trust already.")
            changes = {"trust": [None, slug]}
            school.trust = trust
            school.save(update_fields=["trust", "updated_at"])
            audit.record(
                "school.joined_trust", by=by, school_id=school.pk, target=school, label=name, changes=changes
            )
            audit.record("trust_lead.given", by=by, school_id=school.pk, target=appointment, label=lead.name)
    return trust
