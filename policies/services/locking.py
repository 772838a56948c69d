"""A policy or version as it stands now, held until the transaction ends; and the row as it is saved after a step."""

from __future__ import annotations

from core.errors import Conflict
from policies.enums import VersionState as V
from policies.models import Policy, PolicyVersion


def lock_policy(policy: Policy) -> Policy:
    """The policy as it stands now, locked. Raises Conflict when it changed since the caller read it."""
    locked = Policy.objects.select_for_update().get(pk=policy.pk)
    if locked.revision != policy.revision:
        raise Conflict(
            "Somebody else changed this policy while you were writing. What you entered stands below and is not saved yet: "
            "compare it with what is in force now, and save it again if it still holds."
        )
    return locked


def lock_version(version: PolicyVersion) -> PolicyVersion:
    """The version as it stands now, locked. Raises Conflict when it changed since the caller read it.

    No joins: PostgreSQL reads a row again after it waited for its lock, but not the rows joined to it.
    """
    locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    if locked.revision != version.revision:
        raise Conflict(f"{_who_was_first(locked)} What you entered was not saved; look at the version again.")
    return locked


def save_version(version: PolicyVersion, *fields: str) -> None:
    """Saves its state and these fields as one step, which whoever read it before is told of."""
    version.revision += 1
    version.save(update_fields=["state", "revision", "updated_at", *fields])


def _who_was_first(locked: PolicyVersion) -> str:
    if locked.state == V.RATIFIED and locked.ratified_by:
        return f"{locked.ratified_by.name} was first: ratified by {locked.ratifying_body}, {locked.ratified}."
    return f"Somebody else was first: version {locked.label} is now {locked.get_state_display().lower()}."
