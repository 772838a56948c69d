"""Versions as pages show them, their text, and the policies that a text refers to."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from policies.enums import VersionState
from policies.models import Clause, Policy, PolicyVersion, Section, SourceFile
from policies.permissions import sees_preparation
from policies.selectors.approval import placed_in
from policies.states import BINDING
from schools.models import Membership, School

HEAVY = ("key_details", "linked_policies", "guidance", "findings", "scope", "note", "template", "licence")


def visible_versions(membership: Membership) -> QuerySet[PolicyVersion]:
    """Versions that this member may open: those in force for everybody, the others for those who prepare or approve them."""
    versions = membership.school.policyversions.select_related("policy", "paper__by").defer("paper__content")
    if sees_preparation(membership):
        return versions
    approves = placed_in(membership).values("version")
    return versions.filter(Q(state__in=BINDING) | Q(pk__in=approves, state=VersionState.APPROVAL))


def version_to_read(policy: Policy, membership: Membership) -> PolicyVersion | None:
    """What the reading page of a policy shows: the version in force, otherwise the newest that this member may see."""
    versions = list(visible_versions(membership).filter(policy=policy))
    binding = next((one for one in versions if one.is_binding), None)
    return binding or next(iter(versions), None)


def sections_of(version: PolicyVersion) -> list[Section]:
    """The text in its order, clauses loaded, without what no reader sees of hundreds of them."""
    clauses = Clause.objects.order_by("position").defer("school", "version", "created_at", "updated_at")
    return list(version.sections.prefetch_related(Prefetch("clauses", clauses)))


def held_policies(school: School, titles: Iterable[str]) -> list[tuple[str, Policy | None]]:
    """Each title that a text refers to, with the policy of the school that bears it; None when it is not held."""
    held = {title_key(policy.title): policy for policy in Policy.objects.filter(school=school)}
    return [(title, held.get(title_key(title))) for title in titles]


def title_key(title: str) -> str:
    """A title without case, punctuation and the words that vary, so that the same policy is found again."""
    words = "".join(char if char.isalnum() else " " for char in title.casefold()).split()
    return " ".join(
        word.rstrip("s") for word in words if word not in ("policy", "policies", "and", "the", "our")
    )


def unsaved_documents(source: SourceFile) -> list[int]:
    """Positions of the documents of a file that no version was made of."""
    saved = set(source.versions.values_list("source_position", flat=True))
    return [position for position in range(len(source.reading["documents"])) if position not in saved]


def policy_choices(school: School) -> list[tuple[str, str]]:
    """Id and title of the school's policies, by title."""
    return [(str(pk), title) for pk, title in Policy.objects.filter(school=school).values_list("pk", "title")]
