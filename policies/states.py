"""The life of a version: which state may follow which. Printed into docs/states/policies.md."""

from __future__ import annotations

from policies.enums import VersionState as V

TRANSITIONS: dict[V, frozenset[V]] = {
    V.DRAFT: frozenset({V.CONSULTATION, V.APPROVAL, V.RATIFIED, V.WITHDRAWN}),
    V.CONSULTATION: frozenset({V.DRAFT, V.APPROVAL, V.WITHDRAWN}),
    V.APPROVAL: frozenset({V.DRAFT, V.RATIFIED, V.WITHDRAWN}),
    V.RATIFIED: frozenset({V.IN_FORCE, V.WITHDRAWN}),
    V.IN_FORCE: frozenset({V.UNDER_REVIEW, V.SUPERSEDED, V.WITHDRAWN}),
    V.UNDER_REVIEW: frozenset({V.IN_FORCE, V.SUPERSEDED, V.WITHDRAWN}),
    V.SUPERSEDED: frozenset(),
    V.WITHDRAWN: frozenset(),
}

BINDING = (V.IN_FORCE, V.UNDER_REVIEW)
"""People must follow a version in one of these states; a policy has at most one."""

IN_PREPARATION = (V.DRAFT, V.CONSULTATION, V.APPROVAL, V.RATIFIED)
"""Not yet in force: seen by those who prepare, ratify or sign."""

SIGNABLE = (V.RATIFIED, *BINDING)


def may_become(state: str, to: V) -> bool:
    """Whether a version in this state may take that one."""
    return to in TRANSITIONS[V(state)]
