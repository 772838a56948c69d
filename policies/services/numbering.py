"""Whether a draft becomes the next major version, or a minor one of the version in force that needs nobody's yes."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from core import audit
from core.audit import Actor
from core.errors import InvalidTransition, WrongValue
from policies.enums import VersionState as V
from policies.models import Policy, PolicyVersion
from policies.services.locking import lock_version, save_version
from schools.enums import Permission
from schools.permissions import check_actor


def make_minor(version: PolicyVersion, *, by: Actor, reason: str) -> PolicyVersion:
    """Turns a draft into a minor version of what is in force, numbered after it (2.1), and says why that is enough.

    A minor version is not ratified again and nobody is asked to read it again. Raises WrongValue without a reason,
    InvalidTransition when it is no draft or when nothing is in force that it could amend.
    """
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    if not reason.strip():
        raise WrongValue("reason", "Say why nobody needs to ratify or read this again.")
    with transaction.atomic():
        locked = _lock_draft(version)
        amended = locked.policy.versions.binding().first()
        if amended is None:
            raise InvalidTransition(
                "Nothing is in force that it could amend: the first version is a major one."
            )
        if not locked.minor or locked.number != amended.number:
            taken = locked.policy.versions.filter(number=amended.number).aggregate(last=Max("amendment"))
            locked.number, locked.amendment = amended.number, taken["last"] + 1
        return _renumber(locked, by, version, minor=True, reason=reason.strip())


def make_major(version: PolicyVersion, *, by: Actor) -> PolicyVersion:
    """Turns a minor draft into the next major version, which is ratified and read by everybody whom it covers."""
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    with transaction.atomic():
        locked = _lock_draft(version)
        if locked.minor:
            taken = locked.policy.versions.aggregate(last=Max("number"))
            locked.number, locked.amendment = taken["last"] + 1, 0
        return _renumber(locked, by, version, minor=False, reason="")


def _lock_draft(version: PolicyVersion) -> PolicyVersion:
    """The policy is locked first, as numbers are given out under its lock."""
    Policy.objects.select_for_update().only("pk").get(pk=version.policy_id)
    locked = lock_version(version)
    if locked.state != V.DRAFT:
        raise InvalidTransition(f"Version {locked.label} is no draft any more: its number stands.")
    return locked


def _renumber(
    locked: PolicyVersion, by: Actor, was: PolicyVersion, *, minor: bool, reason: str
) -> PolicyVersion:
    locked.minor, locked.minor_reason = minor, reason
    save_version(locked, "number", "amendment", "minor", "minor_reason")
    audit.record(
        "policy_version.renumbered",
        by=by,
        school_id=locked.school_id,
        target=locked,
        label=locked.title,
        changes={"label": [was.label, locked.label], "minor_reason": [was.minor_reason, reason]},
    )
    return locked
