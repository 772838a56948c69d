"""Whom a policy asks to read it, what they are told first, and what was gone through with a new member."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import DomainError, PermissionRefused, WrongValue
from policies.models import Induction, Policy
from policies.services.locking import lock_policy
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_actor


def set_owner_and_audience(policy: Policy, *, by: Actor, owner_role: str, **readers: Any) -> Policy:
    """Both at once: who owns a policy, and what `set_audience` takes."""
    with transaction.atomic():
        return set_audience(hand_over(policy, owner_role, by=by), by=by, **readers)


def hand_over(policy: Policy, owner_role: str, *, by: Actor) -> Policy:
    """Gives a policy to the post that owns it from now on; the same again changes nothing.

    Raises Conflict when somebody changed the policy since it was read.
    """
    check_actor(by, Permission.POLICY_MANAGE, policy.school_id)
    with transaction.atomic():
        locked = lock_policy(policy)
        changes = audit.diff(locked, owner_role=owner_role)
        if not changes:
            return locked
        locked.owner_role, locked.revision = owner_role, locked.revision + 1
        locked.save(update_fields=["owner_role", "revision", "updated_at"])
        audit.record(
            "policy.handed_over",
            by=by,
            school_id=locked.school_id,
            target=locked,
            label=locked.title,
            changes=changes,
        )
    return locked


def set_audience(
    policy: Policy,
    *,
    by: Actor,
    audience: Sequence[str],
    classes: Sequence[str] = (),
    agreement: str = "",
    monitoring: str = "",
) -> Policy:
    """Says who reads a policy, and what they are told before they agree. It holds from now on, for a running round too.

    Raises Conflict when somebody changed it since `policy` was read.
    """
    check_actor(by, Permission.POLICY_MANAGE, policy.school_id)
    new = {
        "audience": list(audience),
        "classes": list(classes),
        "agreement": agreement,
        "monitoring": monitoring,
    }
    with transaction.atomic():
        locked = lock_policy(policy)
        changes = audit.diff(locked, **new)
        locked.revision += 1
        for name, value in new.items():
            setattr(locked, name, value)
        locked.save(update_fields=[*new, "revision", "updated_at"])
        audit.record(
            "policy.audience_set",
            by=by,
            school_id=locked.school_id,
            target=locked,
            label=locked.title,
            changes=changes,
        )
    return locked


def record_induction(
    member: Membership,
    policies: Collection[Policy],
    *,
    by: Membership,
    discussed_by: Membership,
    on: date,
) -> list[Induction]:
    """Records that somebody went through policies with a new member; what is on record already stays as it is.

    Raises WrongValue for a day before they came or after today, DomainError where nothing was chosen, PermissionRefused
    for one's own.
    """
    check_actor(by, Permission.POLICY_COLLECT, member.school_id)
    _check_induction(member, by, discussed_by, on)
    if not policies:
        raise DomainError("Tick the policies that were gone through.")
    with transaction.atomic():
        # The member's row is locked, so that two lists at once do not both add the same policy.
        Membership.objects.select_for_update().only("pk").get(pk=member.pk)
        known = set(Induction.objects.filter(member=member).values_list("policy_id", flat=True))
        rows = [
            Induction(school_id=member.school_id, member=member, policy=one, discussed_by=discussed_by, on=on)
            for one in policies
            if one.pk not in known
        ]
        Induction.objects.bulk_create(rows)
        audit.record(
            "member.inducted",
            by=by,
            school_id=member.school_id,
            target=member,
            changes={"policies": [None, [str(row.policy_id) for row in rows]], "on": [None, on.isoformat()]},
        )
    return rows


def _check_induction(member: Membership, by: Membership, discussed_by: Membership, on: date) -> None:
    """Raises what `record_induction` says."""
    if by.pk == member.pk:
        raise PermissionRefused(
            "Nobody records their own induction. Ask somebody else in the office or leadership."
        )
    if discussed_by.pk == member.pk:
        raise WrongValue("discussed_by", "Choose who went through them with the new member.")
    if not member.starts_on <= on <= timezone.localdate():
        raise WrongValue("on", "Give a day since they came, and not one that lies ahead.")
