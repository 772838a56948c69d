"""Kinds of concern and the procedure of each, read from the data files beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True)
class Step:
    """One step of a procedure: what to do, who does it, when, what it refuses until it is done, and which outside body it turns to."""

    key: str
    text: str
    help: str
    who: str
    when: str
    required: bool
    refuses: tuple[str, ...]
    agency: str


@dataclass(frozen=True)
class Procedure:
    """What is done about a kind of concern, in order."""

    key: str
    title: str
    opening: tuple[str, ...]
    refuses: tuple[str, ...]
    steps: tuple[Step, ...]


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
    """A procedure by its key. Raises KeyError for one that has no file."""
    path = DATA / f"{key}.toml"
    if not key.isidentifier() or not path.exists():
        raise KeyError(key)
    data = _read(key)
    head = data["procedure"]
    steps = tuple(_step(row) for row in data["steps"])
    return Procedure(head["key"], head["title"], tuple(head["opening"]), tuple(head["refuses"]), steps)


def _step(row: dict[str, Any]) -> Step:
    plain = {name: row.get(name, "") for name in ("text", "help", "who", "when", "agency")}
    return Step(
        key=row["key"], required=bool(row.get("required")), refuses=tuple(row.get("refuses", ())), **plain
    )


def procedure_for(category: str, *, route: str, imagery: bool = False) -> Procedure:
    """The procedure of a kind; until one is chosen, the one that the report itself calls for."""
    if category in kinds():
        return procedure(kinds()[category].procedure)
    if imagery:
        return procedure("imagery")
    return procedure("allegation" if route == "adult" else "concern")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
