"""What the pages of registers say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.templatetags.ui import day
from registers.enums import Checked, Register, Result
from registers.models import RegisterEntry
from registers.permissions import can_read_notes, keeps
from registers.procedures import REGISTERS
from registers.selectors import Standing
from registers.services import NewEntry
from schools.models import Membership
from schools.selectors import fill, vocabulary

RESULT_KINDS = {Result.WORKS: "done", Result.PARTLY: "due", Result.FAILS: "stop"}
HIDDEN = "Kept for those who were there and those who keep the register."


def index_rows(by: Membership, standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """The registers with what is due."""
    school = by.school
    today, words = timezone.localdate(), vocabulary(school)
    return [
        {
            "title": row.asks.title,
            "purpose": fill(row.asks.purpose, words),
            "url": reverse("registers:entry_list", args=[school.slug, row.asks.slug]),
            "new_url": reverse("registers:entry_create", args=[school.slug, row.asks.slug]),
            "may_write": keeps(by, row.asks.register),
            "last_on": row.last_on,
            "due_on": row.due_on,
            "status": _status(row, today),
        }
        for row in standings
    ]


def _status(row: Standing, today: Any) -> dict[str, str]:
    if row.due_on is None:
        return {"kind": "done", "word": "Nothing due"}
    if row.due_on < today:
        return {"kind": "stop", "word": "Overdue"}
    if row.due_on == today:
        return {"kind": "due", "word": "Due now"}
    return {"kind": "wait", "word": f"Due by {day(row.due_on)}"}


def columns(register: Register) -> list[dict[str, Any]]:
    """Columns of one register's list."""
    if REGISTERS[register].checks:
        return [{"label": "Day"}, {"label": "Who checked"}, {"label": "What was tried"}, {"label": "Result"}]
    return [{"label": "Day"}, {"label": "Safeguarding team"}, {"label": "Governor"}]


def rows(entries: Iterable[RegisterEntry]) -> list[dict[str, Any]]:
    """Rows of one register's list."""
    return [{"url": entry.get_absolute_url(), "cells": _cells(entry)} for entry in entries]


def _cells(entry: RegisterEntry) -> list[Any]:
    cells: list[Any] = [day(entry.happened_on), entry.done_by.name]
    if REGISTERS[Register(entry.register)].checks:
        return [*cells, ", ".join(entry.checked_labels), {"status": _result(entry)}]
    return [*cells, entry.second.name if entry.second else ""]


def _result(entry: RegisterEntry) -> dict[str, str]:
    result = Result(entry.result)
    return {"kind": RESULT_KINDS[result], "word": result.label}


def facts(entry: RegisterEntry) -> list[dict[str, Any]]:
    """What everybody who reads the register may see of an entry."""
    asks = REGISTERS[Register(entry.register)]
    found: list[dict[str, Any]] = [
        {"label": "Day", "date": entry.happened_on},
        {"label": asks.lead.rstrip("?"), "value": entry.done_by.name},
    ]
    if entry.second:
        found.append({"label": "Governor", "value": entry.second.name})
    if asks.checks:
        found.append({"label": "What was tried", "value": ", ".join(entry.checked_labels)})
        found.append({"label": "Result", "value": Result(entry.result).label})
    return found


def story(history: Iterable[RegisterEntry], by: Membership) -> list[dict[str, Any]]:
    """An entry and its corrections as a timeline; the notes only for those whom they are meant for."""
    chain = list(history)
    return [
        {
            "happened": entry.happened_on,
            "recorded": entry.recorded_at,
            "author": entry.recorded_by.name,
            "kind": "Correction" if entry.corrects_id else "Entry",
            "text": _text(entry) if can_read_notes(by, entry) else HIDDEN,
            "reason": entry.reason if can_read_notes(by, entry) else "",
            "corrects": chain[number - 1].recorded_at if entry.corrects_id else None,
            "corrected": number + 1 < len(chain),
        }
        for number, entry in enumerate(chain)
    ]


def _text(entry: RegisterEntry) -> str:
    return f"{entry.notes}\n\nActions: {entry.actions}" if entry.actions else str(entry.notes)


def initial(entry: RegisterEntry) -> dict[str, Any]:
    """What the form of a correction begins with."""
    names = ("happened_on", "notes", "actions", "checked", "result")
    values = {name: getattr(entry, name) for name in names}
    return {**values, "done_by": str(entry.done_by_id), "second": str(entry.second_id or "")}


AGAIN = "To put it right, correct that entry. If this is another one, send the form below once more."


def sent_twice(first: RegisterEntry, now: NewEntry, reason: str) -> tuple[list[dict[str, str]], str, str]:
    """What was stored and what the same form said afterwards, beside each other; where the first is, and what to do."""
    checked = [Checked(one).label for one in now.checked]
    rows = [
        _both("Day", day(first.happened_on), day(now.happened_on)),
        _both("Who", first.done_by.name, now.done_by.name),
        _both("Governor", *(one.name if one else "" for one in (first.second, now.second))),
        _both("What was tried", ", ".join(first.checked_labels), ", ".join(checked)),
        _both("Result", *(Result(one).label if one else "" for one in (first.result, now.result))),
        _both("Notes", first.notes, now.notes.strip()),
        _both("What follows", first.actions, now.actions.strip()),
        _both("Why it is corrected", first.reason, reason.strip()),
    ]
    return [row for row in rows if row["first"] or row["now"]], first.get_absolute_url(), AGAIN


def _both(label: str, first: Any, now: Any) -> dict[str, str]:
    return {"label": label, "first": str(first), "now": str(now)}
