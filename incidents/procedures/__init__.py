"""Kinds of concern and the procedure of each, read from the data files beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from incidents.procedures.reading import ANYTHING, Known, WrongProcedure, read_procedure
from incidents.procedures.shape import (
    WHO,
    Act,
    Answer,
    Clock,
    Field,
    Hold,
    Procedure,
    Source,
    Step,
    Unit,
)
from schools.selectors import agency_kinds, rule_questions

__all__ = [
    "ANYTHING", "WHO", "Act", "Answer", "Clock", "Field", "Hold", "Kind", "Procedure", "Source", "Step", "Unit", "WrongProcedure", "fields",
    "in_words", "key_for", "keys", "keys_of", "kinds", "kinds_of", "known", "procedure", "read_procedure", "sources",
]  # fmt: skip
DATA = Path(__file__).parent


class _Words(dict[str, str]):
    """A word that is not in the vocabulary stands for itself."""

    def __missing__(self, key: str) -> str:
        return key.replace("_", " ")


def in_words(text: str, words: Mapping[str, str]) -> str:
    """A text of the data files in a school's own words, beginning with a capital."""
    filled = text.format_map(_Words(words))
    return filled[:1].upper() + filled[1:]


@dataclass(frozen=True)
class Kind:
    """One kind of concern. `text` may hold words of the vocabulary in braces; `route` is "child" or "adult"."""

    key: str
    text: str
    group: str
    route: str
    procedure: str
    says: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of concern by key, in the order of the file."""
    return {row["key"]: _kind(row) for row in _read("kinds")["kinds"]}


def kinds_of(route: str) -> list[Kind]:
    """The kinds that concerns of one route can have."""
    return [kind for kind in kinds().values() if kind.route == route]


def _kind(row: dict[str, Any]) -> Kind:
    route = "child" if row["route"] == "dsl" else "adult"
    return Kind(row["key"], row["label"], row["group"], route, row["procedure"], row.get("says", ""))


@cache
def procedure(key: str) -> Procedure:
    """A procedure by its key, as it comes with the hub. Raises KeyError for one that has no file."""
    if key not in keys():
        raise KeyError(key)
    data = _read(key)
    shared = _read("common")["steps"]
    steps = [{"key": row.get("use"), **shared.get(row.get("use", ""), {}), **row} for row in data["steps"]]
    for step in steps:
        step.pop("use", None)
    return read_procedure({"procedure": data["procedure"], "steps": steps}, known())


@cache
def keys() -> tuple[str, ...]:
    """The keys of all procedures."""
    return tuple(sorted({kind.procedure for kind in kinds().values()}))


@cache
def keys_of(route: str) -> tuple[str, ...]:
    """The keys of the procedures that a concern of one route can follow."""
    leads = "case_manager" if route == "adult" else "dsl"
    return tuple(key for key in keys() if procedure(key).leads == leads)


def key_for(category: str, *, route: str, imagery: bool = False) -> str:
    """The key of the procedure of a kind; until one is chosen, of the one that the report itself calls for."""
    if category in kinds():
        return kinds()[category].procedure
    if imagery:
        return "imagery"
    return "allegation" if route == "adult" else "concern"


@cache
def known() -> Known:
    """What procedures may refer to."""
    numbers = [key for key, question in rule_questions().items() if question.kind == "number"]
    return Known(tuple(sources()), tuple(fields()), tuple(agency_kinds()), numbers)


@cache
def sources() -> Mapping[str, Source]:
    """Where rules come from, by key."""
    return {key: Source(key, **row) for key, row in _read("sources")["sources"].items()}


@cache
def fields() -> Mapping[str, Field]:
    """What can be recorded with a step, by key."""
    return {key: Field(key, **row) for key, row in _read("fields")["fields"].items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
