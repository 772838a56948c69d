"""What somebody should see before they take a step that others rely on: what the check found, what changes, who has agreed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policies.check import Finding
from policies.compare import Change
from policies.models import PolicyVersion
from policies.presenters.checking import check_counts
from policies.presenters.comparing import changes_page
from policies.presenters.version import signed_by
from policies.selectors import ReadingFacts

STARTING = {
    "heading": "Bring into force",
    "lead": "From today people must follow it, and those whom it covers are asked to read it.",
}
STARTING_MINOR = {
    "heading": "Bring into force",
    "lead": "A minor version: it binds from today, and nobody is asked to ratify it or to read it again.",
}
NOBODY_ELSE = {
    "title": "Nobody else has to agree to this version",
    "text": "It is called a minor version. Look at every change below: if one of them changes what people must do, make it a major version instead.",
}
NOT_SIGNED = {
    "title": "Nobody has signed this version",
    "text": "It can be signed later too, but from today people follow it as it stands.",
}


def check_summary(version: PolicyVersion, findings: Sequence[Finding] | None) -> dict[str, Any] | None:
    """How many findings of the policy check there are by how much they matter, and where they stand; None when it is not checked."""
    if findings is None:
        return None
    return {"groups": check_counts(findings), "url": f"{version.get_absolute_url()}#check"}


def comparison(
    old: PolicyVersion | None, new: PolicyVersion, changes: Sequence[Change]
) -> dict[str, Any] | None:
    """What changes with a version; None where there is nothing before it."""
    return changes_page(old, new, changes, [new]) if old else None


def start_page(version: PolicyVersion, facts: ReadingFacts) -> dict[str, Any]:
    """What the page shows on which a version is brought into force: who ratified it and who signed."""
    if version.minor:
        return {"version": version, "notice": NOBODY_ELSE, **STARTING_MINOR}
    ratified = [
        {"label": "Ratified by", "value": version.ratifying_body},
        {"label": "On", "date": version.ratified},
        {"label": "Minute", "value": version.minute_reference},
    ]
    signatures = signed_by(facts)
    return {
        "version": version,
        "facts": [fact for fact in ratified if fact.get("value") or fact.get("date")],
        "notice": None if signatures else NOT_SIGNED,
        "signatures": signatures,
        **STARTING,
    }
