"""The library, what waits for a person, and how policies stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.db.compiled import compiled_once
from policies.enums import VersionState
from policies.models import Acknowledgement, Policy, PolicyVersion
from policies.permissions import SIGNING_ORDER, sees_preparation
from policies.selectors.acknowledging import Deadlines
from policies.selectors.approval import is_major_draft, route_of, versions_to_approve
from policies.selectors.certificates import certificate_ends
from policies.selectors.consultation import waiting_consultations
from policies.selectors.signing import to_sign
from policies.selectors.versions import HEAVY
from policies.states import BINDING, IN_PREPARATION, may_become
from schools.enums import Permission
from schools.models import Membership, School
from schools.permissions import has_permission
from schools.selectors import rule_list


@dataclass(frozen=True)
class PolicyFacts:
    """A policy with the version in force, the newest one in preparation, and what it asks of one member."""

    policy: Policy
    in_force: PolicyVersion | None
    preparing: PolicyVersion | None
    to_acknowledge: bool
    acknowledged: bool
    days_to_review: int | None
    due_soon_days: int = 56
    acknowledge_by: date | None = None

    @property
    def overdue(self) -> bool:
        """Whether the last day of its review has passed."""
        return self.days_to_review is not None and self.days_to_review < 0

    @property
    def due_soon(self) -> bool:
        """Whether the review comes within the school's first reminder."""
        return self.days_to_review is not None and 0 <= self.days_to_review <= self.due_soon_days

    @property
    def shown(self) -> PolicyVersion | None:
        """The version that a list leads to."""
        return self.in_force or self.preparing


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a member."""

    what: str
    title: str
    url: str
    due: date | None = None


@dataclass(frozen=True)
class StandingRow:
    """How one policy stands."""

    title: str
    label: str
    state: str
    next_review: str
    days_to_review: int | None
    signatures: int


@dataclass(frozen=True)
class PolicyStanding:
    """How a school's policies stand on a day; figures about documents, never about people."""

    rows: list[StandingRow]
    in_force: int
    overdue: int
    due_soon: int
    without_review_date: int
    in_preparation: int


def library(membership: Membership, *, today: date | None = None) -> list[PolicyFacts]:
    """The policies that a member may see, what needs attention first."""
    day = today or timezone.localdate()
    prepares = sees_preparation(membership)
    facts = [
        one
        for one in _facts(membership.school, day, membership)
        if one.in_force or (prepares and one.preparing)
    ]
    return sorted(facts, key=lambda one: (_rank(one, prepares), one.policy.title.casefold()))


def _rank(one: PolicyFacts, prepares: bool) -> int:
    """Who looks after policies sees late reviews first; everybody else sees what they still have to read."""
    order = (one.overdue, one.due_soon, one.to_acknowledge, bool(one.preparing))
    needs = order if prepares else (one.to_acknowledge,)
    return next((place for place, needed in enumerate(needs) if needed), len(needs))


def _facts(school: School, today: date, membership: Membership | None = None) -> list[PolicyFacts]:
    versions = _live_versions(
        school=school
    )  # before the policies, lest one of a policy that is made now has none
    policies: dict[UUID, Any] = {policy.pk: policy for policy in _policies(school=school)}
    for policy in policies.values():
        policy.school, policy.live_versions = school, []
    for version in versions:
        version.school, version.policy = school, policies[version.policy_id]
        policies[version.policy_id].live_versions.append(version)
    read = set(_acknowledged_by(member=membership)) if membership else set()
    deadlines = Deadlines(school)
    first_reminder = max(reminder_days(school), default=0)
    return [_fact(policy, today, membership, deadlines, read, first_reminder) for policy in policies.values()]


@compiled_once
def _policies(*, school: Any) -> QuerySet[Policy]:
    return Policy.objects.filter(school=school)


@compiled_once
def _live_versions(*, school: Any) -> QuerySet[PolicyVersion]:
    live = PolicyVersion.objects.filter(school=school, state__in=[*BINDING, *IN_PREPARATION])
    return live.defer(*HEAVY)


def _fact(
    policy: Policy,
    today: date,
    membership: Membership | None,
    deadlines: Deadlines,
    read: set[tuple[UUID, int]],
    first_reminder: int,
) -> PolicyFacts:
    live: list[PolicyVersion] = policy.live_versions  # type: ignore[attr-defined]
    in_force = next((one for one in live if one.is_binding), None)
    acknowledged = in_force is not None and (policy.pk, in_force.number) in read
    covered = membership is not None and policy.is_for(membership.group, membership.roles)
    to_acknowledge = bool(in_force and covered and not acknowledged)
    return PolicyFacts(
        policy=policy,
        in_force=in_force,
        preparing=next((one for one in live if not one.is_binding), None),
        to_acknowledge=to_acknowledge,
        acknowledged=acknowledged,
        days_to_review=in_force.days_to_review(today) if in_force else None,
        due_soon_days=first_reminder,
        acknowledge_by=deadlines.of(in_force, membership)
        if membership and in_force and to_acknowledge
        else None,
    )


@compiled_once
def _acknowledged_by(*, member: Any) -> QuerySet[Any, tuple[UUID, int]]:
    """Policy and major number of what stands acknowledged by a member among what binds."""
    mine = Acknowledgement.objects.standing().filter(member=member)
    return mine.values_list("version__policy_id", "version__number")


def reminder_days(school: School) -> list[int]:
    """How many days before a review people are reminded, in this school."""
    return [int(text) for text in rule_list(school, "policy_review_reminder_days")]


def policy_standing(school: School, today: date) -> PolicyStanding:
    """How the school's policies stand on a day."""
    facts = _facts(school, today)
    held = PolicyVersion.objects.filter(school=school)
    signed = dict(held.filter(document__isnull=False).values_list("pk", "document__signed"))
    signed |= {pk: len(SIGNING_ORDER) for pk in held.filter(paper__isnull=False).values_list("pk", flat=True)}
    rows = [_standing_row(one, signed) for one in facts if one.shown]
    binding = [one for one in facts if one.in_force]
    return PolicyStanding(
        rows=rows,
        in_force=len(binding),
        overdue=sum(one.overdue for one in binding),
        due_soon=sum(one.due_soon for one in binding),
        without_review_date=sum(one.days_to_review is None for one in binding),
        in_preparation=sum(one.preparing is not None for one in facts),
    )


def _standing_row(one: PolicyFacts, signed: dict[UUID, int]) -> StandingRow:
    version = one.shown
    assert version is not None  # noqa: S101 - the caller leaves out policies without a version
    return StandingRow(
        title=one.policy.title,
        label=version.label,
        state=VersionState(version.state).label,
        next_review=version.next_review,
        days_to_review=one.days_to_review,
        signatures=signed.get(version.pk, 0),
    )


ASKED = ("Comment on", "consultation_read")
RUN_OUT = ("Close the consultation on", "consultation_detail")


def waiting_for(membership: Membership, *, today: date | None = None) -> list[Waiting]:
    """What policies ask of this member: to read, to comment on, to approve, to ratify, to sign; soonest first."""
    day = today or timezone.localdate()
    facts = _facts(membership.school, day, membership)
    waiting = [
        Waiting(
            "Read and acknowledge",
            one.policy.title,
            one.in_force.get_absolute_url(),
            one.acknowledge_by,
        )
        for one in facts
        if one.to_acknowledge and one.in_force
    ]
    waiting += _consultations(membership)
    waiting += [
        Waiting(
            "Approve", one.title, reverse("policies:version_decide", args=[membership.school.slug, one.pk])
        )
        for one in versions_to_approve(membership)
    ]
    if has_permission(membership, Permission.POLICY_RATIFY):
        waiting += [
            Waiting("Ratify", one.title, one.get_absolute_url()) for one in _to_ratify(membership, facts)
        ]
    if has_permission(membership, Permission.POLICY_SIGN):
        waiting += [Waiting("Sign", one.title, one.get_absolute_url()) for one in to_sign(membership)]
    if has_permission(membership, Permission.SETTINGS_MANAGE) and (
        ends := certificate_ends(membership.school)
    ):
        url = reverse("policies:certificate", args=[membership.school.slug])
        waiting.append(Waiting("Bring the next", "signing certificate", url, ends))
    return sorted(waiting, key=lambda one: one.due or date.max)


def _consultations(membership: Membership) -> list[Waiting]:
    """Drafts that this member is asked about, and consultations of theirs that have run out."""
    slug, waiting = membership.school.slug, []
    for one in waiting_consultations(membership):
        what, name = ASKED if one.until >= timezone.localdate() else RUN_OUT
        url = reverse(f"policies:{name}", args=[slug, one.pk])
        waiting.append(Waiting(what, one.version.title, url, one.until))
    return waiting


def _to_ratify(membership: Membership, facts: list[PolicyFacts]) -> list[PolicyVersion]:
    """Versions that can be ratified: drafts only where the school has no approvers."""
    found = [one.preparing for one in facts if one.preparing]
    ready = [one for one in found if may_become(one.state, VersionState.RATIFIED, minor=one.minor)]
    drafts = [one for one in ready if is_major_draft(one)]
    return [one for one in ready if one not in drafts] if drafts and route_of(membership.school) else ready
