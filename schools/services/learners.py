"""Children on roll and the adults to be told about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from core import audit
from core.audit import Actor
from schools.enums import Permission, Relationship
from schools.models import Learner, LearnerContact, School
from schools.services.founding import check_may


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
    check_may(by, Permission.PEOPLE_MANAGE, school)
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
    phone: str = "",
    relationship: str = Relationship.CARER,
    priority: int = 1,
) -> LearnerContact:
    """An adult to be told about a learner, in order of priority."""
    check_may(by, Permission.PEOPLE_MANAGE, learner.school)
    contact = LearnerContact(
        school_id=learner.school_id,
        learner=learner,
        name=name,
        phone=phone,
        relationship=relationship,
        priority=priority,
    )
    with transaction.atomic():
        contact.save(force_insert=True)
        audit.record("contact.added", by=by, school_id=learner.school_id, target=contact)
    return contact
