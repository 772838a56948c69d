"""Writes of registers: add an entry, correct one beside the original."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.errors import Conflict, DomainError, SentBefore
from registers import selectors
from registers.enums import Checked, Register
from registers.models import RegisterEntry
from registers.permissions import check_can_write
from registers.procedures import REGISTERS
from schools.models import Membership, School


@dataclass(frozen=True)
class NewEntry:
    """What was done. `second` and `checked` with `result` belong to registers that ask for them."""

    register: Register
    happened_on: date
    done_by: Membership
    notes: str
    actions: str = ""
    second: Membership | None = None
    checked: list[str] = field(default_factory=list)
    result: str = ""


def add_entry(school: School, entry: NewEntry, *, by: Membership, client_ref: UUID) -> RegisterEntry:
    """Adds an entry. The same form sent twice is one entry; with other words the second raises SentBefore."""
    check_can_write(by, school.pk, entry.register)
    _check_complete(school, entry)
    return _store(school, entry, by, client_ref, None, "")


def correct_entry(
    original: RegisterEntry, entry: NewEntry, *, by: Membership, reason: str, client_ref: UUID
) -> RegisterEntry:
    """Puts a corrected entry beside the original, with the reason.

    Raises Conflict when somebody corrected it first, SentBefore when the same form was sent with other words.
    """
    check_can_write(by, original.school_id, original.register)
    if not reason.strip():
        raise DomainError("Say why it is corrected.")
    _check_complete(original.school, entry)
    return _store(original.school, entry, by, client_ref, original, reason.strip())


def _check_complete(school: School, entry: NewEntry) -> None:
    asks = REGISTERS[entry.register]
    people = [one for one in (entry.done_by, entry.second) if one]
    if entry.happened_on > timezone.localdate():
        raise DomainError("This day has not come yet. Write it down once it is done.")
    if any(one.school_id != school.pk for one in people):
        raise DomainError("Choose people of this school.")
    if bool(asks.second) != (entry.second is not None):
        raise DomainError(
            "Say which governor was there." if asks.second else "This register names one person."
        )
    if asks.checks and not (entry.checked and entry.result):
        raise DomainError("Say what was tried and what was found.")
    if not set(entry.checked) <= set(Checked.values):
        raise DomainError("Choose what was tried from the list.")
    if not entry.notes.strip():
        raise DomainError("Write down what was found or gone through.")


def _store(
    school: School,
    entry: NewEntry,
    by: Membership,
    client_ref: UUID,
    original: RegisterEntry | None,
    reason: str,
) -> RegisterEntry:
    row = RegisterEntry(
        school=school, client_ref=client_ref, recorded_by=by, corrects=original, reason=reason, register=entry.register,
        happened_on=entry.happened_on, done_by=entry.done_by, second=entry.second, checked=entry.checked,
        result=entry.result, notes=entry.notes.strip(), actions=entry.actions.strip(),
    )  # fmt: skip
    if made := selectors.same_form(school, client_ref):
        return _same(made, row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            action = "register.corrected" if original else "register.added"
            audit.record(
                action, by=by, school_id=school.pk, target=row, changes={"register": [None, entry.register]}
            )
    except IntegrityError:
        if made := selectors.same_form(school, client_ref):
            return _same(made, row)
        raise Conflict(
            "Somebody corrected this entry just now. Look at it again before you correct it once more."
        ) from None
    return row


TYPED = (
    "register", "happened_on", "done_by_id", "second_id", "checked", "result", "notes", "actions", "reason", "corrects_id",
)  # fmt: skip
"""Everything that a form of a register says: sent twice it is the same form only if all of it is the same."""


def _same(made: RegisterEntry, sent: RegisterEntry) -> RegisterEntry:
    if all(getattr(made, name) == getattr(sent, name) for name in TYPED):
        return made
    if made.recorded_by_id != sent.recorded_by_id:
        raise Conflict("This form was sent before by somebody else. Open a new one for this entry.")
    raise SentBefore(made)
