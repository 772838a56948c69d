"""What the policy check found, as the panel of a version shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policies.check import SEVERITIES, Finding
from policies.models import Section
from policies.presenters.words import SEVERITY_KINDS

GROUPS = {
    "error": ("Put right before anybody relies on it", "to put right"),
    "warning": ("Should be put right", "should be put right"),
    "note": ("Worth a look", "worth a look"),
}


def check_counts(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """How many findings there are of each severity that has any, each with its shape and colour."""
    return [
        {"kind": SEVERITY_KINDS[severity], "count": f"{count} {GROUPS[severity][1]}"}
        for severity in SEVERITIES
        if (count := sum(one.severity == severity for one in findings))
    ]


def check_panel(findings: Sequence[Finding], sections: list[Section]) -> dict[str, Any]:
    """The findings by how much they matter, each with the place that it is about, and the counts for the head."""
    groups = [
        {
            "title": GROUPS[severity][0],
            "count": f"{len(found)} {GROUPS[severity][1]}",
            "kind": SEVERITY_KINDS[severity],
            "findings": [_row(one, sections) for one in found],
        }
        for severity in SEVERITIES
        if (found := [one for one in findings if one.severity == severity])
    ]
    return {"groups": groups, "found": len(findings)}


def _row(finding: Finding, sections: list[Section]) -> dict[str, str]:
    return {
        "place": _place(finding),
        "anchor": _anchor(finding, sections),
        "word": finding.code.replace("-", " ").capitalize(),
        "message": finding.message,
        "what_to_do": finding.what_to_do,
    }


def _place(finding: Finding) -> str:
    """`Clause 5.3.2`, the heading where nothing is numbered, or the policy as a whole."""
    if finding.section is None:
        return "The policy as a whole"
    if finding.where:
        return f"{'Section' if finding.clause is None else 'Clause'} {finding.where.rstrip('.:')}"
    return f"In \u201c{finding.heading}\u201d" if finding.heading else "At the beginning"


def _anchor(finding: Finding, sections: list[Section]) -> str:
    """Where a link to the place leads; "" for the whole policy."""
    if finding.section is None:
        return ""
    section = sections[finding.section]
    return section.anchor if finding.clause is None else section.clauses.all()[finding.clause].anchor
