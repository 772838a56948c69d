"""The catalogue as a school keeps it: which edition of guidance holds, and which policies it is expected to have."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from policies.check import OwnCatalogue, OwnEdition, OwnPolicy, with_own
from policies.check.catalogue import Catalogue, Edition, GuidanceEntry, Statutory
from policies.models import ExpectedPolicy, GuidanceEdition, PolicyVersion
from policies.permissions import sees_preparation
from policies.states import BINDING, IN_PREPARATION
from schools.models import Membership, School

EDITION = tuple(field.name for field in fields(OwnEdition))
POLICY = tuple(field.name for field in fields(OwnPolicy))
ORDER = ("statutory", "own", "expected", "good_practice")


@dataclass(frozen=True)
class Naming:
    """A version in force that names a document, with the edition as printed ("" where it gives none)."""

    version: PolicyVersion
    edition: str


@dataclass(frozen=True)
class GuidanceFacts:
    """A document of the catalogue: what holds today, what may hold or will, the school's own rows, who names it."""

    entry: GuidanceEntry
    current: Edition | None
    ahead: list[Edition]
    own: list[GuidanceEdition]
    named_by: list[Naming]


@dataclass(frozen=True)
class ExpectedFacts:
    """A policy that schools of this kind are expected to have, or that this school decided about."""

    policy: Statutory
    needed: bool
    own: ExpectedPolicy | None
    held: PolicyVersion | None
    preparing: PolicyVersion | None


def own_catalogue(school: School) -> OwnCatalogue:
    """What a school adds to the catalogue as shipped, in two queries."""
    return _own(
        list(GuidanceEdition.objects.filter(school=school)),
        list(ExpectedPolicy.objects.filter(school=school)),
    )


def _own(editions: list[GuidanceEdition], policies: list[ExpectedPolicy]) -> OwnCatalogue:
    return OwnCatalogue(
        tuple(OwnEdition(**{name: getattr(one, name) for name in EDITION}) for one in editions),
        tuple(OwnPolicy(**{name: getattr(one, name) for name in POLICY}) for one in policies),
    )


def guidance_list(membership: Membership, today: date) -> list[GuidanceFacts]:
    """Every document of the catalogue by title, with the policies in force that name it."""
    rows = list(GuidanceEdition.objects.filter(school=membership.school).select_related("by"))
    catalogue = with_own(_own(rows, []))
    own: dict[str, list[GuidanceEdition]] = defaultdict(list)
    for row in rows:
        own[row.guidance].append(row)
    named = _named_by(membership.school, catalogue)
    facts = [_guidance_facts(entry, today, own[entry.key], named[entry.key]) for entry in catalogue.guidance]
    return sorted(facts, key=lambda one: one.entry.title.casefold())


def _guidance_facts(
    entry: GuidanceEntry, today: date, own: list[GuidanceEdition], named: list[Naming]
) -> GuidanceFacts:
    current = next((one for one in entry.in_force(today) if one.confirmed), None)
    newer = [one for one in entry.editions if current is None or one.year > current.year]
    return GuidanceFacts(entry, current, newer if current else newer[:1], own, named)


def _named_by(school: School, catalogue: Catalogue) -> dict[str, list[Naming]]:
    named: dict[str, list[Naming]] = defaultdict(list)
    versions = PolicyVersion.objects.filter(school=school, state__in=BINDING).select_related(
        "school", "policy"
    )
    for version in versions.only("title", "guidance", "school__slug", "policy__title").order_by("title"):
        for read in version.guidance:
            if entry := catalogue.entry_for(read["title"]):
                named[entry.key].append(Naming(version, read.get("edition") or ""))
    return named


def expected_list(membership: Membership) -> list[ExpectedFacts]:
    """What a school of this kind is expected to have, with what it holds; what it does not need stands last."""
    school = membership.school
    rows = {one.key: one for one in ExpectedPolicy.objects.filter(school=school).select_related("by")}
    catalogue = with_own(_own([], list(rows.values())))
    states = (*BINDING, *IN_PREPARATION) if sees_preparation(membership) else BINDING
    versions = PolicyVersion.objects.filter(school=school, state__in=states).select_related(
        "school", "policy"
    )
    live: dict[str, list[PolicyVersion]] = defaultdict(list)
    for version in versions.only("title", "state", "number", "minor", "next_review", "next_review_on", "school__slug", "policy__title"):  # fmt: skip
        if kind := catalogue.statutory_for(version.policy.title):
            live[kind.key].append(version)
    facts = [
        _expected_facts(one, rows.get(one.key), live[one.key], school.kind in one.kinds)
        for one in catalogue.statutory
        if school.kind in one.kinds or one.key in rows
    ]
    return sorted(facts, key=lambda one: (not one.needed, ORDER.index(one.policy.basis), one.policy.title))


def _expected_facts(
    policy: Statutory, own: ExpectedPolicy | None, live: list[PolicyVersion], needed: bool
) -> ExpectedFacts:
    held = next((one for one in live if one.is_binding), None)
    preparing = next((one for one in live if not one.is_binding), None)
    return ExpectedFacts(policy, needed, own, held, preparing)


def expected_policy(school: School, key: str) -> tuple[Statutory, ExpectedPolicy | None] | None:
    """One row of the list by its key, with what the school decided about it; None when there is none."""
    own = ExpectedPolicy.objects.filter(school=school, key=key).first()
    known = with_own(_own([], [own] if own else [])).by_key(key)
    return (known, own) if known else None


def guidance_documents(school: School) -> dict[str, GuidanceEntry]:
    """The documents of the catalogue by key, those that the school added included."""
    catalogue = with_own(_own(list(GuidanceEdition.objects.filter(school=school)), []))
    return {one.key: one for one in sorted(catalogue.guidance, key=lambda one: one.title.casefold())}


def own_edition(school: School, pk: UUID) -> GuidanceEdition | None:
    """An edition that the school noted."""
    return GuidanceEdition.objects.filter(school=school, pk=pk).select_related("school").first()
