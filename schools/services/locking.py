"""A row as the caller read it, held; and the school's row as a turnstile for what has no row of its own yet."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from core.errors import Conflict
from schools.models import School

Row = TypeVar("Row", bound=Any)


def one_by_one(school_id: UUID) -> None:
    """Of several that add the same thing at once, lets one through at a time until its transaction ends.

    The lock is the weak one (`FOR NO KEY UPDATE`), so rows that only refer to the school do not wait for it.
    """
    School.objects.select_for_update(no_key=True).only("pk").get(pk=school_id)


def as_read(row: Row, *names: str) -> Row:
    """The row, locked, as the caller read it. Raises Conflict with what `names` say now where somebody saved it since."""
    locked: Row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if locked.updated_at != row.updated_at:
        said = "; ".join(filter(None, (str(getattr(locked, name) or "") for name in names)))
        raise Conflict(
            f"Somebody else saved this while you were writing. It says now: “{said or 'nothing'}”. "
            "What you wrote is not saved yet; save it again if it still holds."
        )
    return locked
