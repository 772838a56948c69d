"""What a comparison of two versions needs: which versions a member may compare, and their text in parts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from policies.compare import Change, Part, compare
from policies.enums import SectionStatus
from policies.models import Acknowledgement, PolicyVersion, Section
from policies.permissions import sees_preparation
from policies.selectors.fields import fill_sections
from policies.selectors.versions import HEAVY, sections_of
from policies.states import EVER_IN_FORCE
from schools.models import Membership


@dataclass(frozen=True)
class Earlier:
    """A version that can be compared with another one, and whether the member acknowledged it."""

    version: PolicyVersion
    was_read: bool


def comparable_versions(membership: Membership) -> QuerySet[PolicyVersion]:
    """Versions whose text this member may compare: those that were ever in force for everybody, all for those who prepare."""
    versions = membership.school.policyversions.select_related("policy").defer(*HEAVY)
    return versions if sees_preparation(membership) else versions.filter(state__in=EVER_IN_FORCE)


def comparable_with(version: PolicyVersion, membership: Membership) -> list[Earlier]:
    """The other versions of the same policy that this member may compare with it, the newest first."""
    read = Acknowledgement.objects.given().filter(version=OuterRef("pk"), member=membership)
    others = comparable_versions(membership).filter(policy_id=version.policy_id).exclude(pk=version.pk)
    return [Earlier(one, one.was_read) for one in others.annotate(was_read=Exists(read))]


def version_before(version: PolicyVersion, others: list[Earlier]) -> PolicyVersion | None:
    """The newest of `others` that is older than the version."""
    return next((one.version for one in others if one.version.place < version.place), None)


def last_read(version: PolicyVersion, others: list[Earlier]) -> PolicyVersion | None:
    """The newest older version that the member acknowledged."""
    return version_before(version, [one for one in others if one.was_read])


def changes_with(version: PolicyVersion) -> tuple[PolicyVersion | None, list[Change]]:
    """What binds of the same policy, and what changes when this version takes its place; nothing where nothing binds."""
    old = PolicyVersion.objects.binding().filter(policy_id=version.policy_id).first()
    if old is None or old.pk == version.pk:
        return None, []
    return old, changes_between(old, version)


def changes_between(old: PolicyVersion, new: PolicyVersion) -> list[Change]:
    """What became of every heading and clause, in four queries however long the versions are."""
    return compare(parts_of(old), parts_of(new))


def parts_of(version: PolicyVersion) -> list[Part]:
    """The headings and clauses of a version, one after the other; a section that is not used says so in its heading."""
    parts = []
    sections = sections_of(version)
    fill_sections(version.school, sections)
    for section in sections:
        if section.heading or section.label:
            parts.append(_heading(section))
        parts += [
            Part(
                clause.text,
                clause.label,
                key=clause.stable_id,
                under=section.heading,
                depth=clause.depth,
                anchor=clause.anchor,
            )
            for clause in section.clauses.all()
        ]
    return parts


def _heading(section: Section) -> Part:
    used = section.status == SectionStatus.IN_USE
    text = section.heading if used else f"{section.heading} ({section.get_status_display().lower()})"
    return Part(text, section.label, is_heading=True, depth=section.level, anchor=section.anchor)
