"""Counting rows of one query in several ways at once, each up to a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection


def count_up_to(
    limit: int, query: str, values: Sequence[Any], conditions: Mapping[str, str]
) -> dict[str, int]:
    """How many rows of a query meet each condition, in one statement that reads `limit` rows at most for each.

    The conditions are SQL about the columns that the query selects, written in the code and never made from input. The
    query is put in place of its name where it is used, so that each condition finds the index made for it.
    """
    counted = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM found WHERE {condition} LIMIT {int(limit)}) counted)"
        for condition in conditions.values()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"WITH found AS NOT MATERIALIZED ({query}) SELECT {counted}", values)
        return dict(zip(conditions, cursor.fetchone(), strict=True))
