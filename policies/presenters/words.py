"""The words that several pages of policies use: states, days, findings, guidance."""

from __future__ import annotations

from typing import Any

from policies.enums import Audience, VersionState
from policies.models import PolicyVersion
from schools.enums import Group

STATE_KINDS = {
    VersionState.DRAFT: "new",
    VersionState.CONSULTATION: "open",
    VersionState.APPROVAL: "open",
    VersionState.APPROVED: "note",
    VersionState.RATIFIED: "note",
    VersionState.IN_FORCE: "done",
    VersionState.UNDER_REVIEW: "open",
    VersionState.SUPERSEDED: "quiet",
    VersionState.WITHDRAWN: "void",
}

GROUPS = {**dict(Group.choices), **dict(Audience.choices)}
"""Everybody whom a policy can ask, members or not."""

SEVERITY_KINDS = {"error": "stop", "warning": "due", "note": "note"}

NAMED = (
    ("dsl", "Designated lead, as named in the text"),
    ("deputy_dsl", "Deputies, as named in the text"),
    ("named_governor", "Named governor, as named in the text"),
)


def status_of(version: PolicyVersion) -> dict[str, str]:
    """The status word of a version."""
    return {"kind": STATE_KINDS[VersionState(version.state)], "word": VersionState(version.state).label}


def days_in_words(days: int) -> str:
    """`due today`, `12 days left`, `3 days over`."""
    if days == 0:
        return "due today"
    plural = "day" if abs(days) == 1 else "days"
    return f"{abs(days)} {plural} {'left' if days > 0 else 'over'}"


def findings_of(version_findings: list[dict[str, str]]) -> list[dict[str, str]]:
    """What was noticed while reading, with the status kind of its severity."""
    return [
        {
            **one,
            "kind": SEVERITY_KINDS.get(one["severity"], "note"),
            "word": one["code"].replace("-", " ").capitalize(),
        }
        for one in version_findings
    ]


def edition_of(guidance: dict[str, Any]) -> str:
    """`Keeping Children Safe in Education (2023)`, or only the title."""
    return f"{guidance['title']} ({guidance['edition']})" if guidance.get("edition") else guidance["title"]
