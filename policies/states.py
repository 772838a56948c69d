"""The life of a version: which state may follow which. Printed into docs/states/policies.md.

A consultation ends in the draft that it began with. Approvers let a version go on or send it back; a school that has none
ratifies a draft, and brings a minor one into force.
"""

from __future__ import annotations

from policies.enums import VersionState as V

TRANSITIONS: dict[V, frozenset[V]] = {
    V.DRAFT: frozenset({V.CONSULTATION, V.APPROVAL, V.RATIFIED, V.IN_FORCE, V.WITHDRAWN}),
    V.CONSULTATION: frozenset({V.DRAFT, V.WITHDRAWN}),
    V.APPROVAL: frozenset({V.DRAFT, V.APPROVED, V.WITHDRAWN}),
    V.APPROVED: frozenset({V.DRAFT, V.RATIFIED, V.IN_FORCE, V.WITHDRAWN}),
    V.RATIFIED: frozenset({V.IN_FORCE, V.WITHDRAWN}),
    V.IN_FORCE: frozenset({V.UNDER_REVIEW, V.SUPERSEDED, V.WITHDRAWN}),
    V.UNDER_REVIEW: frozenset({V.IN_FORCE, V.SUPERSEDED, V.WITHDRAWN}),
    V.SUPERSEDED: frozenset(),
    V.WITHDRAWN: frozenset(),
}

BEFORE_RATIFICATION = (V.DRAFT, V.CONSULTATION, V.APPROVAL, V.APPROVED)
"""No body has said yes to a version in one of these states. Its text changes only as a draft."""

IN_PREPARATION = (*BEFORE_RATIFICATION, V.RATIFIED)
"""Not yet in force: seen by those who prepare, ratify or sign."""

BINDING = (V.IN_FORCE, V.UNDER_REVIEW)
"""People must follow a version in one of these states; a policy has at most one. What is under review still binds."""

EVER_IN_FORCE = (*BINDING, V.SUPERSEDED)
"""Everybody could once read a version in one of these states, and may look up what has changed since."""

SIGNABLE = (V.RATIFIED, *BINDING)
"""Somebody ratified a version in one of these states."""

DECIDED = (V.RATIFIED, *EVER_IN_FORCE)
"""A body once said yes to a version in one of these states."""


def may_become(state: str, to: V, *, minor: bool = False) -> bool:
    """Whether a version in this state may take that one.

    Between its draft and its coming into force a major version is ratified, and a minor one is not.
    """
    if state in BEFORE_RATIFICATION and to == (V.RATIFIED if minor else V.IN_FORCE):
        return False
    return to in TRANSITIONS[V(state)]
