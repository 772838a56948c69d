"""The life of a version: ratified, in force, superseded, withdrawn. One wins where two act at once; the other is told."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import Conflict, DomainError, WrongValue
from policies import notifications
from policies.enums import VersionState as V
from policies.models import Policy, PolicyVersion, last_day
from policies.models.partdate import first_day
from policies.permissions import check_actor, check_transition
from schools.enums import Permission
from schools.models import Membership
from schools.selectors import add_school_days, rule_number


def ratify_version(
    version: PolicyVersion,
    *,
    by: Actor,
    body: str,
    on: str,
    minute_reference: str = "",
    next_review: str = "",
) -> PolicyVersion:
    """Records that `body` ratified a version on a day or in a month; its PDF is then made in the background.

    Without a next review date anywhere, the school's interval counts from `on`. Raises WrongValue when the last day that
    the next review can mean is not after the last day that `on` can mean, Conflict when somebody else ratified it or
    changed it since `version` was read.
    """
    check_actor(by, Permission.POLICY_RATIFY, version.school_id)
    ratified_on = _ratification_day(body, on)
    with transaction.atomic():
        locked = _lock(version)
        check_transition(locked, V.RATIFIED)
        review = next_review or locked.next_review or _next_review(locked, ratified_on)
        _check_review(review, ratified_on)
        said = {"ratifying_body": body.strip(), "minute_reference": minute_reference.strip()}
        changes = audit.diff(locked, state=V.RATIFIED.value, ratified=on, next_review=review, **said)
        locked.state, locked.ratified_by = V.RATIFIED, by if isinstance(by, Membership) else None
        locked.ratifying_body, locked.minute_reference = said["ratifying_body"], said["minute_reference"]
        dates = (*locked.set_date("ratified", on), *locked.set_date("next_review", review))
        _save(locked, *said, "ratified_by", *dates)
        transaction.on_commit(lambda: _prepare_document(locked.school_id, locked.pk), robust=True)
        _record("policy_version.ratified", locked, by, changes)
    return locked


def _ratification_day(body: str, on: str) -> date:
    if not body.strip():
        raise DomainError("Say which body ratified it.")
    ratified_on = _day(on)
    if ratified_on is None or first_day(on) > timezone.localdate():
        raise DomainError("A ratification is recorded once it has happened: give its day or month.")
    return ratified_on


def _check_review(review: str, ratified_on: date) -> None:
    due = _day(review)
    if due is None or due <= ratified_on:
        raise WrongValue("next_review", "The next review must be after the day of ratification.")


def _record(
    action: str, version: PolicyVersion, by: Actor, changes: dict[str, list[Any]] | None = None
) -> None:
    audit.record(
        action, by=by, school_id=version.school_id, target=version, label=version.title, changes=changes
    )


def _day(text: str) -> date | None:
    try:
        return last_day(text)
    except ValueError as error:
        raise DomainError("Give a day (2026-10-12) or a month (2026-10).") from error


def _next_review(version: PolicyVersion, ratified_on: date) -> str:
    months = (
        ratified_on.year * 12 + ratified_on.month - 1 + rule_number(version.school, "policy_review_months")
    )
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _prepare_document(school_id: UUID, version_id: UUID) -> None:
    """Only a wake-up, so that the PDF is there when the first signer comes; signing makes it where no worker did."""
    task = current_app.tasks["policies.tasks.prepare_document"]
    task.delay(school_id=str(school_id), version_id=str(version_id))


def bring_into_force(version: PolicyVersion, *, by: Actor, on: date | None = None) -> PolicyVersion:
    """Lets a ratified version bind from today (or `on`), supersedes the one before, and asks its audience to read it."""
    check_actor(by, Permission.POLICY_RATIFY, version.school_id)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise DomainError("A version is brought into force on the day itself, not before.")
    with transaction.atomic():
        Policy.objects.select_for_update().only("pk").get(pk=version.policy_id)
        locked = _lock(version)
        check_transition(locked, V.IN_FORCE)
        for old in PolicyVersion.objects.select_for_update().binding().filter(policy_id=locked.policy_id):
            check_transition(old, V.SUPERSEDED)
            old.state, old.ended_on = V.SUPERSEDED, day
            _save(old, "ended_on")
        locked.state, locked.in_force_from = V.IN_FORCE, day
        locked.acknowledge_by = add_school_days(
            locked.school, day, rule_number(locked.school, "acknowledge_within_days")
        )
        _save(locked, "in_force_from", "acknowledge_by")
        notifications.ask_to_acknowledge(locked)
        _record("policy_version.in_force", locked, by)
    return locked


def withdraw_version(version: PolicyVersion, *, by: Actor, reason: str) -> PolicyVersion:
    """Takes a version out of use and says why; what already binds is withdrawn by those who ratify."""
    if not reason.strip():
        raise DomainError("Say why it is withdrawn.")
    with transaction.atomic():
        locked = _lock(version)
        needed = Permission.POLICY_RATIFY if locked.is_binding else Permission.POLICY_MANAGE
        check_actor(by, needed, version.school_id)
        check_transition(locked, V.WITHDRAWN)
        note = "\n".join(filter(None, [locked.note, f"Withdrawn: {reason.strip()}"]))
        changes = audit.diff(locked, state=V.WITHDRAWN.value, note=note)
        locked.state, locked.ended_on, locked.note = V.WITHDRAWN, timezone.localdate(), note
        _save(locked, "ended_on", "note")
        _record("policy_version.withdrawn", locked, by, changes)
    return locked


def _lock(version: PolicyVersion) -> PolicyVersion:
    """The version as it stands now, locked. Raises Conflict when it changed since the caller read it.

    No joins: PostgreSQL reads a row again after it waited for its lock, but not the rows joined to it.
    """
    locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    if locked.revision != version.revision:
        raise Conflict(f"{_who_was_first(locked)} What you entered was not saved; look at the version again.")
    return locked


def _who_was_first(locked: PolicyVersion) -> str:
    if locked.state == V.RATIFIED and locked.ratified_by:
        return f"{locked.ratified_by.name} was first: ratified by {locked.ratifying_body}, {locked.ratified}."
    return f"Somebody else was first: version {locked.number} is now {locked.get_state_display().lower()}."


def _save(version: PolicyVersion, *fields: str) -> None:
    version.revision += 1
    version.save(update_fields=["state", "revision", "updated_at", *fields])
