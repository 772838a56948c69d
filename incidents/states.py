"""Which status of a concern may follow which."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import InvalidTransition
from incidents.enums import Status

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.OPEN}),
    Status.OPEN: frozenset({Status.OPEN, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.REOPENED}),
    Status.REOPENED: frozenset({Status.REOPENED, Status.OPEN, Status.CLOSED}),
}

ACTIVE = (Status.NEW, Status.OPEN, Status.REOPENED)
"""The states in which somebody still has something to do."""

NOW = {
    Status.NEW: "It has not been triaged yet.",
    Status.OPEN: "It is in work.",
    Status.CLOSED: "It is closed.",
    Status.REOPENED: "It has been reopened.",
}


def check_transition(now: str, to: Status) -> None:
    """Raises InvalidTransition, saying what stands now, unless `to` may follow."""
    if to not in TRANSITIONS[Status(now)]:
        raise InvalidTransition(f"This step does not fit. {NOW[Status(now)]}")
