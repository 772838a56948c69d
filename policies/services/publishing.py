"""A version on the school's public page, and the record of where attention was drawn to it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import DomainError, InvalidTransition
from policies.enums import TOLD_BY_PEOPLE, Place
from policies.models import Announcement, PolicyVersion
from schools.enums import Permission
from schools.permissions import check_actor, member_of


def publish_version(version: PolicyVersion, *, by: Actor) -> PolicyVersion:
    """Puts a version in force on the public page; the same again changes nothing.

    Raises InvalidTransition for a version that is not in force.
    """
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    with transaction.atomic():
        locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
        if not locked.is_binding:
            raise InvalidTransition("Only a version in force is published. This one is not in force.")
        if locked.published_at is None:
            locked.published_at = timezone.now()
            _save(locked, Place.PAGE, "policy_version.published", by)
    return locked


def keep_published(version: PolicyVersion, old: PolicyVersion | None, *, by: Actor) -> None:
    """Puts a version that came into force on the public page where the one before it stood there, in the same transaction.

    What anybody reads there is always what is in force: nobody has to remember the page.
    """
    if old and old.published_at and version.published_at is None:
        version.published_at = timezone.now()
        _save(version, Place.PAGE, "policy_version.published", by)


def unpublish_version(version: PolicyVersion, *, by: Actor) -> PolicyVersion:
    """Takes a version in force off the public page; the same again changes nothing.

    Raises InvalidTransition for a version that is not in force: another may stand on the page in its place.
    """
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    with transaction.atomic():
        locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
        if not locked.is_binding:
            raise InvalidTransition(
                "This version is not in force, so it is not on the public page. Open the one that is in force."
            )
        if locked.published_at is not None:
            locked.published_at = None
            _save(locked, Place.PAGE_LEFT, "policy_version.unpublished", by)
    return locked


def record_announcement(
    version: PolicyVersion, *, by: Actor, place: str, on: date, note: str = ""
) -> Announcement:
    """Records where and when people's attention was drawn to a version, once it has happened.

    Raises DomainError for a day to come and for a place that only publishing records.
    """
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    if place not in TOLD_BY_PEOPLE:
        raise DomainError("Choose where people's attention was drawn to it.")
    if on > timezone.localdate():
        raise DomainError("Record it once it has happened: the day is still to come.")
    with transaction.atomic():
        made = _announce(version, Place(place), on, by, note.strip())
        _record("policy_version.announced", version, by, {"place": ["", place], "on": ["", on.isoformat()]})
    return made


def _save(version: PolicyVersion, place: Place, action: str, by: Actor) -> None:
    """The switch is no step in a version's life, so whoever works on the version is not disturbed."""
    version.save(update_fields=["published_at", "updated_at"])
    _announce(version, place, timezone.localdate(), by, "")
    _record(action, version, by)


def _announce(version: PolicyVersion, place: Place, on: date, by: Actor, note: str) -> Announcement:
    made = Announcement(
        school_id=version.school_id,
        version=version,
        place=place,
        on=on,
        note=note,
        by=member_of(by),
    )
    made.full_clean()
    made.save(force_insert=True)
    return made


def _record(
    action: str, version: PolicyVersion, by: Actor, changes: dict[str, list[str]] | None = None
) -> None:
    audit.record(
        action, by=by, school_id=version.school_id, target=version, label=version.title, changes=changes
    )
