"""Who may do what to which version: the person's posts, the school, and where the version stands."""

from __future__ import annotations

from core.errors import InvalidTransition, PermissionRefused
from policies.enums import OWN_WORD, VersionState
from policies.models import Acknowledgement, PolicyVersion
from policies.states import DECIDED, SIGNABLE, may_become
from schools.enums import Permission, Role
from schools.models import Membership, Trust, User
from schools.permissions import has_permission
from schools.selectors import trusts_of

HEADS = (Role.HEADTEACHER, Role.HEAD_OF_SCHOOL)
SIGNING_ORDER: tuple[tuple[Role, ...], ...] = (HEADS, (Role.CHAIR,))
"""Who signs first and who second; any of the posts named may take the place."""

PREPARING = (Permission.POLICY_MANAGE, Permission.POLICY_RATIFY, Permission.POLICY_SIGN)


def check_lead(by: User, trust: Trust) -> None:
    """Raises PermissionRefused unless this person looks after the trust today."""
    if not isinstance(by, User) or not trusts_of(by).filter(pk=trust.pk).exists():
        raise PermissionRefused("Only whoever looks after the trust writes its outlines.")


def check_transition(version: PolicyVersion, to: VersionState) -> None:
    """Raises InvalidTransition with what stands now unless the version may take this state."""
    if not may_become(version.state, to, minor=version.minor):
        raise InvalidTransition(
            f"Version {version.label} is {version.get_state_display().lower()}, so it cannot become “{to.label.lower()}”."
        )


def check_writable(version: PolicyVersion) -> None:
    """Raises InvalidTransition unless the text of this version may still be written: drafts only."""
    if version.state != VersionState.DRAFT:
        raise InvalidTransition(
            f"Version {version.label} is {version.get_state_display().lower()}, and only a draft can be written. "
            "Open the policy and begin a new version."
        )


def may_review(by: Membership, version: PolicyVersion) -> bool:
    """Whether this member may open a review of a version, or conclude one."""
    return version.is_binding and has_permission(by, Permission.POLICY_MANAGE)


def may_consult(by: Membership, version: PolicyVersion) -> bool:
    """Whether this member may ask people what they think of a version."""
    return may_become(version.state, VersionState.CONSULTATION) and has_permission(
        by, Permission.POLICY_MANAGE
    )


def may_ask_for_approval(by: Membership, version: PolicyVersion) -> bool:
    """Whether this member may send a version to its approvers."""
    return may_become(version.state, VersionState.APPROVAL) and has_permission(by, Permission.POLICY_MANAGE)


def may_reopen(by: Membership, version: PolicyVersion) -> bool:
    """Whether this member may make a draft again of a version that is with its approvers, or that they approved."""
    with_approvers = version.state in (VersionState.APPROVAL, VersionState.APPROVED)
    return with_approvers and has_permission(by, Permission.POLICY_MANAGE)


def may_renumber(by: Membership, version: PolicyVersion) -> bool:
    """Whether this member may make a major version of a minor one, or the other way round."""
    return version.state == VersionState.DRAFT and has_permission(by, Permission.POLICY_MANAGE)


def may_take_back(by: Membership, given: Acknowledgement) -> bool:
    """Whether this member may mark an agreement as entered in error: one that they collected, or keep the records of.

    What somebody said for themselves is theirs, and is never taken back for them.
    """
    if given.way in OWN_WORD or given.error_at:
        return False
    return given.collected_by_id == by.pk or has_permission(by, Permission.POLICY_COLLECT)


def sees_preparation(by: Membership) -> bool:
    """Whether drafts and old versions are shown to this member."""
    return any(has_permission(by, permission) for permission in PREPARING)


def may_see_record(by: Membership, version: PolicyVersion) -> bool:
    """Whether this member may see how a version came about: who prepares versions of all, who governs once a body said yes."""
    decided = version.state in DECIDED
    return has_permission(by, Permission.POLICY_RECORD) and (sees_preparation(by) or decided)


def may_open(by: Membership, version: PolicyVersion) -> bool:
    """Whether this member may open the reading page of a version."""
    return version.is_binding or sees_preparation(by)


def signing_post(by: Membership, position: int) -> Role | None:
    """The post in which this member may give the signature at this place (0 first); None when it is not theirs."""
    if position >= len(SIGNING_ORDER):
        return None
    return next((role for role in SIGNING_ORDER[position] if role in by.roles), None)


def may_sign_next(by: Membership, version: PolicyVersion, signed: int) -> bool:
    """Whether the next signature on a version is this member's to give."""
    allowed = has_permission(by, Permission.POLICY_SIGN) and version.state in SIGNABLE
    return allowed and signing_post(by, signed) is not None
