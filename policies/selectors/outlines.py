"""What a policy can begin with: outlines as shipped, and those that the school's trust offers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from policies.check import ERROR, Finding
from policies.compare import Change, Part, compare
from policies.compare.offered import heading_of, is_closed, locals_of
from policies.enums import VersionState
from policies.fields import from_typed
from policies.models import OutlineIssue, Policy, PolicyVersion, Section
from schools.models import School

FOLDER = Path(__file__).parents[1] / "data" / "outlines"


@dataclass(frozen=True)
class Outline:
    """A text to begin with; `sections` as the reader gives them, with fields as they are stored. `issue` where a trust offers it."""

    title: str
    kind: str
    source: str
    sections: tuple[dict[str, Any], ...]
    issue: OutlineIssue | None = None


@dataclass(frozen=True)
class Offers:
    """What a trust has for a school: outlines of which no policy was begun, and newer issues of those that were."""

    new: list[OutlineIssue]
    newer: list[tuple[Policy, OutlineIssue]]


@cache
def outlines() -> Mapping[str, Outline]:
    """Every outline as shipped, by the name of its file."""
    found = {path.stem: tomllib.loads(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))}
    return {key: _outline(row) for key, row in found.items()}


def _outline(row: dict[str, Any]) -> Outline:
    sections = tuple(
        {
            **section,
            "status": "in use",
            "clauses": [{"depth": 0, **one, "text": from_typed(one["text"])} for one in section["clauses"]],
        }
        for section in row["sections"]
    )
    return Outline(row["title"], row["kind"], f"{row['source']}, {row['date']}", sections)


def starting_points(school: School) -> dict[str, Outline]:
    """What a new policy of this school may begin with: what its trust offers first, then the outlines as shipped."""
    offered = {str(one.pk): _offered(one) for one in offers(school).new}
    return {**offered, **outlines()}


def _offered(issue: OutlineIssue) -> Outline:
    return Outline(issue.title, issue.kind, source_of(issue), tuple(issue.sections), issue)


def source_of(issue: OutlineIssue) -> str:
    """What a policy says of where its text comes from."""
    return f"{issue.trust.name}, issue {issue.number}"


def newest_issues(school: School) -> QuerySet[OutlineIssue]:
    """The newest issue of every outline that the school's trust offers."""
    later = OutlineIssue.objects.filter(outline=OuterRef("outline"), number__gt=OuterRef("number"))
    return (
        OutlineIssue.objects.filter(trust=school.trust)
        .exclude(Exists(later))
        .select_related("trust")
        .order_by("title")
    )


def offers(school: School) -> Offers:
    """What the school's trust has for it; nothing, and no query, for a school without a trust."""
    if school.trust_id is None:
        return Offers([], [])
    issues = {one.outline_id: one for one in newest_issues(school)}
    followed: dict[Any, PolicyVersion] = {}
    versions = PolicyVersion.objects.filter(school=school, follows__outline__in=issues)
    for version in sorted(versions.select_related("policy", "follows"), key=_standing):
        followed[version.follows.outline_id] = version  # type: ignore[union-attr]
    newer = [
        (version.policy, issues[key])
        for key, version in followed.items()
        if version.follows.number < issues[key].number  # type: ignore[union-attr]
    ]
    return Offers([one for key, one in issues.items() if key not in followed], newer)


def _standing(version: PolicyVersion) -> tuple[bool, int]:
    """The highest says what a policy follows: the newest issue that it took over, unless that draft was withdrawn."""
    return version.state != VersionState.WITHDRAWN, version.follows.number  # type: ignore[union-attr]


def followed_by(policy: Policy) -> tuple[OutlineIssue, OutlineIssue] | None:
    """The issue that a policy follows, and the newest there is; None where it follows none."""
    versions = policy.versions.filter(follows__isnull=False).select_related("follows")
    if not versions:
        return None
    taken: Any = max(versions, key=_standing).follows
    newest = OutlineIssue.objects.filter(outline=taken.outline_id).select_related("trust").first()
    return taken, newest or taken


def changes_of(old: OutlineIssue, new: OutlineIssue) -> list[Change]:
    """What became of every heading and clause from one issue to the next."""
    return compare(_parts(old.sections), _parts(new.sections))


def _parts(sections: Sequence[Mapping[str, Any]]) -> list[Part]:
    parts = []
    for section in sections:
        if section["heading"] or section["label"]:
            parts.append(Part(section["heading"], section["label"], is_heading=True, depth=section["level"]))
        parts += [
            Part(one["text"], one["label"], one["stable_id"], under=section["heading"], depth=one["depth"])
            for one in section["clauses"]
        ]
    return parts


def mark_common(version: PolicyVersion, sections: Sequence[Section]) -> None:
    """Says of each section and clause of a draft whether it is the trust's (`is_common`), and what is `to_fill` in."""
    offered = version.follows.sections if version.follows else []
    headings = {heading_of(one): is_closed(one) for one in offered}
    local = locals_of(offered)
    common = {one["stable_id"] for part in offered for one in part["clauses"] if not one["local"]}
    for section in sections:
        key = heading_of(plain_section(section, ()))
        section.is_common, section.is_closed = key in headings, headings.get(key, False)  # type: ignore[attr-defined]
        for clause in section.clauses.all():
            name = str(clause.stable_id)
            clause.is_common, clause.to_fill = name in common, local.get(name) == clause.text  # type: ignore[attr-defined]


def plain_section(section: Section, clauses: Iterable[Any]) -> dict[str, Any]:
    """A section of a version with its clauses as an offered text holds them."""
    return {
        "label": section.label,
        "heading": section.heading,
        "level": section.level,
        "status": section.status,
        "clauses": [
            {
                "stable_id": str(one.stable_id),
                "label": one.label,
                "text": one.text,
                "depth": one.depth,
                "local": True,
            }
            for one in clauses
        ],
    }


def parts_to_fill(version: PolicyVersion, sections: Sequence[Section]) -> list[Finding]:
    """A finding for each local part that stands as the trust wrote it."""
    if version.follows_id is None:
        return []
    mark_common(version, sections)
    return [
        Finding(
            "local-part",
            ERROR,
            clause.label or section.label,
            "This part is the school's own to write, and stands as the trust wrote it.",
            "Write what holds in your school.",
            place,
            index,
            section.heading,
        )
        for place, section in enumerate(sections)
        for index, clause in enumerate(section.clauses.all())
        if clause.to_fill  # type: ignore[attr-defined]
    ]
