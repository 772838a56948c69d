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
from incidents.permissions import is_shut_out
from incidents.procedures import Act
from incidents.services.steps import (
    check_active,
    check_not_refused,
    despite_line,
    first_with,
    lock,
    past,
    wind_clock,
    words,
    write_entry,
)
from schools.models import Membership


@dataclass(frozen=True)
class NewEntry:
    """What somebody adds to the story; no time means now. `despite` says why it happened though the procedure refused it."""

    text: str
    kind: str = EntryKind.NOTE
    happened_at: datetime | None = None
    despite: str = ""


ACTS = {EntryKind.TALK: Act.INTERVIEW, EntryKind.CONTACT: Act.SHARE}
"""What a procedure may refuse that an entry tells of."""


@transaction.atomic
def add_entry(
    concern: Concern, entry: NewEntry, *, by: Membership, client_ref: UUID | None = None
) -> ChronologyEntry:
    """Adds an entry with its own time. A closed concern must be reopened first."""
    held = lock(concern, by)
    text = words(
        "\n\n".join([words(entry.text, "what happened"), *despite_line(entry.despite)]), "what happened"
    )
    happened_at = past(entry.happened_at)
    sent = {"text": text, "kind": entry.kind} | ({"happened_at": happened_at} if entry.happened_at else {})
    first: ChronologyEntry | None = first_with(ChronologyEntry, held, client_ref, **sent)
    if first is not None:
        return first
    check_active(held)
    if act := ACTS.get(EntryKind(entry.kind)):
        check_not_refused(held, act, entry.despite)
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
    held, text = lock(concern, by), words(text, "what the reporter may know")
    first: ChronologyEntry | None = first_with(
        ChronologyEntry, held, client_ref, text=text, kind=EntryKind.REPLY
    )
    if first is not None:
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
    held, reason = lock(entry.concern, by), words(reason, "why")
    if entry.corrects_id:
        raise InvalidTransition("Corrections stay as they are. Correct the entry itself once more.")
    if entry.corrections.filter(kind=EntryKind.ERROR).exists():
        raise Conflict("This entry is marked as entered in error already.")
    written = write_entry(
        held, kind, text, by=by, happened_at=entry.happened_at, corrects=entry, reason=reason
    )
    if entry.kind == EntryKind.STEP:
        wind_clock(held)
    audit.record(
        f"concern.{kind.value}", by=by, school_id=held.school_id, target=written, label=held.reference
    )
    return written
