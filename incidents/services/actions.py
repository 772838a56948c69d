"""Actions: who does what by when, and that it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import Conflict, DomainError, WrongValue
from incidents.enums import EntryKind
from incidents.models import Action, Concern
from incidents.permissions import is_shut_out
from incidents.services.steps import check_active, first_with, lock, wind_clock, words, write_entry
from schools.models import Membership


@dataclass(frozen=True)
class NewAction:
    """What somebody undertakes to do by a day; an owner who may not read the concern is told in person."""

    text: str
    owner: Membership
    due_on: date


@transaction.atomic
def add_action(
    concern: Concern, action: NewAction, *, by: Membership, client_ref: UUID | None = None
) -> Action:
    """Adds an action and says so in the chronology. Whom it is about can own none; no day before today is taken."""
    held, text = lock(concern, by), words(action.text, "what is to be done")
    if action.owner.school_id != held.school_id or is_shut_out(held, action.owner):
        raise DomainError("This action cannot be given to that person.")
    first: Action | None = first_with(
        Action, held, client_ref, text=text, owner_id=action.owner.pk, due_on=action.due_on
    )
    if first is not None:
        return first
    check_active(held)
    if action.due_on < timezone.localdate():
        raise WrongValue("due_on", "Choose today or a later day.")
    made = Action(
        school_id=held.school_id, concern=held, text=text, owner=action.owner, due_on=action.due_on, client_ref=client_ref,
    )  # fmt: skip
    made.save(force_insert=True)
    write_entry(held, EntryKind.ACTION, f"{text}\n\n{action.owner.name}, by {action.due_on:%-d %B %Y}", by=by)
    wind_clock(held)
    audit.record("concern.action_added", by=by, school_id=held.school_id, target=made, label=held.reference)
    return made


@transaction.atomic
def complete_action(action: Action, note: str = "", *, by: Membership) -> Action:
    """Marks an action as done, with what came of it. Raises Conflict when somebody else did so first."""
    held = lock(action.concern, by)
    action = Action.objects.select_for_update(of=("self",)).select_related("done_by").get(pk=action.pk)
    if action.done_by is not None:
        raise Conflict(f"{action.done_by.name} has marked this action as done already.")
    action.done_at, action.done_by = timezone.now(), by
    action.save(update_fields=["done_at", "done_by", "updated_at"])
    write_entry(held, EntryKind.ACTION_DONE, "\n\n".join(filter(None, [action.text, note.strip()])), by=by)
    wind_clock(held)
    audit.record("concern.action_done", by=by, school_id=held.school_id, target=action, label=held.reference)
    return action
