"""Everything that the reading page of one version shows to one member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from policies.check import Finding
from policies.enums import Audience, VersionState
from policies.fields import Value
from policies.models import (
    Acknowledgement,
    Announcement,
    PaperSignature,
    Policy,
    PolicyVersion,
    Section,
    Signature,
)
from policies.permissions import may_see_record, may_sign_next, sees_preparation
from policies.selectors.acknowledging import Deadlines, Progress, acknowledgement_progress
from policies.selectors.agreements import Told, told_before
from policies.selectors.approval import needs_approval
from policies.selectors.checking import CHECKED, check_version
from policies.selectors.comparing import Earlier, comparable_with
from policies.selectors.fields import show_fields, values_for
from policies.selectors.signing import paper_of
from policies.selectors.versions import HEAVY, held_policies, sections_of
from policies.states import BEFORE_RATIFICATION, SIGNABLE, may_become
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import has_permission
from schools.selectors import post_names


@dataclass(frozen=True)
class ReadingFacts:
    """A version's text and surroundings, and what this member may do with it."""

    sections: list[Section]
    fields: dict[str, Value]
    linked: list[tuple[str, Policy | None]]
    others: list[Earlier]
    signatures: list[Signature]
    paper: PaperSignature | None
    posts: dict[str, str]
    acknowledgement: Acknowledgement | None
    announcements: list[Announcement]
    covered: bool
    progress: Progress | None
    told: Told
    for_classes: bool
    due: date | None
    may_prepare: bool
    may_see_record: bool
    may_manage: bool
    may_ratify: bool
    may_start: bool
    may_withdraw: bool
    may_attach: bool
    may_sign: bool


def page_findings(version: PolicyVersion, facts: ReadingFacts) -> tuple[Finding, ...] | None:
    """What the policy check finds, for those who prepare versions; None where there is nothing to check any more."""
    if not facts.may_prepare or version.state not in CHECKED:
        return None
    return check_version(version, facts.sections, facts.fields, timezone.localdate())


def reading_facts(version: PolicyVersion, membership: Membership) -> ReadingFacts:
    """The whole page in a handful of queries, however long the policy is."""
    version.policy.school = version.school
    manages = has_permission(membership, Permission.POLICY_MANAGE)
    counts = version.is_binding and has_permission(membership, Permission.POLICY_STANDING)
    was_ratified = version.state not in BEFORE_RATIFICATION
    signatures = list(Signature.objects.filter(document__version=version)) if was_ratified else []
    standing = _standing(version, None if counts else membership) if was_ratified else []
    sections = sections_of(version)
    values = values_for(version.school, sections)
    show_fields(sections, values)
    return ReadingFacts(
        sections=sections,
        fields=values,
        linked=held_policies(version.school, version.linked_policies),
        others=comparable_with(version, membership),
        signatures=signatures,
        paper=paper_of(version),
        posts=post_names(version.school),
        acknowledgement=next((one for one in reversed(standing) if one.member_id == membership.pk), None),
        announcements=_announcements(version) if manages else [],
        covered=version.policy.is_for(membership.group, membership.roles),
        progress=acknowledgement_progress(version, standing) if counts else None,
        told=told_before(version.policy),
        for_classes=Audience.LEARNER in version.policy.audience
        and has_permission(membership, Permission.POLICY_CLASS),
        due=Deadlines(version.school).of(version, membership),
        **_rights(version, membership, signatures),
    )


def _rights(version: PolicyVersion, by: Membership, signatures: list[Signature]) -> dict[str, bool]:
    """What this member may do with the version as it stands."""
    ratifies = has_permission(by, Permission.POLICY_RATIFY)
    manages = has_permission(by, Permission.POLICY_MANAGE)

    def may(to: VersionState) -> bool:
        return may_become(version.state, to, minor=version.minor)

    return {
        "may_prepare": sees_preparation(by),
        "may_see_record": may_see_record(by, version),
        "may_manage": manages,
        "may_ratify": ratifies and may(VersionState.RATIFIED) and not needs_approval(version),
        "may_start": ratifies and not version.is_binding and may(VersionState.IN_FORCE),
        "may_withdraw": manages and (ratifies or not version.is_binding) and may(VersionState.WITHDRAWN),
        "may_attach": ratifies and not signatures and version.state in SIGNABLE,
        "may_sign": paper_of(version) is None
        and by.pk not in {one.member_id for one in signatures}
        and may_sign_next(by, version, len(signatures)),
    }


def _standing(version: PolicyVersion, member: Membership | None) -> list[Acknowledgement]:
    """The acknowledgements that stand for a version: one member's, or everybody's."""
    found = Acknowledgement.objects.standing_for(version)
    return list(found.filter(member=member) if member else found)


def _announcements(version: PolicyVersion) -> list[Announcement]:
    """Where attention was drawn to the policy, whichever version it was then."""
    made = Announcement.objects.filter(version__policy_id=version.policy_id)
    return list(made.select_related("by", "version").defer(*(f"version__{name}" for name in HEAVY)))
