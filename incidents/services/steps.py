"""What every write on a concern shares: the lock, the entry in the chronology, the checks of words and times."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from core.errors import Conflict, DomainError
from incidents.enums import EntryKind, Status
from incidents.models import ChronologyEntry, Concern
from incidents.selectors.clocks import review_due
from incidents.states import NOW
from schools.models import Membership

LONGEST_TEXT = 50_000
ALLOWED_AHEAD = timedelta(minutes=5)
"""A clock on somebody's wall may be a little fast."""


def lock(concern: Concern, version: int | None) -> Concern:
    """The concern as it stands now, held until the transaction ends.

    Raises Conflict when `version` is what somebody saw before another person changed it.
    """
    held = (
        Concern.objects.select_for_update(of=("self",))
        .select_related("school", "changed_by__user", "reporter__user")
        .get(pk=concern.pk, school_id=concern.school_id)
    )
    if version is not None and version != held.version:
        who = held.changed_by.name if held.changed_by else "Somebody"
        raise Conflict(
            f"{who} was first. {NOW[Status(held.status)]} Look at what changed, then decide; what you typed is still here."
        )
    return held


def save_change(concern: Concern, *, by: Membership, **new: Any) -> None:
    """Saves the named fields and that this member was the last to change them."""
    for name, value in {**new, "changed_by": by, "version": concern.version + 1}.items():
        setattr(concern, name, value)
    concern.save(update_fields=[*new, "changed_by", "version", "updated_at"])


def write_entry(
    concern: Concern,
    kind: EntryKind,
    text: str,
    *,
    by: Membership,
    happened_at: datetime | None = None,
    **details: Any,
) -> ChronologyEntry:
    """Adds an entry to the chronology, in the caller's transaction."""
    now = timezone.now()
    entry = ChronologyEntry(
        school_id=concern.school_id, concern=concern, kind=kind, author=by, text=text,
        happened_at=happened_at or now, recorded_at=now, **details,
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


def wind_clock(concern: Concern) -> None:
    """An open concern that got an entry asks for the next one after the school's own number of days."""
    if concern.is_active and concern.triaged_at:
        concern.due_at = review_due(concern.school, timezone.now())
        concern.save(update_fields=["due_at", "updated_at"])


def words(text: str, what: str) -> str:
    """The text without its surrounding space. Raises DomainError, naming `what` is missing, when nothing is left."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise DomainError(f"Please write {what}.")
    if len(text) > LONGEST_TEXT:
        raise DomainError(f"This is longer than {LONGEST_TEXT:,} characters. Please send it in two parts.")
    return text


def past(moment: datetime | None) -> datetime:
    """A moment that has come; now, when none is given. Raises DomainError for the future."""
    now = timezone.now()
    if moment is None:
        return now
    if moment > now + ALLOWED_AHEAD:
        raise DomainError("The time it happened lies in the future. Please look at the date and the time.")
    return moment


def first_with(model: Any, school_id: Any, client_ref: UUID | None) -> Any:
    """The row that the same form made when it was sent before."""
    return model.objects.filter(school_id=school_id, client_ref=client_ref).first() if client_ref else None


def same_or_conflict(first: Any, text: str, *, was: str) -> None:
    """Raises Conflict when a form that was sent already comes again with another text."""
    if was != text:
        raise Conflict(
            "This form was sent before with other words. The first is kept; send what is new from a fresh page."
        )
