"""Writes of the directory of outside contacts."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import Conflict, WrongValue
from schools.enums import Permission
from schools.models import Agency, School
from schools.permissions import check_actor
from schools.selectors import agency_kinds, stamp
from schools.services.locking import one_by_one

SHOWN = ("kind", "name", "aliases", "phone", "website", "hours", "when_to_use")
"""What a contact says."""


def add_agency(school: School, kind: str, name: str, *, by: Actor, **details: str) -> Agency:
    """An outside body that the school turns to. Raises WrongValue for a name that the directory holds already."""
    check_actor(by, Permission.AGENCY_MANAGE, school.pk)
    agency = Agency(school=school, kind=kind, name=name, **details)
    with transaction.atomic():
        _check_name(agency)
        agency.full_clean()
        agency.save(force_insert=True)
        audit.record("agency.added", by=by, school_id=school.pk, target=agency, label=name)
    return agency


def add_known_agencies(school: School, *, by: Actor) -> list[Agency]:
    """Whom every school in England turns to, where number and address are settled; not what the school holds already."""
    held = set(school.agencies.values_list("kind", flat=True))  # type: ignore[attr-defined]
    return [
        add_agency(school, by=by, **kind.suggestion)
        for kind in agency_kinds().values()
        if kind.is_settled and kind.key not in held
    ]


def change_agency(agency: Agency, *, by: Actor, seen: str, **new: Any) -> Agency:
    """Changes what a contact says; `seen` is its stamp when the form was made.

    Raises Conflict when somebody changed or removed it meanwhile, and WrongValue for a name that is taken.
    """
    check_actor(by, Permission.AGENCY_MANAGE, agency.school_id)
    with transaction.atomic():
        now = Agency.objects.select_for_update().filter(pk=agency.pk, school=agency.school).first()
        if now is None:
            raise Conflict("Somebody removed this contact while you were writing.")
        if stamp(now) != seen:
            raise Conflict("Somebody changed this contact while you were writing. Below is what you wrote.")
        changes = audit.diff(now, **new)
        for name, value in new.items():
            setattr(now, name, value)
        _check_name(now)
        now.full_clean()
        now.save(update_fields=[*new, "updated_at"])
        audit.record("agency.changed", by=by, school_id=now.school_id, target=now, label=now.name, changes=changes)  # fmt: skip
    return now


def remove_agency(agency: Agency, *, by: Actor) -> None:
    """Takes a contact out; the audit keeps what it said. Removed twice, it is gone once."""
    check_actor(by, Permission.AGENCY_MANAGE, agency.school_id)
    with transaction.atomic():
        now = Agency.objects.select_for_update().filter(pk=agency.pk, school=agency.school).first()
        if now is None:
            return
        changes = {name: [getattr(now, name), None] for name in SHOWN}
        now.delete()
        audit.record("agency.removed", by=by, school_id=agency.school_id, target=agency, changes=changes)


def _check_name(agency: Agency) -> None:
    one_by_one(agency.school_id)
    same = Agency.objects.filter(school_id=agency.school_id, name__iexact=agency.name).exclude(pk=agency.pk)
    if same.exists():
        raise WrongValue("name", "The directory holds a contact of this name already. Change that one.")
