"""In which words a school speaks, and how it answers the points on which policies differ."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import DateField, QuerySet, Value

from core.db.compiled import compiled_once
from schools.enums import Role
from schools.models import Closure, Rule, School, SchoolOwned, Term, Word

DATA = Path(__file__).parents[1] / "data"
POST_WORDS = {
    Role.DSL: "dsl",
    Role.DEPUTY_DSL: "deputy_dsl",
    Role.HEADTEACHER: "headteacher",
    Role.HEAD_OF_SCHOOL: "further_head",
    Role.LEADERSHIP: "leadership",
    Role.NAMED_GOVERNOR: "named_governor",
    Role.GOVERNOR: "governor",
    Role.CHAIR: "chair",
}
"""The word of the vocabulary that names a post."""


@dataclass(frozen=True)
class RuleQuestion:
    """A point on which policies differ, as shipped: the question, its options and its default.

    A number lies between `least` and `most` and counts `unit`. `confirmed` is false where the default is a choice of
    ours; `acts` is true where the hub works by the answer, false where it only keeps it.
    """

    key: str
    group: str
    question: str
    kind: str
    default: str
    options: tuple[tuple[str, str], ...] = ()
    why: str = ""
    source: str = ""
    unit: str = ""
    least: int = 0
    most: int = 0
    confirmed: bool = False
    acts: bool = False


OPTIONAL = ("why", "source", "unit", "confirmed", "acts")
"""What a shipped rule may say besides its question, kind, default and options."""


@cache
def rule_questions() -> Mapping[str, RuleQuestion]:
    """Every rule that a school can set, by key."""
    rows = tomllib.loads((DATA / "rules.toml").read_text())["rules"]
    return {row["key"]: _question(row) for row in rows}


def _question(row: dict[str, Any]) -> RuleQuestion:
    options = tuple((str(option["value"]), option["label"]) for option in row.get("options", []))
    named: dict[str, Any] = {name: row[name] for name in OPTIONAL if name in row}
    limits = {"least": row.get("min", 0), "most": row.get("max", 0)}
    default = _as_text(row["default"])
    return RuleQuestion(
        row["key"], row["group"], row["question"], row["kind"], default, options, **named, **limits
    )


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


@cache
def default_words() -> Mapping[str, str]:
    """The default word for every term a school may name differently, by key."""
    return {
        row["key"]: row["default"] for row in tomllib.loads((DATA / "vocabulary.toml").read_text())["words"]
    }


@cache
def word_meanings() -> Mapping[str, str]:
    """What each term stands for, by key."""
    return {row["key"]: row["what"] for row in tomllib.loads((DATA / "vocabulary.toml").read_text())["words"]}


def own_words(school: School) -> dict[str, str]:
    """The words that the school chose itself, by key."""
    return _own(school)[0]


def own_rules(school: School) -> dict[str, str]:
    """The answers to rules that the school gave itself, by key."""
    return _own(school)[1]


def _own(school: School) -> tuple[dict[str, str], dict[str, str]]:
    return school.own or read_set_up(school)[0]


def read_set_up(
    school: School,
) -> tuple[tuple[dict[str, str], dict[str, str]], dict[str, list[tuple[date, date]]]]:
    """Words and rules, terms and closures: one look at the database for as long as the object lives, a request or a task."""
    said: dict[str, dict[str, str]] = {"Word": {}, "Rule": {}}
    spans: dict[str, list[tuple[date, date]]] = {"Term": [], "Closure": []}
    for kind, key, text, first, last in _set_up(school=school):
        if kind in spans:
            spans[kind].append((first, last))
        else:
            said[kind][key] = text
    school.own, school.spans = (said["Word"], said["Rule"]), spans
    return school.own, school.spans


@compiled_once
def _set_up(*, school: Any) -> QuerySet[Any, tuple[str, str, str, date, date]]:
    none, day = Value(""), Value(None, DateField())
    columns: tuple[tuple[type[SchoolOwned], tuple[Any, ...]], ...] = (
        (Term, (none, none, "starts_on", "ends_on")),
        (Closure, (none, none, "starts_on", "ends_on")),
        (Word, ("key", "text", day, day)),
        (Rule, ("key", "value", day, day)),
    )  # days first: PostgreSQL takes the types of a union from its beginning
    first, *others = (
        kind._default_manager.filter(school=school).order_by().values_list(Value(kind.__name__), *names)
        for kind, names in columns
    )
    return first.union(*others, all=True)


def vocabulary(school: School) -> dict[str, str]:
    """Every term in the school's own words."""
    return {**default_words(), **own_words(school)}


def word(school: School, key: str) -> str:
    """One term in the school's own word. Raises KeyError for an unknown key."""
    return own_words(school).get(key) or default_words()[key]


def post_names(school: School) -> dict[str, str]:
    """What each post is called: in the school's own word where it has set one, by role."""
    named = {role: own_words(school).get(POST_WORDS.get(role, ""), "") or role.label for role in Role}
    return {role.value: name[:1].upper() + name[1:] for role, name in named.items()}


def rule(school: School, key: str) -> str:
    """The school's answer to one rule, or its default. Raises KeyError for an unknown key."""
    return own_rules(school).get(key) or rule_questions()[key].default


def rules(school: School, *keys: str) -> list[str]:
    """The school's answers to several rules, in the order asked for."""
    return [rule(school, key) for key in keys]


def rules_of_schools(schools: Sequence[UUID], *keys: str) -> dict[UUID, list[str]]:
    """The same for many schools at once, by id."""
    own = Rule.objects.filter(school_id__in=schools, key__in=keys).values_list("school_id", "key", "value")
    answers = {(school_id, key): value for school_id, key, value in own}
    default = {key: rule_questions()[key].default for key in keys}
    return {one: [answers.get((one, key)) or default[key] for key in keys] for one in schools}


def rule_list(school: School, key: str) -> list[str]:
    """A rule whose answer is a list, one entry a line."""
    return [line.strip() for line in rule(school, key).splitlines() if line.strip()]


def fill(text: str, words: Mapping[str, str]) -> str:
    """A shipped sentence with the school's words in place of {learner}, {headteacher} and so on."""
    return text.format_map(words)


def rule_number(school: School, key: str) -> int:
    """A rule whose answer is a whole number; the unit is the one its question names."""
    return int(rule(school, key))
