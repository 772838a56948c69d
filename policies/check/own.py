"""What a school, or a newer file, adds to the catalogue as shipped: editions of guidance and policies that are expected."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from core.errors import DomainError
from core.partdate import first_day, last_day
from policies.check.catalogue import Catalogue, Edition, GuidanceEntry, Statutory, shipped
from policies.enums import GuidanceKind
from schools.enums import SchoolKind

_YEAR = re.compile(r"(?:19|20)\d\d")
_KEY = re.compile(r"[a-z0-9_-]{1,60}")
MAX_MONTHS = 60


@dataclass(frozen=True)
class OwnEdition:
    """An edition that the catalogue lacks or does not confirm; `in_force` is YYYY, YYYY-MM, YYYY-MM-DD or empty."""

    guidance: str
    title: str
    also_called: str
    kind: str
    edition: str
    in_force: str
    confirmed: bool
    source: str


@dataclass(frozen=True)
class OwnPolicy:
    """A policy that a school needs or does not need, whatever the catalogue says; the interval counts months."""

    key: str
    title: str
    needed: bool
    interval: int
    source: str


@dataclass(frozen=True)
class OwnCatalogue:
    """All that one school adds."""

    editions: tuple[OwnEdition, ...] = ()
    policies: tuple[OwnPolicy, ...] = ()


@lru_cache(maxsize=64)
def with_own(own: OwnCatalogue) -> Catalogue:
    """The catalogue as shipped with what a school adds: its edition goes before the shipped one of the same year."""
    base = shipped()
    return replace(base, guidance=_guidance(base, own), statutory=_statutory(base, own))


def _guidance(base: Catalogue, own: OwnCatalogue) -> tuple[GuidanceEntry, ...]:
    added: dict[str, list[OwnEdition]] = defaultdict(list)
    for one in own.editions:
        added[one.guidance].append(one)
    known = [_with_editions(entry, added.pop(entry.key, [])) for entry in base.guidance]
    return (*known, *(_with_editions(_new_entry(editions[0]), editions) for editions in added.values()))


def _new_entry(one: OwnEdition) -> GuidanceEntry:
    names = tuple(part.strip() for part in one.also_called.split(",") if part.strip())
    return GuidanceEntry(one.guidance, one.title, one.kind, names, (), ())


def _with_editions(entry: GuidanceEntry, added: list[OwnEdition]) -> GuidanceEntry:
    if not added:
        return entry
    editions = {one.name: one for one in entry.editions}
    for own in added:
        editions[own.edition] = Edition(
            own.edition, first_day(own.in_force), own.confirmed, source=own.source
        )
    newest_first = sorted(editions.values(), key=lambda one: one.year, reverse=True)
    return replace(entry, editions=tuple(newest_first))


def _statutory(base: Catalogue, own: OwnCatalogue) -> tuple[Statutory, ...]:
    decided = {one.key: one for one in own.policies}
    known = [_decided(one, decided.pop(one.key, None)) for one in base.statutory]
    return (*known, *(_decided(_new_policy(one), one) for one in decided.values()))


def _new_policy(one: OwnPolicy) -> Statutory:
    everywhere = tuple(SchoolKind.values)
    return Statutory(one.key, one.title, (), everywhere, "own", one.interval, True, (), False, sourced=True)


def _decided(policy: Statutory, own: OwnPolicy | None) -> Statutory:
    if own is None:
        return policy
    kinds = tuple(SchoolKind.values) if own.needed else ()
    return replace(policy, kinds=kinds, interval=own.interval, interval_set=True)


def read_catalogue(data: bytes) -> OwnCatalogue:
    """Reads a file of the form of `policies/data/guidance.toml` and `statutory.toml`: tables of both may stand in it.

    Raises DomainError, with the row that is wrong, for anything else.
    """
    try:
        rows = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DomainError(f"The file is not written in TOML: {error}.") from error
    if unknown := set(rows) - {"guidance", "statutory"}:
        raise DomainError(
            f"[[{min(unknown)}]] is not known here. The file holds [[guidance]] and [[statutory]]."
        )
    own = OwnCatalogue(
        tuple(one for row in _tables(rows, "guidance") for one in _editions_of(row)),
        tuple(_policy_of(row) for row in _tables(rows, "statutory")),
    )
    _check_once(f"edition {one.edition} of guidance {one.guidance}" for one in own.editions)
    _check_once(f"policy {one.key}" for one in own.policies)
    if not own.editions and not own.policies:
        raise DomainError("The file holds neither an edition of guidance nor a policy.")
    return own


def _check_once(names: Iterable[str]) -> None:
    again = [name for name, count in Counter(names).items() if count > 1]
    if again:
        raise DomainError(f"The file holds {again[0]} twice. Leave one of them out.")


def _tables(rows: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = rows.get(name, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise DomainError(f"Write each row below a line [[{name}]].")
    return found


def _editions_of(row: dict[str, Any]) -> Iterator[OwnEdition]:
    key, title = _text(row, "key", "guidance", _KEY), _text(row, "title", "guidance")
    kind = row.get("kind")
    if kind not in GuidanceKind.values:
        raise DomainError(f"Guidance {key}: kind is one of {', '.join(GuidanceKind.values)}.")
    aliases = row.get("aliases", [])
    editions = row.get("editions", [])
    if not isinstance(aliases, list) or not isinstance(editions, list):
        raise DomainError(f"Guidance {key}: aliases and editions are lists.")
    for one in editions:
        if not isinstance(one, dict) or not _YEAR.fullmatch(str(one.get("edition"))):
            raise DomainError(f"Guidance {key}: an edition is named by its year.")
        yield OwnEdition(
            key,
            title,
            ", ".join(str(alias) for alias in aliases)[:200],
            kind,
            str(one["edition"]),
            _since(one, key),
            one.get("confirmed") is True,
            _text(one, "source", f"guidance {key}, edition {one['edition']}"),
        )


def _since(row: dict[str, Any], key: str) -> str:
    """The day or month from which an edition holds; the year alone says no more than its name."""
    text = str(row.get("in_force") or row.get("published") or "")
    if _YEAR.fullmatch(text):
        return ""
    try:
        last_day(text)
    except ValueError as error:
        raise DomainError(f"Guidance {key}: {text} is neither a day, a month nor a year.") from error
    return text


def _policy_of(row: dict[str, Any]) -> OwnPolicy:
    key, title = _text(row, "key", "statutory", _KEY), _text(row, "title", "statutory")
    interval = row.get("interval") or 12
    if not isinstance(interval, int) or not 1 <= interval <= MAX_MONTHS:
        raise DomainError(f"Policy {key}: the interval is a number of months from 1 to {MAX_MONTHS}.")
    return OwnPolicy(
        key, title, row.get("needed", True) is True, interval, _text(row, "source", f"policy {key}")
    )


def _text(row: dict[str, Any], name: str, where: str, form: re.Pattern[str] | None = None) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip() or (form and not form.fullmatch(value)):
        raise DomainError(f"A row of {where} has no {name}, or one that cannot be used.")
    return value.strip()[:200]
