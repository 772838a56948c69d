"""The life of a version: which state may follow which. Printed into docs/states/policies.md."""

from __future__ import annotations

from policies.enums import VersionState as V

TRANSITIONS: dict[V, frozenset[V]] = {
    V.DRAFT: frozenset({V.RATIFIED, V.WITHDRAWN}),
    V.RATIFIED: frozenset({V.IN_FORCE, V.WITHDRAWN}),
    V.IN_FORCE: frozenset({V.SUPERSEDED, V.WITHDRAWN}),
    V.SUPERSEDED: frozenset(),
    V.WITHDRAWN: frozenset(),
}

BINDING = (V.IN_FORCE,)
"""People must follow a version in one of these states; a policy has at most one."""

EVER_IN_FORCE = (*BINDING, V.SUPERSEDED)
"""Everybody could once read a version in one of these states, and may look up what has changed since."""

IN_PREPARATION = (V.DRAFT, V.RATIFIED)
"""Not yet in force: seen by those who prepare, ratify or sign."""

SIGNABLE = (V.RATIFIED, *BINDING)


def may_become(state: str, to: V) -> bool:
    """Whether a version in this state may take that one."""
    return to in TRANSITIONS[V(state)]
