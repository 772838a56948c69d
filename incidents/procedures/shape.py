"""What a procedure is made of. Texts may hold words of the school's vocabulary in braces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What a procedure can refuse until something else was done."""

    UPLOAD = "upload"
    VIEW = "view"
    INTERVIEW = "interview"
    SHARE = "share"
    DELETE = "delete"
    RELEASE = "release"


class Unit(StrEnum):
    """In what a clock counts: hours of the clock or of the school day; days of school, of work, or of the calendar."""

    HOURS = "hours"
    SCHOOL_HOURS = "school_hours"
    SCHOOL_DAYS = "school_days"
    WORKING_DAYS = "working_days"
    DAYS = "days"


STARTS = ("logged", "happened", "triaged")
WHO = {
    "dsl": "{dsl} or a deputy", "case_manager": "Case manager", "it": "IT", "office": "Office", "leadership": "Leadership",
    "governor": "{governors}",
}  # fmt: skip
"""Who can have a step to do, and how pages say it."""


@dataclass(frozen=True)
class Clock:
    """By when a step is due: `amount` units after `starts`, which is one of STARTS or "step:KEY". 0 is at once."""

    amount: int
    unit: Unit
    starts: str
    is_law: bool = False


@dataclass(frozen=True)
class Hold:
    """An act that is refused, and the sentence that says so."""

    act: Act
    says: str


@dataclass(frozen=True)
class Answer:
    """One answer that a step offers, what is recorded with it, and the act that choosing it is ("" for none)."""

    value: str
    label: str
    records: tuple[str, ...] = ()
    does: str = ""


@dataclass(frozen=True)
class Step:
    """One step: what to do, who does it, what calls for it, by when, what it asks for and what it holds up until then.

    `when` holds pairs of a step (or "triage") and an answer (or a decision); any of them calls for the step, and none
    at all means always.
    """

    key: str
    text: str
    who: str
    source: tuple[str, ...]
    help: str = ""
    when: tuple[tuple[str, str], ...] = ()
    clock: Clock | None = None
    clock_rule: str = ""
    required: bool = False
    answers: tuple[Answer, ...] = ()
    records: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    refuses: tuple[Hold, ...] = ()
    does: str = ""
    agency: str = ""

    def answer(self, value: str) -> Answer | None:
        """The answer with this value."""
        return next((one for one in self.answers if one.value == value), None)

    def asked(self, value: str) -> tuple[str, ...]:
        """What must be written down when the step is done with this answer."""
        chosen = self.answer(value)
        return self.records + (chosen.records if chosen else ())


@dataclass(frozen=True)
class Procedure:
    """What is done about a kind of concern, in order. `data` is the same as it is written in a file."""

    key: str
    title: str
    leads: str
    opening: tuple[str, ...]
    source: tuple[str, ...]
    steps: tuple[Step, ...]
    refuses: tuple[Hold, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def step(self, key: str) -> Step | None:
        """The step with this key."""
        return next((one for one in self.steps if one.key == key), None)


@dataclass(frozen=True)
class Source:
    """Where a rule comes from: its name and its date as shown; not `confirmed` where nobody could check it."""

    key: str
    name: str
    dated: str
    confirmed: bool


@dataclass(frozen=True)
class Field:
    """Something that is recorded with a step: how it is asked for, and as a line, a text, a moment or a day."""

    key: str
    label: str
    kind: str
