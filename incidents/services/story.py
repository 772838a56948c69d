"""The chronology: entries are added, corrected beside the original, or marked as entered in error; never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core import audit
from core.errors import Conflict, DomainError, InvalidTransition
from incidents import notifications
from incidents.enums import EntryKind
from incidents.models import ChronologyEntry, Concern
from incidents.permissions import check_can_work, is_shut_out
from incidents.services.steps import first_with, lock, past, same_or_conflict, wind_clock, words, write_entry
from schools.models import Membership


@dataclass(frozen=True)
class NewEntry:
    """What somebody adds to the story; no time means now."""

    text: str
    kind: str = EntryKind.NOTE
    happened_at: datetime | None = None


@transaction.atomic
def add_entry(
    concern: Concern, entry: NewEntry, *, by: Membership, client_ref: UUID | None = None
) -> ChronologyEntry:
    """Adds an entry with its own time. A closed concern must be reopened first."""
    check_can_work(concern, by)
    text, happened_at = words(entry.text, "what happened"), past(entry.happened_at)
    held = lock(concern, None)
    if first := _sent_before(held, client_ref, text):
        return first
    _check_active(held)
    written = write_entry(
        held, EntryKind(entry.kind), text, by=by, happened_at=happened_at, client_ref=client_ref
    )
    wind_clock(held)
    audit.record("concern.entry_added", by=by, school_id=held.school_id, target=written, label=held.reference)
    return written


@transaction.atomic
def reply_to_reporter(
    concern: Concern, text: str, *, by: Membership, client_ref: UUID | None = None
) -> ChronologyEntry:
    """Writes back to the reporter, who sees this text and nothing else, and is told by e-mail."""
    check_can_work(concern, by)
    text = words(text, "what the reporter may know")
    held = lock(concern, None)
    if first := _sent_before(held, client_ref, text):
        return first
    if not held.is_self_report and is_shut_out(held, held.reporter):
        raise DomainError(
            "The person who reported is part of this concern now, so no reply can reach them here."
        )
    written = write_entry(held, EntryKind.REPLY, text, by=by, client_ref=client_ref)
    wind_clock(held)
    notifications.tell_reporter(held, written)
    audit.record("concern.replied", by=by, school_id=held.school_id, target=written, label=held.reference)
    return written


@transaction.atomic
def correct_entry(entry: ChronologyEntry, text: str, *, reason: str, by: Membership) -> ChronologyEntry:
    """Sets a correction beside an entry; the original stays to be read."""
    return _stand_beside(entry, EntryKind.CORRECTION, words(text, "how it should read"), reason, by)


@transaction.atomic
def mark_entered_in_error(entry: ChronologyEntry, *, reason: str, by: Membership) -> ChronologyEntry:
    """Says that an entry should not be here, and why; its text is put away but not lost."""
    return _stand_beside(entry, EntryKind.ERROR, "", reason, by)


def _stand_beside(
    entry: ChronologyEntry, kind: EntryKind, text: str, reason: str, by: Membership
) -> ChronologyEntry:
    check_can_work(entry.concern, by)
    reason = words(reason, "why")
    if entry.corrects_id:
        raise InvalidTransition("Corrections stay as they are. Correct the entry itself once more.")
    held = lock(entry.concern, None)
    if entry.corrections.filter(kind=EntryKind.ERROR).exists():
        raise Conflict("This entry is marked as entered in error already.")
    written = write_entry(
        held, kind, text, by=by, happened_at=entry.happened_at, corrects=entry, reason=reason
    )
    audit.record(
        f"concern.{kind.value}", by=by, school_id=held.school_id, target=written, label=held.reference
    )
    return written


def _sent_before(concern: Concern, client_ref: UUID | None, text: str) -> ChronologyEntry | None:
    first: ChronologyEntry | None = first_with(ChronologyEntry, concern.school_id, client_ref)
    if first is not None:
        same_or_conflict(first, f"{concern.pk}{text}", was=f"{first.concern_id}{first.text}")
    return first


def _check_active(concern: Concern) -> None:
    if not concern.is_active:
        raise InvalidTransition("This concern is closed. Reopen it first, and say why.")
