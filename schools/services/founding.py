"""Making a school."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import transaction

from core import audit, crypto, scope
from core.audit import Actor
from core.errors import DomainError
from schools.enums import SchoolKind
from schools.models import School, Trust


def create_school(
    name: str,
    slug: str,
    *,
    by: Actor,
    kind: str = SchoolKind.MAINTAINED,
    trust: Trust | None = None,
    **details: Any,
) -> School:
    """A school with its data key and the start of its audit chain. Made by a command, never from a page.

    Raises DomainError for a slug that is taken.
    """
    if School.objects.filter(slug=slug).exists():
        raise DomainError(f"There is a school {slug} already.")
    school = School(id=uuid4(), name=name, slug=slug, kind=kind, trust=trust, **details)
    with scope.acting(schools=[school.pk]), transaction.atomic():
        school.full_clean()
        school.save(force_insert=True)
        crypto.make_data_key(school.pk)
        audit.start_chain(school.pk)
        audit.record("school.created", by=by, school_id=school.pk, target=school, label=name)
    return school
