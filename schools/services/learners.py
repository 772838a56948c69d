"""Children on roll and the adults to be told about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from core import audit
from core.audit import Actor
from schools.enums import Permission, Relationship
from schools.models import Learner, LearnerContact, School
from schools.permissions import check_actor
from schools.services.locking import as_read


def add_learner(
    school: School,
    first_name: str,
    last_name: str,
    *,
    by: Actor,
    birth_date: date | None = None,
    **details: Any,
) -> Learner:
    """A child on roll."""
    check_actor(by, Permission.PEOPLE_MANAGE, school.pk)
    learner = Learner(
        school=school, first_name=first_name, last_name=last_name, birth_date=birth_date, **details
    )
    with transaction.atomic():
        learner.save(force_insert=True)
        audit.record("learner.added", by=by, school_id=school.pk, target=learner, label=learner.name)
    return learner


def add_contact(
    learner: Learner,
    name: str,
    *,
    by: Actor,
    relationship: str = Relationship.CARER,
    priority: int = 1,
    **reach: str,
) -> LearnerContact:
    """An adult to be told about a learner, in order of priority; `reach` is their phone number and e-mail address."""
    check_actor(by, Permission.PEOPLE_MANAGE, learner.school_id)
    contact = LearnerContact(
        school_id=learner.school_id,
        learner=learner,
        name=name,
        relationship=relationship,
        priority=priority,
        **reach,
    )
    with transaction.atomic():
        contact.save(force_insert=True)
        audit.record("contact.added", by=by, school_id=learner.school_id, target=contact)
    return contact


def set_contact_email(contact: LearnerContact, email: str, *, by: Actor) -> LearnerContact:
    """Sets or, with "", takes away the e-mail address of a contact. Raises Conflict where somebody did since it was read."""
    check_actor(by, Permission.POLICY_COLLECT, contact.school_id)
    with transaction.atomic():
        locked = as_read(contact, "email")
        changes = audit.diff(locked, email=email)
        locked.email = email
        locked.save(update_fields=["email", "updated_at"])
        audit.record("contact.email_set", by=by, school_id=locked.school_id, target=locked, changes=changes)
    return locked
