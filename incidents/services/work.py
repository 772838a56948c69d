"""Deciding about a concern: triage, lead, closing, reopening. Each asks why, and the first of two people wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError, InvalidTransition, WrongValue
from incidents import notifications, procedures
from incidents.enums import Decision, EntryKind, Outcome, ParentsTold, Risk, Status
from incidents.models import Concern
from incidents.permissions import can_work
from incidents.selectors.clocks import review_due
from incidents.selectors.procedures import current, key_for, owed
from incidents.services.procedure import keep_version
from incidents.services.steps import check_active, lock, save_change, wind_clock, words, write_entry
from incidents.states import check_transition
from schools.models import Membership
from schools.selectors import default_words

ROWS = frozenset({"lead", "procedure"})
"""Fields of a concern that name another row."""


@dataclass(frozen=True)
class Triage:
    """What is decided about a concern, and why. `procedure` is a key where another is chosen than its kind calls for."""

    category: str
    risk: str
    decision: str
    reason: str
    lead: Membership
    procedure: str = ""


@dataclass(frozen=True)
class Closing:
    """What came of a concern, why it ends here, whether parents know (how, or why not), and what was learnt.

    `steps_left` says why steps that the procedure requires are left undone.
    """

    outcome: str
    reason: str
    parents_told: str
    parents_note: str = ""
    lessons: str = ""
    steps_left: str = ""


@transaction.atomic
def triage_concern(
    concern: Concern, triage: Triage, *, by: Membership, version: int | None = None
) -> Concern:
    """Sets category, risk and lead, and records the decision with its reason, also when nothing is to be done.

    The procedure begins here; a concern that is decided about again keeps the one it began with, unless another is called for.
    """
    held, now = lock(concern, by, version), timezone.now()
    reason = words(triage.reason, "why you decide so")
    _check_triage(held, triage)
    check_transition(held.status, Status.OPEN)
    new = {
        "status": Status.OPEN, "category": triage.category, "risk": triage.risk, "decision": triage.decision,
        "lead": triage.lead, "triaged_at": held.triaged_at or now, "due_at": review_due(held.school, now),
    }  # fmt: skip
    chosen = triage.procedure or key_for(held, triage.category)
    if held.procedure is None or held.procedure.key != chosen:
        new["procedure"] = keep_version(held.school, current(held.school, chosen))
    changes = _diff(held, new)
    given = held.lead_id != triage.lead.pk
    save_change(held, by=by, **new)
    write_entry(held, EntryKind.DECISION, _triage_text(held, triage, reason), by=by)
    wind_clock(held)
    if given:
        notifications.tell_lead(held, triage.lead, by=by)
    _record("concern.triaged", held, by, changes)
    return held


def _check_triage(concern: Concern, triage: Triage) -> None:
    if triage.category not in {kind.key for kind in procedures.kinds_of(concern.route)}:
        raise DomainError("Choose what kind of concern this is.")
    if triage.risk not in Risk.values or triage.decision not in Decision.values:
        raise DomainError("Choose a risk and a decision from the lists.")
    if triage.procedure and triage.procedure not in procedures.keys_of(concern.route):
        raise WrongValue("procedure", "Choose a procedure from the list.")
    _check_lead(concern, triage.lead)


def _check_lead(concern: Concern, lead: Membership) -> None:
    if not can_work(concern, lead):
        raise DomainError("The person who leads a concern must be one of those who may read it.")


def _triage_text(concern: Concern, triage: Triage, reason: str) -> str:
    spoken = default_words()
    kind = procedures.in_words(procedures.kinds()[triage.category].text, spoken)
    lines = [
        f"Decision: {Decision(triage.decision).label}",
        f"Kind: {kind}",
        f"Risk: {Risk(triage.risk).label}",
    ]
    if triage.procedure and triage.procedure != key_for(concern, triage.category):
        title = procedures.in_words(procedures.procedure(triage.procedure).title, spoken)
        lines.append(f"Procedure, chosen instead of that of the kind: {title}")
    return "\n".join([*lines, f"Lead: {triage.lead.name}", "", f"Why: {reason}"])


@transaction.atomic
def assign_concern(
    concern: Concern, lead: Membership, *, by: Membership, version: int | None = None
) -> Concern:
    """Gives a concern that is not closed to one of its readers, who is told when it was somebody else's doing."""
    held = lock(concern, by, version)
    _check_lead(held, lead)
    check_active(held)
    changes = _diff(held, {"lead": lead})
    save_change(held, by=by, lead=lead)
    notifications.tell_lead(held, lead, by=by)
    _record("concern.assigned", held, by, changes)
    return held


@transaction.atomic
def close_concern(
    concern: Concern, closing: Closing, *, by: Membership, version: int | None = None
) -> Concern:
    """Closes a triaged concern whose actions are done. Raises Conflict for the second of two people who close it."""
    held, reason = lock(concern, by, version), words(closing.reason, "why it can be closed")
    _check_closing(held, closing)
    if held.status == Status.NEW:
        raise InvalidTransition(
            "Triage this concern first: a decision and its reason belong to every record."
        )
    check_transition(held.status, Status.CLOSED)
    if waiting := held.actions.filter(done_at=None).count():
        raise InvalidTransition(
            f"{waiting} action{'s are' if waiting > 1 else ' is'} not done yet. Complete the actions first."
        )
    left = _check_steps(held, closing)
    new = {
        "status": Status.CLOSED,
        "outcome": closing.outcome,
        "parents_told": closing.parents_told,
        "closed_at": timezone.now(),
    }
    changes = _diff(held, new)
    save_change(held, by=by, **new)
    write_entry(held, EntryKind.CLOSING, "\n".join([_closing_text(closing, reason), *left]), by=by)
    _record("concern.closed", held, by, changes)
    return held


def _check_closing(concern: Concern, closing: Closing) -> None:
    if closing.outcome not in Outcome.of(concern.route):
        raise DomainError("Choose an outcome from the list.")
    if closing.parents_told not in ParentsTold.values:
        raise DomainError("Say whether the parents or carers know.")
    if closing.parents_told == ParentsTold.TOLD:
        words(closing.parents_note, "how the parents or carers were told, by whom, and what they said")
    if closing.parents_told == ParentsTold.NOT_TOLD:
        words(closing.parents_note, "why the parents or carers were not told")


def _check_steps(held: Concern, closing: Closing) -> list[str]:
    """What the entry says of required steps that are left; raises WrongValue where nobody says why."""
    spoken = default_words()
    left = [procedures.in_words(one.step.text, spoken) for one in owed(held)]
    if left and not closing.steps_left.strip():
        raise WrongValue("steps_left", f"{len(left)} of the procedure's steps {'are' if len(left) > 1 else 'is'} still to do. Do what is left, or say here why it is left.")  # fmt: skip
    return (
        ["", *(f"Left: {text}" for text in left), f"Why left: {closing.steps_left.strip()}"] if left else []
    )


def _closing_text(closing: Closing, reason: str) -> str:
    lines = [
        f"Outcome: {Outcome(closing.outcome).label}",
        f"Parents or carers: {ParentsTold(closing.parents_told).label}",
    ]
    lines += [closing.parents_note.strip()] if closing.parents_note.strip() else []
    lines += ["", f"Why: {reason}"]
    lines += ["", f"Lessons: {closing.lessons.strip()}"] if closing.lessons.strip() else []
    return "\n".join(lines)


@transaction.atomic
def reopen_concern(concern: Concern, reason: str, *, by: Membership, version: int | None = None) -> Concern:
    """Takes a closed concern up again; the chronology keeps how it was closed."""
    held, reason = lock(concern, by, version), words(reason, "why it is taken up again")
    check_transition(held.status, Status.REOPENED)
    due = review_due(held.school, timezone.now())
    new = {"status": Status.REOPENED, "outcome": "", "parents_told": "", "closed_at": None, "due_at": due}
    changes = _diff(held, new)
    save_change(held, by=by, **new)
    write_entry(held, EntryKind.REOPENING, f"Why: {reason}", by=by)
    wind_clock(held)
    _record("concern.reopened", held, by, changes)
    return held


def _diff(held: Concern, new: dict[str, Any]) -> dict[str, list[Any]]:
    """What changes, other rows by their ids."""
    plain = {
        f"{name}_id" if name in ROWS else name: value.pk if name in ROWS else value
        for name, value in new.items()
    }
    return audit.diff(held, **plain)


def _record(action: str, held: Concern, by: Membership, changes: dict[str, list[Any]]) -> None:
    audit.record(action, by=by, school_id=held.school_id, target=held, label=held.reference, changes=changes)
