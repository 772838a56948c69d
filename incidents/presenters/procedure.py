"""The procedure of a concern on its page: what to do, who does it, by when, what was recorded, what is held up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from math import inf
from typing import Any

from django.utils import timezone

from core.templatetags.ui import clock_text, counted
from incidents import procedures
from incidents.enums import StepState
from incidents.models import Concern
from incidents.presenters.shared import url_of
from incidents.procedures import WHO, Clock, Procedure, Unit, in_words
from incidents.selectors.clocks import SchoolTime
from incidents.selectors.procedures import Standing, begun, refusals, standings

SOON = timedelta(hours=2)
SIZES = ((24 * 60, "day"), (60, "hour"), (1, "minute"))
"""In which unit a clock that does not count school time is told: in minutes, and by what name."""


def panel(concern: Concern, words: Mapping[str, str], slug: str) -> dict[str, Any] | None:
    """What the page says of the procedure that this concern began with; None before triage."""
    procedure = begun(concern)
    if procedure is None:
        return None
    found = [one for one in standings(concern, procedure) if one.is_called or one.record]
    held = refusals(concern, found, procedure).values() if concern.is_active else ()
    now = timezone.now()
    doing = next((one for one in _by_due(found) if one.is_owed), None) if concern.is_active else None
    row = partial(_row, concern=concern, words=words, slug=slug, now=now, doing=doing)
    return {
        "title": in_words(procedure.title, words),
        "opening": [in_words(line, words) for line in procedure.opening],
        "refused": list(dict.fromkeys(in_words(one.says, words) for one in held)),
        "steps": [row(one) for one in found if one.is_owed],
        "more": [row(one) for one in found if one.is_open and not one.step.required],
        "done": [row(one) for one in found if one.record],
        "left": sum(one.is_owed for one in found),
        "sources": sources(procedure),
    }


def _by_due(found: Sequence[Standing]) -> list[Standing]:
    """Those with the shortest clock first; the others in the order of the procedure."""
    return sorted(found, key=lambda one: one.due.timestamp() if one.due else inf)


def _row(
    one: Standing,
    concern: Concern,
    words: Mapping[str, str],
    slug: str,
    now: datetime,
    doing: Standing | None,
) -> dict[str, Any]:
    step = one.step
    row: dict[str, Any] = {
        "label": in_words(step.text, words), "who": in_words(WHO[step.who], words),
        "state": "doing" if one is doing else "todo", "help": in_words(step.help, words) if step.help else "",
    }  # fmt: skip
    if one.record:
        entry = next(entry for entry in concern.entries.all() if entry.pk == one.record.entry_id)
        chosen = step.answer(one.record.answer)
        row |= {
            "state": "done" if one.record.state == StepState.DONE else "skipped", "done_by": entry.author.name,
            "done_at": one.at, "said": in_words(chosen.label, words) if chosen else "", "entry": f"entry-{entry.pk}",
        }  # fmt: skip
    elif one.due and step.clock and concern.is_active:
        row["clock"] = _clock(step.clock, one.due, concern, now)
    if concern.is_active and one.is_called:
        row["url"] = f"{url_of(concern, 'step', slug, concern.pk, step.key)}#act"
        row["action"] = "Record again" if one.record else "Record this step"
    return row


def _clock(clock: Clock, due: datetime, concern: Concern, now: datetime) -> dict[str, Any]:
    """What is left of a step's time, in the unit in which its rule counts."""
    if due <= now:
        return {"text": "Overdue" if clock.amount else "To be done at once", "state": "over", "due": due}
    if clock.unit in (Unit.SCHOOL_HOURS, Unit.SCHOOL_DAYS):
        text = clock_text(SchoolTime(concern.school).minutes(now, due))
    else:
        minutes = int((due - now).total_seconds() // 60)
        amount, unit = next(
            (minutes // size, unit) for size, unit in SIZES if minutes >= 2 * size or size == 1
        )
        text = f"{counted(amount, unit)} left"
    return {"text": text, "state": "soon" if due - now < SOON else "plenty", "due": due}


def sources(procedure: Procedure) -> list[str]:
    """Where the rules of a procedure come from, with their dates."""
    named = dict.fromkeys([*procedure.source, *(key for step in procedure.steps for key in step.source)])
    known = [procedures.sources()[key] for key in named if key in procedures.sources()]
    return [f"{one.name} ({one.dated}){'' if one.confirmed else ': not confirmed'}" for one in known]
