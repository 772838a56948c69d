"""The school's row as a turnstile for what has no row of its own yet."""

from __future__ import annotations

from uuid import UUID

from schools.models import School


def one_by_one(school_id: UUID) -> None:
    """Of several that add the same thing at once, lets one through at a time until its transaction ends.

    The lock is the weak one (`FOR NO KEY UPDATE`), so rows that only refer to the school do not wait for it.
    """
    School.objects.select_for_update(no_key=True).only("pk").get(pk=school_id)
