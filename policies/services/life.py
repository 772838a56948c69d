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
from core.errors import DomainError, InvalidTransition, WrongValue
from core.partdate import first_day, last_day
from policies import notifications
from policies.enums import VersionState as V
from policies.models import Policy, PolicyVersion
from policies.permissions import check_transition
from policies.services.approval import check_route
from policies.services.commenting import check_answered
from policies.services.locking import lock_version, save_version
from policies.services.parents import ask_parents
from policies.services.publishing import keep_published
from policies.services.reviewing import answer_triggers
from schools.enums import Permission
from schools.permissions import check_actor, member_of
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
        locked = lock_version(version)
        check_transition(locked, V.RATIFIED)
        check_route(locked)
        check_answered(locked)
        review = next_review or locked.next_review or _next_review(locked, ratified_on)
        _check_review(review, ratified_on)
        said = {"ratifying_body": body.strip(), "minute_reference": minute_reference.strip()}
        changes = audit.diff(locked, state=V.RATIFIED.value, ratified=on, next_review=review, **said)
        locked.state, locked.ratified_by = V.RATIFIED, member_of(by)
        locked.ratifying_body, locked.minute_reference = said["ratifying_body"], said["minute_reference"]
        dates = (*locked.set_date("ratified", on), *locked.set_date("next_review", review))
        save_version(locked, *said, "ratified_by", *dates)
        transaction.on_commit(lambda: _prepare_document(locked.school_id, locked.pk), robust=True)
        _record("policy_version.ratified", locked, by, changes)
    return locked


def _ratification_day(body: str, on: str) -> date:
    if not body.strip():
        raise DomainError("Say which body ratified it.")
    ratified_on = _day(on)
    earliest = first_day(on)
    if ratified_on is None or earliest is None or earliest > timezone.localdate():
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
    """Lets a version bind from today (or `on`) in place of the one before: a major one once it is ratified, a minor one at once.

    Raises InvalidTransition when what is in force is newer, or is not what a minor version amends.
    """
    check_actor(by, Permission.POLICY_RATIFY, version.school_id)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise DomainError("A version is brought into force on the day itself, not before.")
    with transaction.atomic():
        Policy.objects.select_for_update().only("pk").get(pk=version.policy_id)
        locked = lock_version(version)
        old = PolicyVersion.objects.select_for_update().binding().filter(policy_id=locked.policy_id).first()
        _check_succession(locked, old)
        under_review = old is not None and old.state == V.UNDER_REVIEW
        if old:
            check_transition(old, V.SUPERSEDED)
            old.state, old.ended_on = V.SUPERSEDED, day
            save_version(old, "ended_on")
        locked.state, locked.in_force_from = V.IN_FORCE, day
        if locked.minor and old:
            # A minor change does not end a review that is under way.
            locked.state = V.UNDER_REVIEW if under_review else V.IN_FORCE
            told = _stand_on(locked, old)
        else:
            told = _ask_to_read(locked, day)
            outcome = f"Version {locked.label} came of it."
            answer_triggers(locked.policy, by=by, outcome=outcome, version=locked)
        save_version(locked, "in_force_from", *told)
        keep_published(locked, old, by=by)
        _record("policy_version.in_force", locked, by)
    return locked


def _check_succession(version: PolicyVersion, old: PolicyVersion | None) -> None:
    """Whether a version may follow the one that binds now."""
    if version.is_binding:
        raise InvalidTransition(f"Version {version.label} is in force already.")
    check_transition(version, V.IN_FORCE)
    if version.minor:
        check_answered(version)
    if version.minor and (old is None or old.number != version.number):
        raise InvalidTransition(f"Version {version.number}, which it amends, is not in force any more.")
    if old and old.place > version.place:
        raise InvalidTransition(f"Version {old.label} is in force, which is newer. Withdraw this one.")


def _ask_to_read(version: PolicyVersion, day: date) -> list[str]:
    """What a major version starts: its audience is asked to read it by a day. The fields to save."""
    version.acknowledge_by = add_school_days(
        version.school, day, rule_number(version.school, "acknowledge_within_days")
    )
    notifications.ask_to_acknowledge(version)
    ask_parents(version)
    return ["acknowledge_by"]


STANDS_ON = ("ratifying_body", "minute_reference", "ratified_by", "ratified", "ratified_on", "acknowledge_by")
"""What a minor version takes over from the one that it amends; its next review as well, which it cannot put off."""


def _stand_on(version: PolicyVersion, amended: PolicyVersion) -> list[str]:
    """A minor version stands on the ratification, the reading and the publishing of the one it amends. The fields to save."""
    for name in STANDS_ON:
        setattr(version, name, getattr(amended, name))
    version.published_at = amended.published_at
    dates = version.set_date("next_review", amended.next_review)
    transaction.on_commit(lambda: _prepare_document(version.school_id, version.pk), robust=True)
    return [*STANDS_ON, "published_at", *dates]


def withdraw_version(version: PolicyVersion, *, by: Actor, reason: str) -> PolicyVersion:
    """Takes a version out of use and says why; what already binds is withdrawn by those who ratify."""
    if not reason.strip():
        raise DomainError("Say why it is withdrawn.")
    with transaction.atomic():
        locked = lock_version(version)
        needed = Permission.POLICY_RATIFY if locked.is_binding else Permission.POLICY_MANAGE
        check_actor(by, needed, version.school_id)
        check_transition(locked, V.WITHDRAWN)
        note = "\n".join(filter(None, [locked.note, f"Withdrawn: {reason.strip()}"]))
        changes = audit.diff(locked, state=V.WITHDRAWN.value, note=note)
        locked.state, locked.ended_on, locked.note = V.WITHDRAWN, timezone.localdate(), note
        save_version(locked, "ended_on", "note")
        if needed == Permission.POLICY_RATIFY:
            answer_triggers(locked.policy, by=by, outcome="The policy was withdrawn.", version=None)
        _record("policy_version.withdrawn", locked, by, changes)
    return locked
