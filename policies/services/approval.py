"""The approvers of a version: asked in order or together, each for themselves; a change of the text begins anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import DomainError, InvalidTransition, PermissionRefused, WrongValue
from policies import notifications
from policies.enums import Decision
from policies.enums import VersionState as V
from policies.models import ApprovalRound, Approver, PolicyVersion
from policies.permissions import check_transition
from policies.selectors.approval import current_round, due_in, needs_approval
from policies.services.commenting import check_answered
from policies.services.locking import lock_version, save_version
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_actor, member_of


def ask_for_approval(
    version: PolicyVersion, approvers: Sequence[Membership], *, by: Actor, in_order: bool
) -> ApprovalRound:
    """Sends a draft to its approvers, and mails those whose turn it is.

    Raises DomainError while comments have no answer, Conflict when the draft changed since `version` was read.
    """
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    if not approvers:
        raise DomainError("Choose who approves it.")
    if len({one.pk for one in approvers}) != len(approvers):
        raise DomainError("Choose each approver once.")
    with transaction.atomic():
        locked = _step(version, V.APPROVAL)
        check_answered(locked)
        started_by = member_of(by)
        round_ = ApprovalRound(
            school_id=version.school_id, version=locked, started_by=started_by, in_order=in_order
        )
        round_.save(force_insert=True)
        places = enumerate(approvers)
        rows = [_place(round_, one, position) for position, one in places]
        Approver.objects.bulk_create(rows)
        notifications.ask_to_approve(locked, due_in(round_))
        _record("approval_asked", locked, by, {"approvers": [None, [str(one.pk) for one in approvers]]})
    return round_


def _place(round_: ApprovalRound, member: Membership, position: int) -> Approver:
    if member.school_id != round_.school_id:
        raise DomainError("Choose people of this school.")
    return Approver(school_id=round_.school_id, round=round_, member=member, position=position)


def _step(version: PolicyVersion, to: V) -> PolicyVersion:
    locked = lock_version(version)
    check_transition(locked, to)
    locked.state = to
    save_version(locked)
    return locked


def approve_version(version: PolicyVersion, *, by: Membership, note: str = "") -> PolicyVersion:
    """This member's own yes. After the last one the version is approved, otherwise the next approver is mailed.

    Raises PermissionRefused when it is not their turn, Conflict when the version changed since it was read.
    """
    check_actor(by, Permission.POLICY_READ, version.school_id)
    with transaction.atomic():
        locked, round_ = _lock_round(version)
        _decide(round_, by, Decision.APPROVED, note)
        waiting = [one for one in round_.approvers.all() if not one.decision and not one.replaced_at]
        if waiting:
            notifications.ask_to_approve(locked, due_in(round_))
        else:
            check_transition(locked, V.APPROVED)
            locked.state = V.APPROVED
            save_version(locked)
            notifications.tell_of_approval(round_, template="policies/approved")
        _record("approval_given", locked, by, {"waiting": [len(waiting) + 1, len(waiting)]})
    return locked


def send_back(version: PolicyVersion, *, by: Membership, reason: str) -> PolicyVersion:
    """This member's own no, with the reason: the version is a draft again, and its next round begins anew."""
    check_actor(by, Permission.POLICY_READ, version.school_id)
    if not reason.strip():
        raise WrongValue("reason", "Say why you send it back.")
    with transaction.atomic():
        locked, round_ = _lock_round(version)
        _decide(round_, by, Decision.SENT_BACK, reason)
        _end(locked, round_, f"{by.name} sent it back.")
        notifications.tell_of_approval(round_, template="policies/sent_back")
        _record("approval_refused", locked, by, {"reason": ["", reason.strip()]})
    return locked


def take_back(version: PolicyVersion, *, by: Actor, reason: str) -> PolicyVersion:
    """Makes a draft again of a version that is with its approvers, or approved; what they said counts no more."""
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    if not reason.strip():
        raise WrongValue("reason", "Say what has to change.")
    with transaction.atomic():
        locked = lock_version(version)
        if locked.state not in (V.APPROVAL, V.APPROVED):
            raise InvalidTransition(f"Version {locked.label} is {locked.get_state_display().lower()}.")
        round_ = current_round(locked)
        assert round_ is not None  # noqa: S101 - no version is in these states without one
        _end(locked, round_, f"Taken back: {reason.strip()}")
        _record("approval_taken_back", locked, by, {"reason": ["", reason.strip()]})
    return locked


def replace_approver(approver: Approver, member: Membership, *, by: Actor, reason: str) -> Approver:
    """Gives the place of somebody who has not decided to another member, and says why."""
    check_actor(by, Permission.POLICY_MANAGE, approver.school_id)
    if not reason.strip():
        raise WrongValue("reason", "Say why somebody else takes this place.")
    with transaction.atomic():
        locked = PolicyVersion.objects.select_for_update().get(pk=approver.round.version_id)
        now = Approver.objects.select_related("round").get(pk=approver.pk)
        if locked.state != V.APPROVAL or now.round.ended_at or now.decision or now.replaced_at:
            raise InvalidTransition(
                "This place is not free to be given away any more. Look at the version again."
            )
        if now.round.approvers.filter(member=member, replaced_at=None).exists():
            raise WrongValue("member", f"{member.name} has a place in this round already.")
        now.replaced_at, now.replaced_reason = timezone.now(), reason.strip()
        now.save(update_fields=["replaced_at", "replaced_reason", "updated_at"])
        place = _place(now.round, member, now.position)
        place.save(force_insert=True)
        if place in due_in(now.round):
            notifications.ask_to_approve(locked, [place])
        changes = {"approver": [str(now.member_id), str(member.pk)], "reason": ["", reason.strip()]}
        _record("approver_replaced", locked, by, changes)
    return place


def check_route(version: PolicyVersion) -> None:
    """Raises InvalidTransition for a draft that the school's approvers have not seen."""
    if needs_approval(version):
        raise InvalidTransition(
            "In this school a policy is approved before it is ratified. Send the draft to its approvers first."
        )


def _lock_round(version: PolicyVersion) -> tuple[PolicyVersion, ApprovalRound]:
    locked = lock_version(version)
    round_ = current_round(locked) if locked.state == V.APPROVAL else None
    if round_ is None:
        raise InvalidTransition(
            f"Version {locked.label} is {locked.get_state_display().lower()}: nobody's approval is asked for."
        )
    return locked, round_


def _decide(round_: ApprovalRound, by: Membership, decision: Decision, reason: str) -> None:
    place = next((one for one in due_in(round_) if one.member_id == by.pk), None)
    if place is None:
        raise PermissionRefused("It is not your turn to approve this version, or you have done so already.")
    place.decision, place.reason, place.decided_at = decision, reason.strip(), timezone.now()
    place.save(update_fields=["decision", "reason", "decided_at", "updated_at"])


def _end(version: PolicyVersion, round_: ApprovalRound, why: str) -> None:
    check_transition(version, V.DRAFT)
    version.state = V.DRAFT
    save_version(version)
    round_.ended_at, round_.ended_reason = timezone.now(), why
    round_.save(update_fields=["ended_at", "ended_reason", "updated_at"])


def _record(action: str, version: PolicyVersion, by: Actor, changes: dict[str, list[Any]]) -> None:
    audit.record(
        f"policy_version.{action}",
        by=by,
        school_id=version.school_id,
        target=version,
        label=version.title,
        changes=changes,
    )
