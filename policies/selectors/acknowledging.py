"""Whom a policy covers, and who of them has read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from policies.models import Acknowledgement, Induction, Policy, PolicyVersion
from policies.selectors.versions import HEAVY
from policies.states import BINDING
from schools.models import Membership, School
from schools.selectors import Calendar, members, rule_number, with_posts

NEW_FOR = timedelta(days=365)
"""For so long somebody counts as new, and their induction is shown."""


@dataclass(frozen=True)
class Progress:
    """How many of those whom a policy covers have acknowledged a version, and who has not."""

    asked: int
    done: int
    missing: list[Membership] = field(default_factory=list)


@dataclass(frozen=True)
class AcknowledgementFigure:
    """Acknowledgements of one policy in force."""

    title: str
    asked: int
    done: int


@dataclass(frozen=True)
class ToRead:
    """One policy on a member's reading list: until when, whether it is done, and who went through it with them."""

    version: PolicyVersion
    due: date | None
    acknowledgement: Acknowledgement | None
    induction: Induction | None

    @property
    def is_late(self) -> bool:
        """Whether its day has passed and it is not done."""
        return not self.acknowledgement and self.due is not None and self.due < timezone.localdate()


class Deadlines:
    """Until when members are asked to acknowledge: by the day of the round, and as long after coming as others had."""

    def __init__(self, school: School) -> None:
        self.school, self.calendar = school, Calendar(school)

    def of(self, version: PolicyVersion, member: Membership) -> date | None:
        """The last day; None where the version starts no round."""
        round_ends, since = version.acknowledge_by, version.in_force_from
        if round_ends is None or since is None or member.starts_on <= since:
            return round_ends
        return max(round_ends, self.calendar.add(member.starts_on, self._days))

    @cached_property
    def _days(self) -> int:
        return rule_number(self.school, "acknowledge_within_days")


def audience_of(policy: Policy) -> list[Membership]:
    """Members of today whom the policy covers, by name."""
    return [
        one
        for one in with_posts(members(policy.school).prefetch_related(None))
        if policy.is_for(one.group, one.roles)
    ]


def reading_list(member: Membership) -> list[ToRead]:
    """What this member is asked to read, the soonest first and what is done last."""
    versions = PolicyVersion.objects.binding().filter(school_id=member.school_id).defer(*HEAVY)
    standing = Acknowledgement.objects.standing().filter(member=member).select_related("version")
    done = {one.version.policy_id: one for one in standing.defer(*(f"version__{name}" for name in HEAVY))}
    told = {one.policy_id: one for one in member.inductions.select_related("discussed_by")}
    deadlines = Deadlines(member.school)
    rows = [
        ToRead(one, deadlines.of(one, member), done.get(one.policy_id), told.get(one.policy_id))
        for one in versions.select_related("policy", "school")
        if one.policy.is_for(member.group, member.roles)
    ]
    return sorted(
        rows, key=lambda one: (bool(one.acknowledgement), one.due or date.max, one.version.title.casefold())
    )


@dataclass(frozen=True)
class Newcomer:
    """Somebody who came lately: how many policies they are asked to read, have read, and were gone through with them."""

    member: Membership
    asked: int
    read: int
    discussed: int


def newcomers(school: School) -> list[Newcomer]:
    """Members who came within the last year, the newest first."""
    since = timezone.localdate() - NEW_FOR
    people = [one for one in members(school) if one.starts_on >= since]
    policies = list(Policy.objects.filter(school=school, versions__state__in=BINDING))
    read = _pairs(Acknowledgement.objects.standing().filter(member__in=people), "version__policy_id")
    told = _pairs(Induction.objects.filter(member__in=people), "policy_id")
    rows = []
    for one in people:
        asked = {policy.pk for policy in policies if policy.is_for(one.group, one.roles)}
        counts = (len(asked & {pk for who, pk in pairs if who == one.pk}) for pairs in (read, told))
        rows.append(Newcomer(one, len(asked), *counts))
    return sorted(rows, key=lambda row: (-row.member.starts_on.toordinal(), row.member.name))


def _pairs(rows: QuerySet[Any], policy: str) -> set[tuple[UUID, UUID]]:
    return set(rows.values_list("member_id", policy))


def acknowledgement_progress(version: PolicyVersion, standing: Iterable[Acknowledgement]) -> Progress:
    """Who of the audience has read a version, and who has not, by the acknowledgements that stand for it."""
    read = {one.member_id for one in standing}
    asked = audience_of(version.policy)
    missing = [one for one in asked if one.pk not in read]
    return Progress(len(asked), len(asked) - len(missing), missing)


def acknowledgement_figures(school: School) -> list[AcknowledgementFigure]:
    """For each policy in force, how many are asked and how many have read it; by title."""
    people = list(members(school))
    versions = PolicyVersion.objects.binding().filter(school=school).defer(*HEAVY).select_related("policy")
    standing = Acknowledgement.objects.standing().filter(school=school)
    read = set(standing.values_list("version__policy_id", "member_id"))
    figures = []
    for version in sorted(versions, key=lambda one: one.policy.title.casefold()):
        asked = [one for one in people if version.policy.is_for(one.group, one.roles)]
        done = sum((version.policy_id, one.pk) in read for one in asked)
        figures.append(AcknowledgementFigure(version.policy.title, len(asked), done))
    return figures
