"""The catalogue as shipped: guidance with its editions, policies by kind of school, bodies and addresses that are gone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from core.partdate import first_day

DATA = Path(__file__).parent.parent / "data"
_MAX_ACRONYM = 6
_VARYING = frozenset(
    ("policy", "policies", "and", "the", "our", "school", "of", "on", "for", "procedure", "a")
)


def plain(text: str) -> str:
    """Words in lower case without punctuation, for comparing."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold().replace("\u2019", "").replace("'", "")))


@dataclass(frozen=True)
class Edition:
    """One edition of guidance; `confirmed` is False where nobody could make sure of it."""

    name: str
    since: date | None
    confirmed: bool
    note: str = ""
    source: str = ""

    @property
    def year(self) -> int:
        """The year that policies name it by; 0 for what has none."""
        return int(self.name) if self.name.isdigit() else 0


@dataclass(frozen=True)
class GuidanceEntry:
    """A document that policies name, with what they call it and its editions, newest first."""

    key: str
    title: str
    kind: str
    aliases: tuple[str, ...]
    old_titles: tuple[str, ...]
    editions: tuple[Edition, ...]

    @cached_property
    def names(self) -> list[tuple[tuple[str, ...], re.Pattern[str]]]:
        """Its names, longest first: the words that a text must hold in lower case, and how the whole is recognised."""
        names = sorted({self.title, *self.aliases, *self.old_titles}, key=len, reverse=True)
        return [(_words(name), _pattern(name)) for name in names]

    def may_stand_in(self, lowered: str) -> bool:
        """Whether all words of one of its names stand somewhere in a text in lower case."""
        return any(all(word in lowered for word in words) for words, _ in self.names)

    def named_in(self, text: str, lowered: str) -> Iterator[re.Match[str]]:
        """Every place of a text that names it, longer names first."""
        for words, pattern in self.names:
            if all(word in lowered for word in words):
                yield from pattern.finditer(text)

    def in_force(self, day: date) -> list[Edition]:
        """The editions that hold, or may hold, on a day, newest first."""
        return [one for one in self.editions if one.year and (one.since is None or one.since <= day)]


def _words(name: str) -> tuple[str, ...]:
    """The words of a name, longest first, cut at an apostrophe."""
    return tuple(sorted(re.findall(r"\w+", name.casefold()), key=len, reverse=True))


def _pattern(name: str) -> re.Pattern[str]:
    words = re.findall(r"[\w'\u2019-]+", name)
    short = len(words) == 1 and len(name) <= _MAX_ACRONYM
    joined = r"[\s,:;()\u2013-]{1,4}".join(re.escape(word).replace("'", "['\u2019]") for word in words)
    return re.compile(rf"(?<!\w){joined}(?!\w)", 0 if short else re.IGNORECASE)


@dataclass(frozen=True)
class Statutory:
    """A policy that schools are expected to have."""

    key: str
    title: str
    aliases: tuple[str, ...]
    kinds: tuple[str, ...]
    basis: str
    interval: int
    interval_set: bool
    companions: tuple[str, ...]
    safeguarding: bool
    sourced: bool
    approver: str = ""
    publish: bool = False
    look_up: str = ""

    @cached_property
    def names(self) -> list[frozenset[str]]:
        """The words that tell it from others, for each of its names."""
        return [title_words(name) for name in (self.title, *self.aliases)]


@dataclass(frozen=True)
class Body:
    """An organisation that is no more, or bears another name."""

    name: str
    pattern: re.Pattern[str]
    hint: str
    now: str
    since: str
    confirmed: bool


@dataclass(frozen=True)
class GoneAddress:
    """A web address that is known to lead nowhere, or elsewhere; it stands for all pages below it."""

    address: str
    now: str
    since: str
    confirmed: bool


@dataclass(frozen=True)
class Catalogue:
    """All of it."""

    guidance: tuple[GuidanceEntry, ...]
    statutory: tuple[Statutory, ...]
    bodies: tuple[Body, ...] = ()
    gone: tuple[GoneAddress, ...] = ()
    sayings: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    topics: Mapping[str, str] = field(default_factory=dict, compare=False)

    def entry_for(self, title: str) -> GuidanceEntry | None:
        """The guidance that a title as printed belongs to."""
        best = [
            (found.end() - found.start(), entry)
            for entry in self.guidance
            for found in entry.named_in(title, title.casefold())
            if found.start() == 0
        ]
        return max(best, key=lambda pair: pair[0])[1] if best else None

    def statutory_for(self, title: str) -> Statutory | None:
        """The kind of policy that a title belongs to: the one whose name it holds most of."""
        words = title_words(title)
        best = [(len(name), one) for one in self.statutory for name in one.names if name and name <= words]
        return max(best, key=lambda pair: pair[0])[1] if best else None

    def by_key(self, key: str) -> Statutory | None:
        """The kind of policy of a key."""
        return next((one for one in self.statutory if one.key == key), None)


def title_words(title: str) -> frozenset[str]:
    """The words of a title that tell policies apart, without plural endings."""
    spelled = plain(re.sub(r"(?i)\be-", "e", title))
    return frozenset(word.rstrip("s") for word in spelled.split() if word not in _VARYING)


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with PolicyHub."""
    bodies, sayings = _load("bodies"), _load("sayings")
    return Catalogue(
        guidance=tuple(_guidance(row) for row in _load("guidance")["guidance"]),
        statutory=tuple(_statutory(row) for row in _load("statutory")["statutory"] if row["key"] != "other"),
        bodies=tuple(_body(row) for row in bodies["bodies"]),
        gone=tuple(
            GoneAddress(row["address"], row["now"], row["since"], row["confirmed"])
            for row in bodies["addresses"]
        ),
        sayings=tuple(_saying(row) for row in sayings["says"]),
        topics=sayings["topics"],
    )


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text())


def _guidance(row: dict[str, Any]) -> GuidanceEntry:
    editions = [
        Edition(
            one["edition"],
            first_day(one["in_force"] or one["published"]),
            one["confirmed"],
            one["note"],
            one["source"],
        )
        for one in row["editions"]
    ]
    editions.sort(key=lambda one: one.year, reverse=True)
    old = tuple(row.get("old_titles", []))
    return GuidanceEntry(row["key"], row["title"], row["kind"], tuple(row["aliases"]), old, tuple(editions))


def _statutory(row: dict[str, Any]) -> Statutory:
    return Statutory(
        row["key"], row["title"], tuple(row["aliases"]), tuple(row["kinds"]), row["basis"], row["interval"],
        row["interval_set"], tuple(row["companion_of"]), row["safeguarding"],
        row["mark"] in ("sourced", "second_hand"), row["approver"], row["publish"], row["check"],
    )  # fmt: skip


def _body(row: dict[str, Any]) -> Body:
    return Body(
        row["name"], re.compile(row["pattern"]), row["hint"], row["now"], row["since"], row["confirmed"]
    )


def _saying(row: dict[str, Any]) -> dict[str, Any]:
    flags = ("about", "says", "unless", "subject")
    return {**row, **{name: _regex(row.get(name, "")) for name in flags}}


def _regex(pattern: str | Iterable[str]) -> re.Pattern[str] | None:
    text = pattern if isinstance(pattern, str) else "|".join(pattern)
    return re.compile(text, re.IGNORECASE) if text else None
