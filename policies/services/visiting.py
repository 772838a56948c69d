"""Visitors: tablets opened and closed, visitors signed in by themselves and out by the office, old visits erased.

Everybody agrees at every visit: it is one tick, and a tablet that knew people again would tell whoever stands before it
who was here before.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit, scope
from core.crypto import token_digest
from core.errors import WrongValue
from policies.enums import VisitorKind
from policies.models import Desk, Visit
from policies.selectors import visiting
from schools.enums import Permission
from schools.models import Membership, School
from schools.permissions import check_actor
from schools.selectors import rule_number, start_of

AT_DESK, RETENTION = audit.Job("visitors-desk"), audit.Job("retention")


@dataclass(frozen=True)
class Arrival:
    """What a visitor says at the desk."""

    kind: VisitorKind
    name: str
    host: str
    company: str = ""
    car: str = ""


def open_desk(place: str, *, by: Membership) -> str:
    """A secret address for a tablet, told this once."""
    check_actor(by, Permission.POLICY_COLLECT, by.school_id)
    if not place.strip():
        raise WrongValue("place", "Say where the tablet stands.")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        desk = Desk.objects.create(
            school_id=by.school_id, digest=token_digest(token), place=place.strip(), opened_by=by
        )
        audit.record("desk.opened", by=by, school_id=by.school_id, target=desk)
    return token


def close_desk(desk: Desk, *, by: Membership) -> None:
    """From now on the tablet leads nowhere; one that is closed stays so."""
    check_actor(by, Permission.POLICY_COLLECT, desk.school_id)
    with transaction.atomic():
        locked = Desk.objects.select_for_update().get(pk=desk.pk)
        if locked.closed_at is None:
            locked.closed_at = timezone.now()
            locked.save(update_fields=["closed_at", "updated_at"])
            audit.record("desk.closed", by=by, school_id=desk.school_id, target=locked)


def visit_ref(client_ref: UUID, said: Arrival) -> UUID:
    """The reference of a visit: that of the form together with its words."""
    return uuid5(client_ref, repr(said))


def sign_in_visitor(token: str, said: Arrival, *, client_ref: UUID) -> bool:
    """Records that a visitor came and agreed; False where the tablet was closed.

    The same form sent twice is one visit; with other words, on a page that was left standing, it is the next visitor's.
    """
    client_ref = visit_ref(client_ref, said)
    school_id = visiting.school_of_desk(token)
    if school_id is None:
        return False
    with scope.acting(schools=[school_id]):
        try:
            with transaction.atomic():
                return _sign_in(token, said, client_ref)
        except IntegrityError:
            with scope.reading():
                return Visit.objects.filter(school_id=school_id, client_ref=client_ref).exists()


def _sign_in(token: str, said: Arrival, client_ref: UUID) -> bool:
    desk = visiting.open_desk_of(token)
    if desk is None:
        return False
    if Visit.objects.filter(school_id=desk.school_id, client_ref=client_ref).exists():
        return True
    versions = visiting.versions_for(desk.school, said.kind)
    visit = Visit(
        school_id=desk.school_id,
        desk=desk,
        client_ref=client_ref,
        versions=[str(one.pk) for one in versions],
        agreed_at=timezone.now(),
        **vars(said),
    )
    visit.save(force_insert=True)
    told = visiting.told_visitors(desk.school, versions)
    changes = {"versions": [None, visit.versions], "told_before": [None, told.monitoring]}
    audit.record("visit.signed_in", by=AT_DESK, school_id=desk.school_id, target=visit, changes=changes)
    return True


def sign_out_visitor(visit: Visit, *, by: Membership) -> Visit:
    """Records that a visitor left; one who was signed out before stays so."""
    check_actor(by, Permission.POLICY_COLLECT, visit.school_id)
    with transaction.atomic():
        locked = Visit.objects.select_for_update().get(pk=visit.pk)
        if locked.left_at is None:
            locked.left_at, locked.signed_out_by = timezone.now(), by
            locked.save(update_fields=["left_at", "signed_out_by", "updated_at"])
            audit.record("visit.signed_out", by=by, school_id=visit.school_id, target=locked)
    return locked


def erase_visits(school: School, today: date) -> int:
    """Erases visits that are older than the school keeps them, signed out or not; how many. One audit entry with the number."""
    kept = today - timedelta(days=rule_number(school, "retention_visit_days"))
    old = Visit.objects.filter(school=school, agreed_at__lt=start_of(kept))
    if not old.exists():
        return 0
    with transaction.atomic():
        count, _ = old.delete()
        if not count:
            return 0  # somebody else was first
        changes: dict[str, list[Any]] = {"visits": [count, 0], "before": [None, kept.isoformat()]}
        audit.record("visits.erased", by=RETENTION, school_id=school.pk, changes=changes)
    return count
