"""Reads a procedure from its data and refuses, with a sentence, what does not fit its form (described in concern.toml)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from incidents.enums import Decision
from incidents.procedures.shape import STARTS, WHO, Act, Answer, Clock, Hold, Procedure, Step, Unit

HEAD = {"key", "title", "leads", "opening", "refuses", "source", "rows"}
STEP = {
    "use", "key", "text", "help", "who", "when", "clock", "clock_rule", "required", "answers", "records", "optional", "refuses", "does",
    "agency", "source", "rows",
}  # fmt: skip
LEADS = ("dsl", "case_manager")
LONGEST = 1000
WORD = re.compile(r"\{[a-z_]+\}")
"""A word of the school's vocabulary in a text."""


class WrongProcedure(ValueError):
    """A procedure that does not fit; the sentence names the step and what is wrong with it."""


@dataclass(frozen=True)
class Known:
    """What a procedure may refer to."""

    sources: Collection[str]
    fields: Collection[str]
    agencies: Collection[str]
    rules: Collection[str]


class _Any(tuple[str, ...]):
    def __contains__(self, key: object) -> bool:
        return True


ANYTHING = Known(_Any(), _Any(), _Any(), _Any())
"""For a procedure that was checked when it was kept: what it refers to may have left the hub since."""


@dataclass(frozen=True)
class _Row:
    """One table of the data, with the place to name when something is wrong with it."""

    place: str
    values: Mapping[str, Any]

    def wrong(self, sentence: str) -> WrongProcedure:
        return WrongProcedure(f"{self.place}: {sentence}")

    def only(self, known: Collection[str]) -> None:
        if unknown := sorted(set(self.values) - set(known)):
            raise self.wrong(f"nothing here is called {', '.join(unknown)}.")

    def text(self, name: str, *, needed: bool = False) -> str:
        value = self.values.get(name, "")
        if not isinstance(value, str) or len(value) > LONGEST:
            raise self.wrong(f"{name} is a text of at most {LONGEST} characters.")
        if "{" in WORD.sub("", value) or "}" in WORD.sub("", value):
            raise self.wrong(f"braces in {name} hold one of the school's words, such as {{learner}}.")
        if needed and not value.strip():
            raise self.wrong(f"{name} is missing.")
        return value

    def one_of(self, name: str, known: Collection[str], *, needed: bool = False) -> str:
        value = self.text(name, needed=needed)
        if value and value not in known:
            raise self.wrong(f"{name} is one of {', '.join(known)}, not {value}.")
        return value

    def keys(self, name: str, known: Collection[str], *, needed: bool = False) -> tuple[str, ...]:
        values = self.values.get(name, [])
        if not isinstance(values, list) or any(not isinstance(one, str) for one in values):
            raise self.wrong(f"{name} is a list of keys.")
        if needed and not values:
            raise self.wrong(f"{name} is missing.")
        if unknown := [one for one in values if one not in known]:
            raise self.wrong(f"{name} does not know {', '.join(unknown)}.")
        return tuple(values)

    def rows(self, name: str) -> list[_Row]:
        values = self.values.get(name, [])
        if not isinstance(values, list) or any(not isinstance(one, Mapping) for one in values):
            raise self.wrong(f"{name} is a list of tables.")
        return [_Row(f"{self.place}, {name} {n}", one) for n, one in enumerate(values, 1)]

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{name} is true or false.")
        return value


def read_procedure(data: Mapping[str, Any], known: Known) -> Procedure:
    """The procedure that the data describe. Raises WrongProcedure for the first thing that does not fit."""
    head = _Row("procedure", data.get("procedure", {}))
    head.only(HEAD)
    opening = head.values.get("opening", [])
    if not isinstance(opening, list) or any(not isinstance(line, str) for line in opening):
        raise head.wrong("opening is a list of lines.")
    key = head.text("key", needed=True)
    steps: list[Step] = []
    for n, row in enumerate(data.get("steps", []), 1):
        steps.append(_step(_Row(f"{key}, step {row.get('key', n)}", row), steps, known))
    if not steps:
        raise head.wrong("there are no steps.")
    return Procedure(
        key=key, title=head.text("title", needed=True), leads=head.one_of("leads", LEADS, needed=True), opening=tuple(opening),
        source=head.keys("source", known.sources, needed=True), steps=tuple(steps), refuses=_holds(head), data=data,
    )  # fmt: skip


def _step(row: _Row, before: list[Step], known: Known) -> Step:
    row.only(STEP)
    key = row.text("key", needed=True)
    if not key.isidentifier() or any(one.key == key for one in before):
        raise row.wrong(f"the key {key} is taken already, or is not one word of small letters.")
    return Step(
        key=key, text=row.text("text", needed=True), who=row.one_of("who", WHO, needed=True),
        source=row.keys("source", known.sources, needed=True), help=row.text("help"), when=_when(row, before),
        clock=_clock(row, before), clock_rule=row.one_of("clock_rule", known.rules), required=row.flag("required"),
        answers=_answers(row, known), records=row.keys("records", known.fields), optional=row.keys("optional", known.fields),
        refuses=_holds(row), does=row.one_of("does", list(Act)), agency=row.one_of("agency", known.agencies),
    )  # fmt: skip


def _when(row: _Row, before: list[Step]) -> tuple[tuple[str, str], ...]:
    """What calls for a step: answers of steps that stand before it, and decisions of triage."""
    text = row.text("when")
    pairs = [part.partition("=") for part in text.split(" or ")] if text else []
    offered = {one.key: [answer.value for answer in one.answers] for one in before}
    offered["triage"] = list(Decision.values)
    for step, _, answer in pairs:
        if answer not in offered.get(step, ()):
            raise row.wrong(f"no step before this one has the answer {step}={answer}.")
    return tuple((step, answer) for step, _, answer in pairs)


def _clock(row: _Row, before: list[Step]) -> Clock | None:
    if "clock" not in row.values:
        return None
    clock = _Row(f"{row.place}, clock", row.values["clock"])
    clock.only({"amount", "unit", "from", "law"})
    amount = clock.values.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= 366:
        raise clock.wrong("amount is a whole number from 0 to 366.")
    starts = [*STARTS, *(f"step:{one.key}" for one in before)]
    return Clock(
        amount,
        Unit(clock.one_of("unit", list(Unit), needed=True)),
        clock.one_of("from", starts, needed=True),
        clock.flag("law"),
    )


def _answers(row: _Row, known: Known) -> tuple[Answer, ...]:
    found: list[Answer] = []
    for one in row.rows("answers"):
        one.only({"value", "label", "records", "does"})
        value = one.text("value", needed=True)
        if not value.isidentifier() or any(other.value == value for other in found):
            raise one.wrong(f"the value {value} is taken already, or is not one word of small letters.")
        records = one.keys("records", known.fields)
        found.append(Answer(value, one.text("label", needed=True), records, one.one_of("does", list(Act))))
    return tuple(found)


def _holds(row: _Row) -> tuple[Hold, ...]:
    found = []
    for one in row.rows("refuses"):
        one.only({"act", "says"})
        act = Act(one.one_of("act", list(Act), needed=True))
        found.append(Hold(act, one.text("says", needed=True)))
    return tuple(found)
