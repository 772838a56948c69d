"""Counts the queries that a page makes for itself."""

from __future__ import annotations

from typing import Any

FRAME = (
    "django_session",
    'FROM "schools_user"',
    "core_audit",
    "core_datakey",
    "SAVEPOINT",
    "BEGIN",
    "COMMIT",
    "set_config",
)


def own_queries(captured: Any) -> int:
    """Without session, sign-in, membership, context and audit append, which every page pays."""
    own = [
        query["sql"] for query in captured.captured_queries if not any(part in query["sql"] for part in FRAME)
    ]
    return len(own) - 1  # the membership with its posts
