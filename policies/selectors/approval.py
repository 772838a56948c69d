"""Who approves a version, whose turn it is, and what a school asks for before a version is ratified."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from policies.enums import VersionState
from policies.models import ApprovalRound, Approver, PolicyVersion
from schools.enums import Role
from schools.models import Membership, School
from schools.selectors import people_with_role, rule

NOBODY = "none"


def route_of(school: School) -> list[Role]:
    """The posts that approve a version before it is ratified, in their order; none where a draft can be ratified."""
    answer = rule(school, "policy_approvers")
    return [] if answer == NOBODY else [Role(post) for post in answer.split(",")]


def needs_approval(version: PolicyVersion) -> bool:
    """Whether the school's approvers have yet to let a draft go on. A minor version needs none."""
    return is_major_draft(version) and bool(route_of(version.school))


def is_major_draft(version: PolicyVersion) -> bool:
    """Whether it is a draft that a school with approvers does not ratify as it stands."""
    return version.state == VersionState.DRAFT and not version.minor


def proposed_approvers(school: School) -> list[Membership]:
    """Who holds the posts of the school's route today, each once."""
    found = [people_with_role(school, post)[:1] for post in route_of(school)]
    return list({one.pk: one for held in found for one in held}.values())


def in_order(school: School) -> bool:
    """Whether approvers of this school say yes one after the other, unless somebody sets it otherwise."""
    return rule(school, "policy_approval_order") == "in_order"


def rounds_of(version: PolicyVersion) -> list[ApprovalRound]:
    """The rounds of a version, the first one first, each with everybody who had a place in it."""
    approvers = Prefetch("approvers", Approver.objects.select_related("member__user"))
    found = ApprovalRound.objects.filter(version=version).select_related("started_by__user")
    return list(found.prefetch_related(approvers))


def current_round(version: PolicyVersion) -> ApprovalRound | None:
    """The round whose approvals count."""
    return next((one for one in rounds_of(version) if one.ended_at is None), None)


def due_in(round_: ApprovalRound) -> list[Approver]:
    """Those in a round whose turn it is: the next one, or everybody who has not decided."""
    return due(list(round_.approvers.all()), one_by_one=round_.in_order)


def due(approvers: Sequence[Approver], *, one_by_one: bool) -> list[Approver]:
    """Those of these approvers whose turn it is."""
    waiting = [one for one in approvers if not one.decision and not one.replaced_at]
    return waiting[:1] if one_by_one else waiting


def turns_of(membership: Membership) -> QuerySet[Approver]:
    """The places in which it is this member's turn."""
    earlier = Approver.objects.filter(
        round=OuterRef("round"), decision="", replaced_at=None, position__lt=OuterRef("position")
    )
    mine = Approver.objects.filter(member=membership, decision="", replaced_at=None, round__ended_at=None)
    mine = mine.filter(round__version__state=VersionState.APPROVAL)
    return mine.exclude(Exists(earlier), round__in_order=True)


def versions_to_approve(membership: Membership) -> list[PolicyVersion]:
    """The versions that wait for this member's approval."""
    found = PolicyVersion.objects.filter(pk__in=turns_of(membership).values("round__version"))
    return list(found.only("title", "school_id", "number", "minor", "amendment").order_by(F("title")))


def placed_in(membership: Membership) -> QuerySet[ApprovalRound]:
    """Rounds that still count in which this member has a place."""
    return ApprovalRound.objects.filter(
        ended_at=None, approvers__member=membership, approvers__replaced_at=None
    )
