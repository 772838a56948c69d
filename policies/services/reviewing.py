"""Reviews of a policy, the yearly one and those that something triggers: opened, and answered by a version or by words."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import Conflict, InvalidTransition, WrongValue
from core.partdate import last_day
from policies.enums import TriggerKind
from policies.enums import VersionState as V
from policies.models import Clause, Policy, PolicyVersion, ReviewTrigger
from policies.permissions import check_transition
from policies.services.locking import save_version
from schools.enums import Permission
from schools.permissions import check_actor, member_of


def open_review(
    policy: Policy, *, by: Actor, kind: str, what: str, on: date | None = None, clause: UUID | None = None
) -> ReviewTrigger:
    """Records a reason to review a policy, today or since `on`; what binds is under review from now on and still binds.

    `clause` is the stable id of the clause that it is about. Raises InvalidTransition when nothing is in force.
    """
    check_actor(by, Permission.POLICY_MANAGE, policy.school_id)
    day = on or timezone.localdate()
    if not what.strip():
        raise WrongValue("what", "Say what happened or changed.")
    if day > timezone.localdate():
        raise WrongValue("on", "The day must not lie ahead.")
    with transaction.atomic():
        version = _lock_binding(policy)
        if version is None:
            raise InvalidTransition("Nothing is in force that could be reviewed.")
        if clause and not Clause.objects.filter(version=version, stable_id=clause).exists():
            raise WrongValue("clause", "That clause does not stand in the version in force.")
        if version.state == V.IN_FORCE:
            check_transition(version, V.UNDER_REVIEW)
            version.state = V.UNDER_REVIEW
            save_version(version)
        trigger = ReviewTrigger(
            school_id=policy.school_id,
            policy=policy,
            kind=TriggerKind(kind),
            what=what.strip(),
            on=day,
            clause=clause,
            by=member_of(by),
        )
        trigger.full_clean(exclude=["policy"])
        trigger.save(force_insert=True)
        _record("policy.review_opened", policy, by, {"kind": ["", trigger.kind], "on": ["", day.isoformat()]})
    return trigger


def conclude_review(
    trigger: ReviewTrigger, *, by: Actor, outcome: str, next_review: str = ""
) -> ReviewTrigger:
    """Answers a reason without a new version, in words; after the last one the policy is in force as it was.

    `next_review` (a day or month) is set by those who ratify. Raises Conflict when it has been answered already.
    """
    check_actor(by, Permission.POLICY_MANAGE, trigger.school_id)
    if next_review:
        check_actor(by, Permission.POLICY_RATIFY, trigger.school_id)
        _check_next(next_review)
    if not outcome.strip():
        raise WrongValue("outcome", "Say what the review found.")
    with transaction.atomic():
        version = _lock_binding(trigger.policy)
        now = ReviewTrigger.objects.select_for_update().get(pk=trigger.pk)
        if now.closed_on:
            raise Conflict("Somebody has answered this already. What you entered was not saved.")
        _answer([now], outcome.strip(), None)
        changes = {"outcome": ["", now.outcome]}
        if version:
            if next_review:
                changes["next_review"] = [version.next_review, next_review]
            _settle(version, next_review)
        _record("policy.review_concluded", trigger.policy, by, changes)
    return now


def answer_triggers(policy: Policy, *, by: Actor, outcome: str, version: PolicyVersion | None) -> None:
    """Answers every open reason of a policy that the caller has locked: by this version, or by the end of the policy."""
    triggers = list(ReviewTrigger.objects.select_for_update().open().filter(policy=policy))
    if triggers:
        _answer(triggers, outcome, version)
        _record("policy.review_concluded", policy, by, {"outcome": ["", outcome]})


def _answer(triggers: list[ReviewTrigger], outcome: str, version: PolicyVersion | None) -> None:
    for one in triggers:
        one.outcome, one.version, one.closed_on = outcome, version, timezone.localdate()
        one.save(update_fields=["outcome", "version", "closed_on", "updated_at"])


def _settle(version: PolicyVersion, next_review: str) -> None:
    dates = version.set_date("next_review", next_review) if next_review else ()
    still_open = ReviewTrigger.objects.open().filter(policy_id=version.policy_id).exists()
    if version.state == V.UNDER_REVIEW and not still_open:
        check_transition(version, V.IN_FORCE)
        version.state = V.IN_FORCE
    save_version(version, *dates)


def _check_next(text: str) -> None:
    try:
        due = last_day(text)
    except ValueError as error:
        raise WrongValue("next_review", "Give a day (2026-10-12) or a month (2026-10).") from error
    if due is None or due <= timezone.localdate():
        raise WrongValue("next_review", "The next review must lie ahead.")


def _lock_binding(policy: Policy) -> PolicyVersion | None:
    """What binds, locked behind the policy's own row, as everybody locks them."""
    Policy.objects.select_for_update().only("pk").get(pk=policy.pk)
    return PolicyVersion.objects.select_for_update().binding().filter(policy_id=policy.pk).first()


def _record(action: str, policy: Policy, by: Actor, changes: dict[str, list[str]]) -> None:
    audit.record(
        action, by=by, school_id=policy.school_id, target=policy, label=policy.title, changes=changes
    )
