"""Who may do what: one table, printed into docs/permissions.md, with a reason for each cell that grants a narrative."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from core.audit import Actor, Job
from core.errors import DomainError, PermissionRefused
from schools.enums import Permission as P
from schools.enums import Role as R
from schools.models import Membership

EVERYONE = frozenset({P.HOME, P.POLICY_READ, P.CONCERN_LOG})
WORKS_WITH_LEARNERS = EVERYONE | {P.LEARNER_FIND, P.DEVICE_RECEIVE, P.POLICY_CLASS}
DESIGNATED_LEAD = WORKS_WITH_LEARNERS | {
    P.POLICY_MANAGE, P.POLICY_RECORD, P.POLICY_STANDING, P.POLICY_COLLECT, P.CONCERN_READ, P.CONCERN_WORK, P.DEVICE_DESK, P.DEVICE_HOLD,
    P.REGISTER_READ, P.REGISTER_ADD, P.REGISTER_WRITE, P.REPORT_READ, P.REPORT_PREPARE, P.AGENCY_MANAGE,
}  # fmt: skip
LEADS_SCHOOL = WORKS_WITH_LEARNERS | {
    P.POLICY_MANAGE, P.POLICY_RATIFY, P.POLICY_SIGN, P.POLICY_RECORD, P.POLICY_STANDING, P.POLICY_COLLECT, P.STAFF_CONCERN_READ, P.DEVICE_DESK, P.DEVICE_HOLD,
    P.REGISTER_READ, P.REGISTER_ADD, P.REGISTER_WRITE, P.REPORT_READ, P.PEOPLE_MANAGE, P.SETTINGS_MANAGE, P.AGENCY_MANAGE,
}  # fmt: skip
GOVERNS = EVERYONE | {P.REPORT_READ, P.REGISTER_READ, P.POLICY_RECORD}

ROLE_PERMISSIONS: dict[R, frozenset[P]] = {
    R.DSL: DESIGNATED_LEAD,
    R.DEPUTY_DSL: DESIGNATED_LEAD,
    R.HEADTEACHER: LEADS_SCHOOL,
    R.HEAD_OF_SCHOOL: LEADS_SCHOOL,
    R.LEADERSHIP: WORKS_WITH_LEARNERS
    | {
        P.POLICY_MANAGE,
        P.POLICY_RECORD,
        P.POLICY_STANDING,
        P.POLICY_COLLECT,
        P.DEVICE_DESK,
        P.REGISTER_READ,
        P.REGISTER_ADD,
        P.REGISTER_WRITE,
        P.REPORT_READ,
    },
    R.NAMED_GOVERNOR: GOVERNS | {P.POLICY_STANDING},
    R.GOVERNOR: GOVERNS,
    R.CHAIR: GOVERNS | {P.POLICY_RATIFY, P.POLICY_SIGN, P.STAFF_CONCERN_READ},
    R.CLERK: GOVERNS | {P.POLICY_RATIFY, P.POLICY_STANDING},
    R.OFFICE: WORKS_WITH_LEARNERS | {P.DEVICE_DESK, P.POLICY_STANDING, P.POLICY_COLLECT},
    R.STAFF: WORKS_WITH_LEARNERS,
    R.IT: EVERYONE | {P.REGISTER_READ, P.REGISTER_ADD},
    R.ADMIN: EVERYONE | {P.PEOPLE_MANAGE, P.SETTINGS_MANAGE, P.AGENCY_MANAGE},
    R.ACCOUNT_MANAGER: EVERYONE,
}

NARRATIVE_REASONS: dict[tuple[R, P], str] = {
    (R.DSL, P.CONCERN_READ): "Takes lead responsibility for safeguarding and keeps the records.",
    (R.DSL, P.CONCERN_WORK): "Decides what is done about a concern, and why.",
    (R.DEPUTY_DSL, P.CONCERN_READ): "Trained to the same standard, stands in at any time.",
    (R.DEPUTY_DSL, P.CONCERN_WORK): "Trained to the same standard, stands in at any time.",
    (
        R.HEADTEACHER,
        P.STAFF_CONCERN_READ,
    ): "Receives concerns about adults (case manager), except about themselves.",
    (
        R.HEAD_OF_SCHOOL,
        P.STAFF_CONCERN_READ,
    ): "Decides day to day where two head posts exist, except about themselves.",
    (R.CHAIR, P.STAFF_CONCERN_READ): "Receives concerns about the head; sees no other.",
}
"""Why a role may read what somebody wrote about another person. A guard compares this with the table."""

NARRATIVE = frozenset({P.CONCERN_READ, P.CONCERN_WORK, P.STAFF_CONCERN_READ})
NEEDS_SECOND_FACTOR = NARRATIVE | {P.PEOPLE_MANAGE, P.SETTINGS_MANAGE}


@lru_cache(maxsize=512)
def granted(roles: frozenset[str]) -> frozenset[P]:
    """Everything that these posts together allow."""
    return frozenset().union(*(ROLE_PERMISSIONS[R(role)] for role in roles))


def has_permission(by: Membership, permission: P) -> bool:
    """Whether this member's posts of today allow it."""
    return permission in granted(by.roles)


def check_permission(by: Membership, permission: P, *, school_id: object) -> None:
    """Raises PermissionRefused unless this member may do it in this very school."""
    if by.school_id != school_id or not has_permission(by, permission):
        raise PermissionRefused(
            "Your post in this school does not allow this. Ask the headteacher if it should."
        )


def check_actor(by: Actor, permission: P, school_id: UUID) -> None:
    """Members need the permission in this school; a command of whoever runs the server acts as a job.

    Raises PermissionRefused for a member, DomainError for anybody else.
    """
    if isinstance(by, Membership):
        check_permission(by, permission, school_id=school_id)
    elif not isinstance(by, Job):
        raise DomainError("People act through their membership of the school.")


def member_of(by: Actor | None) -> Membership | None:
    """Who is kept as the doer in a row: the member, or nobody where a command did it (the audit names the command)."""
    return by if isinstance(by, Membership) else None


def check_may_give(by: Membership, to: Membership, role: R) -> None:
    """Whoever manages access must not be able to open narratives to themselves, by their own hand or a second name."""
    if by.user_id == to.user_id:
        raise PermissionRefused("Nobody gives themselves a post. Ask somebody else who manages people.")
    if granted(frozenset({role})) & NARRATIVE and not ({R.HEADTEACHER, R.HEAD_OF_SCHOOL} & by.roles):
        raise PermissionRefused(
            "Only the headteacher gives a post that reads what others wrote about somebody."
        )
    check_may_end(by, role)


def check_may_end(by: Membership, role: R) -> None:
    """The chair receives concerns about the head, so no head or administrator gives or ends that post."""
    if role == R.CHAIR:
        raise PermissionRefused(
            "The chair receives concerns about the headteacher, so whoever runs this server gives and ends that post."
        )


def needs_second_factor(roles: Iterable[str]) -> bool:
    """Whether these posts read other people's narratives or manage access, so that a password is not enough."""
    return bool(granted(frozenset(roles)) & NEEDS_SECOND_FACTOR)
