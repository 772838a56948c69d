"""Whom a policy covers, and who of them has read it."""

from __future__ import annotations

from dataclasses import dataclass, field

from policies.models import Acknowledgement, Policy, PolicyVersion
from policies.selectors.versions import HEAVY
from schools.models import Membership, School
from schools.selectors import members


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


def audience_of(policy: Policy) -> list[Membership]:
    """Members of today whom the policy covers, by name."""
    return [one for one in members(policy.school) if policy.is_for(one.group, one.roles)]


def acknowledgement_progress(version: PolicyVersion) -> Progress:
    """Who of the audience has read a version, and who has not."""
    read = set(version.acknowledgements.values_list("member_id", flat=True))
    asked = [one for one in members(version.school) if version.policy.is_for(one.group, one.roles)]
    missing = [one for one in asked if one.pk not in read]
    return Progress(len(asked), len(asked) - len(missing), missing)


def acknowledgement_figures(school: School) -> list[AcknowledgementFigure]:
    """For each policy in force, how many are asked and how many have read it; by title."""
    people = list(members(school))
    versions = PolicyVersion.objects.binding().filter(school=school).defer(*HEAVY).select_related("policy")
    read = set(Acknowledgement.objects.filter(version__in=versions).values_list("version_id", "member_id"))
    figures = []
    for version in sorted(versions, key=lambda one: one.policy.title.casefold()):
        asked = [one for one in people if version.policy.is_for(one.group, one.roles)]
        done = sum((version.pk, one.pk) in read for one in asked)
        figures.append(AcknowledgementFigure(version.policy.title, len(asked), done))
    return figures
