"""Where a version stands in its life, for those who prepare it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from policies.models import ApprovalRound, Clause, PolicyVersion, ReviewTrigger
from policies.permissions import (
    may_ask_for_approval,
    may_consult,
    may_renumber,
    may_reopen,
    may_review,
    sees_preparation,
)
from policies.reading.rows import in_words
from policies.selectors.approval import rounds_of
from policies.states import IN_PREPARATION
from schools.models import Membership

WORDS_OF_A_CLAUSE = 60


@dataclass(frozen=True)
class LifeFacts:
    """Why a version is reviewed or was made, and what this member may do about it."""

    triggers: list[ReviewTrigger]
    clauses: dict[str, Clause]
    may_review: bool
    may_renumber: bool
    may_consult: bool
    may_ask_for_approval: bool
    may_reopen: bool
    rounds: list[ApprovalRound]
    reader: Membership
    can_be_minor: bool


def life_facts(version: PolicyVersion, membership: Membership) -> LifeFacts | None:
    """The life of a version in a constant number of queries; None for those who only read."""
    if not sees_preparation(membership):
        return None
    triggers = list(_triggers(version))
    about = [one.clause for one in triggers if one.clause]
    clauses = Clause.objects.filter(version=version, stable_id__in=about) if about else Clause.objects.none()
    renumbers = may_renumber(membership, version)
    return LifeFacts(
        triggers=triggers,
        clauses={str(one.stable_id): one for one in clauses},
        may_review=may_review(membership, version),
        may_renumber=renumbers,
        may_consult=may_consult(membership, version),
        may_ask_for_approval=may_ask_for_approval(membership, version),
        may_reopen=may_reopen(membership, version),
        rounds=rounds_of(version) if version.is_before_ratification else [],
        reader=membership,
        can_be_minor=renumbers
        and PolicyVersion.objects.binding().filter(policy_id=version.policy_id).exists(),
    )


def _triggers(version: PolicyVersion) -> list[ReviewTrigger]:
    """Those that this version answered; on what binds or is being prepared the open ones too, and what was concluded since."""
    ours = Q(version=version)
    if version.is_binding:
        ours |= Q(version__isnull=True)
    elif version.state in IN_PREPARATION:
        ours |= Q(closed_on__isnull=True)
    found = ReviewTrigger.objects.filter(ours, policy_id=version.policy_id)
    return list(found.select_related("by"))


def clause_choices(version: PolicyVersion) -> list[tuple[str, str]]:
    """The clauses of a version as one can choose them: stable id, and label with its first words."""
    rows = version.clauses.order_by("position").values_list("stable_id", "label", "text")
    said = [(str(key), f"{label} {in_words(text)}".strip()) for key, label, text in rows]
    return [
        (key, words[:WORDS_OF_A_CLAUSE] + ("…" if len(words) > WORDS_OF_A_CLAUSE else ""))
        for key, words in said
    ]
