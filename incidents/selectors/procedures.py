"""The procedure of a concern as it stands: which steps are called for, what became of them, when they are due, what they hold up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.db.compiled import compiled_once
from incidents import procedures
from incidents.enums import EntryKind
from incidents.models import Concern, StepRecord
from incidents.procedures import Act, Clock, Procedure, Step, Unit
from incidents.selectors.clocks import CLOSES, add_school_minutes, moment
from schools.models import School
from schools.selectors import Calendar, add_working_days, rule_number


@dataclass(frozen=True)
class Standing:
    """How one step of a concern stands; `record` is what counts of what was recorded, and `at` when that happened."""

    step: Step
    is_called: bool
    record: StepRecord | None = None
    at: datetime | None = None
    due: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has it to do."""
        return self.is_called and self.record is None

    @property
    def is_owed(self) -> bool:
        """Whether the concern is not to be closed without it."""
        return self.is_open and self.step.required


@dataclass(frozen=True)
class Refusal:
    """Why an act is refused: the sentence, and whether nothing that anybody does lifts it."""

    says: str
    is_final: bool


def current(school: School, key: str) -> Procedure:
    """The procedure that a concern of this school would begin today, with the school's own numbers in its clocks."""
    data = deepcopy(dict(procedures.procedure(key).data))
    for step in data["steps"]:
        if step.get("clock_rule"):
            step["clock"]["amount"] = rule_number(school, step["clock_rule"])
    return procedures.read_procedure(data, procedures.known())


def digest_of(procedure: Procedure) -> str:
    """Tells two texts of a procedure apart."""
    return hashlib.sha256(json.dumps(procedure.data, sort_keys=True).encode()).hexdigest()


def key_for(concern: Concern, category: str = "") -> str:
    """The key of the procedure that its kind, or failing that its report, calls for."""
    category = category or concern.category
    return procedures.key_for(category, route=concern.route, imagery=concern.may_involve_imagery)


def begun(concern: Concern) -> Procedure | None:
    """The procedure that this concern began with, as it was then; None before triage."""
    return concern.procedure.procedure if concern.procedure else None


def standings(concern: Concern, procedure: Procedure | None = None) -> list[Standing]:
    """How every step of its procedure stands, in order; an empty list before triage."""
    procedure = procedure or begun(concern)
    if procedure is None:
        return []
    counted = _counted(concern)
    return [_standing(step, concern, counted) for step in procedure.steps]


def standing(concern: Concern, key: str) -> Standing | None:
    """How one step stands; None where its procedure has no such step, or none has begun."""
    return next((one for one in standings(concern) if one.step.key == key), None)


def called_keys(concern: Concern) -> set[str]:
    """The keys of the steps that are called for, or were recorded."""
    return {one.step.key for one in standings(concern) if one.is_called or one.record}


def _counted(concern: Concern) -> dict[str, tuple[StepRecord, datetime]]:
    """What counts for each step: its newest record whose entry is not marked as entered in error, and when it happened."""
    entries = {entry.pk: entry for entry in concern.entries.all()}
    withdrawn = {entry.corrects_id for entry in entries.values() if entry.kind == EntryKind.ERROR}
    return {
        record.step: (record, entries[record.entry_id].happened_at)
        for record in sorted(concern.step_records.all(), key=lambda one: one.number)
        if record.version_id == concern.procedure_id and record.entry_id not in withdrawn
    }


def _standing(step: Step, concern: Concern, counted: dict[str, tuple[StepRecord, datetime]]) -> Standing:
    answers = {key: record.answer for key, (record, _) in counted.items()} | {"triage": concern.decision}
    is_called = not step.when or any(answers.get(key) == answer for key, answer in step.when)
    record, at = counted.get(step.key, (None, None))
    due = _due(step.clock, concern, counted) if step.clock and is_called else None
    return Standing(step, is_called, record, at, due)


def _due(clock: Clock, concern: Concern, counted: dict[str, tuple[StepRecord, datetime]]) -> datetime:
    """By when; a clock that starts with a step that nobody did counts from triage."""
    starts = {"logged": concern.recorded_at, "happened": concern.happened_at}
    _, at = counted.get(clock.starts.removeprefix("step:"), (None, None))
    start = starts.get(clock.starts) or at or concern.triaged_at or concern.recorded_at
    if clock.unit == Unit.HOURS:
        return start + timedelta(hours=clock.amount)
    if clock.unit == Unit.DAYS:
        return start + timedelta(days=clock.amount)
    if clock.unit == Unit.SCHOOL_HOURS:
        return add_school_minutes(concern.school, start, clock.amount * 60)
    day = timezone.localdate(start)
    if clock.unit == Unit.WORKING_DAYS:
        return moment(add_working_days(day, clock.amount), CLOSES)
    return moment(Calendar(concern.school).add(day, clock.amount), CLOSES)


def owed(concern: Concern) -> list[Standing]:
    """The steps without which the concern is not to be closed."""
    return [one for one in standings(concern) if one.is_owed]


def next_due(concern: Concern) -> datetime | None:
    """When the first of the owed steps is due."""
    return min((one.due for one in owed(concern) if one.due), default=None)


def refusals(
    concern: Concern, found: Sequence[Standing], procedure: Procedure, but: str = ""
) -> dict[Act, Refusal]:
    """What is refused now, by act; `but` is the step that somebody is about to do, which does not hold itself up."""
    held: dict[Act, Refusal] = {}
    for hold in _always(concern, procedure):
        held.setdefault(hold.act, Refusal(hold.says, is_final=True))
    for one in found:
        for hold in one.step.refuses if one.is_open and one.step.key != but else ():
            held.setdefault(hold.act, Refusal(hold.says, is_final=False))
    return held


def _always(concern: Concern, procedure: Procedure) -> Iterable[procedures.Hold]:
    """What nothing lifts: of the procedure, and of imagery where the report spoke of it."""
    yield from procedure.refuses
    if concern.may_involve_imagery:
        yield from procedures.procedure("imagery").refuses


def refusal(concern: Concern, act: str, but: str = "") -> Refusal | None:
    """Why an act is refused in this concern now; None where it is not."""
    procedure = begun(concern)
    found = standings(concern, procedure)
    return refusals(concern, found, procedure or procedures.procedure(key_for(concern)), but).get(Act(act))


@compiled_once
def step_records(*, concern: Any) -> QuerySet[StepRecord]:
    """Everything that was recorded about the steps of a concern."""
    return StepRecord.objects.filter(concern=concern)
