"""Working a procedure: a concern begins one at triage and keeps it; each step is recorded once, or again with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core import audit
from core.errors import Conflict, DomainError, InvalidTransition, WrongValue
from core.templatetags.ui import moment
from incidents import procedures
from incidents.enums import EntryKind, StepState
from incidents.models import ChronologyEntry, Concern, ProcedureVersion, StepRecord
from incidents.procedures import Procedure, Step
from incidents.selectors.procedures import Standing, digest_of, standing
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
from schools.models import Membership, School
from schools.selectors import vocabulary


@dataclass(frozen=True)
class StepDone:
    """What became of a step. `written` holds what was recorded with it by key of a field, as it shall be read.

    `why` is asked for where a step is not needed, or recorded again; `despite` where the procedure refuses what was done.
    No time means now.
    """

    state: str = StepState.DONE
    answer: str = ""
    written: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    despite: str = ""
    happened_at: datetime | None = None


def keep_version(school: School, procedure: Procedure) -> ProcedureVersion:
    """The text of a procedure as this school keeps it: the same text once, whoever comes first."""
    named = {"school_id": school.pk, "key": procedure.key, "digest": digest_of(procedure)}
    ProcedureVersion.objects.bulk_create(
        [ProcedureVersion(body=procedure.data, **named)], ignore_conflicts=True
    )
    return ProcedureVersion.objects.get(**named)


@transaction.atomic
def record_step(
    concern: Concern,
    key: str,
    done: StepDone,
    *,
    by: Membership,
    seen: UUID | None = None,
    client_ref: UUID | None = None,
) -> StepRecord:
    """Records that a step was done or is not needed, with everything that it asks for, as an entry of the chronology.

    `seen` is the record of this step that the person saw. Raises Conflict when another was made since, WrongValue for
    what is missing or refused, and InvalidTransition where the step is not called for.
    """
    held = lock(concern, by)
    now = _standing(held, key)
    text = _text(now.step, done, vocabulary(held.school))
    first: ChronologyEntry | None = first_with(ChronologyEntry, held, client_ref, text=text)
    if first is not None:
        return StepRecord.objects.get(entry=first)
    check_active(held)
    _check_turn(now, seen)
    _check_done(now, done)
    act = done.state == StepState.DONE and _act_of(now.step, done.answer)
    if act:
        check_not_refused(held, act, done.despite, but=key)
    entry = write_entry(
        held, EntryKind.STEP, text, by=by, happened_at=past(done.happened_at), client_ref=client_ref
    )
    made = StepRecord(
        school_id=held.school_id, concern=held, version=held.procedure, step=key, state=done.state, entry=entry,
        answer=done.answer if done.state == StepState.DONE else "",
        number=held.step_records.filter(version=held.procedure, step=key).count() + 1,
    )  # fmt: skip
    made.save(force_insert=True)
    wind_clock(held)
    audit.record(f"concern.step_{done.state}", by=by, school_id=held.school_id, target=made, label=held.reference)  # fmt: skip
    return made


def _standing(held: Concern, key: str) -> Standing:
    if held.procedure is None:
        raise InvalidTransition("Triage this concern first: its procedure begins with the decision.")
    found = standing(held, key)
    if found is None:
        raise DomainError("The procedure of this concern has no such step.")
    return found


def _check_turn(now: Standing, seen: UUID | None) -> None:
    """The step is called for, and nobody recorded it since this person looked."""
    if not now.is_called:
        raise InvalidTransition("This step is not called for as things stand.")
    record = now.record
    if record is not None and record.pk != seen:
        entry = record.entry
        raise Conflict(
            f"{entry.author.name} was first: this step was recorded on {moment(entry.recorded_at)}. Look at what was written; "
            "what you typed is still here, and can be recorded as well if you say why."
        )


def _check_done(now: Standing, done: StepDone) -> None:
    """Everything that the step asks for was given."""
    step = now.step
    if done.state not in StepState.values:
        raise WrongValue("answer", "Say whether the step was done or is not needed.")
    if done.state == StepState.NOT_NEEDED and not done.why.strip():
        raise WrongValue("why", "Say why the step is not needed.")
    if now.record is not None and not done.why.strip():
        raise WrongValue("why", "This step was recorded before. Say why it is recorded again.")
    if done.state == StepState.NOT_NEEDED:
        return
    if step.answers and step.answer(done.answer) is None:
        raise WrongValue("answer", "Choose an answer.")
    for name in step.asked(done.answer):
        if not (done.why if name == "why" else done.written.get(name, "")).strip():
            raise WrongValue(name, f"Please write this down: {procedures.fields()[name].label.lower()}.")


def _act_of(step: Step, answer: str) -> str:
    chosen = step.answer(answer)
    return (chosen.does if chosen else "") or step.does


def _text(step: Step, done: StepDone, spoken: Mapping[str, str]) -> str:
    """The entry of the chronology: the step, the answer, and everything that was written down with it."""
    chosen = step.answer(done.answer) if done.state == StepState.DONE else None
    said = procedures.in_words(chosen.label, spoken) if chosen else StepState(done.state).label
    lines = [
        f"{procedures.fields()[name].label}: {done.written[name].strip()}"
        for name in (
            *step.records,
            *(one for answer in step.answers for one in answer.records),
            *step.optional,
        )
        if name != "why" and done.written.get(name, "").strip()
    ]
    lines += [f"Why: {done.why.strip()}"] if done.why.strip() else []
    lines += despite_line(done.despite)
    return words("\n".join([procedures.in_words(step.text, spoken), said, "", *dict.fromkeys(lines)]), "what was done")  # fmt: skip
