"""The life of a term report: which state may follow which. Printed into docs/states/reports.md."""

from __future__ import annotations

from reports.enums import ReportState

TRANSITIONS: dict[ReportState, frozenset[ReportState]] = {
    ReportState.DRAFT: frozenset({ReportState.PUBLISHED}),
    ReportState.PUBLISHED: frozenset(),
}
"""What was published is never taken back or changed: governors have read it."""


def may_become(state: str, to: ReportState) -> bool:
    """Whether a report in this state may take that one."""
    return to in TRANSITIONS[ReportState(state)]
