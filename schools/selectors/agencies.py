"""Outside bodies that a school turns to: the kinds that are shipped, and the school's own directory."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet

from core.db.compiled import Among, Given, compiled_once
from schools.models import Agency, School
from schools.selectors.words import DATA

OWN_KIND = "other"
"""The kind of a contact that the school thought of itself."""


@dataclass(frozen=True)
class AgencyKind:
    """A kind of outside body as shipped: what it is called, when to turn to it, and what is known for all of England.

    `is_settled` where number or address are well known; `is_asked_for` where a school has to fill in its own.
    """

    key: str
    name: str
    when: str
    phone: str
    website: str
    hours: str
    is_local: bool
    is_for_emergencies: bool
    is_settled: bool
    is_asked_for: bool

    @property
    def suggestion(self) -> dict[str, str]:
        """What a contact of this kind begins with."""
        return {
            "kind": self.key,
            "name": self.name,
            "phone": self.phone,
            "website": self.website,
            "hours": self.hours,
            "when_to_use": self.when,
        }


@cache
def agency_kinds() -> Mapping[str, AgencyKind]:
    """Every kind that is shipped, by key, in the order in which a directory shows them."""
    rows = tomllib.loads((DATA / "agencies.toml").read_text())["agencies"]
    return {
        row["key"]: AgencyKind(
            row["key"], row["name"], row["when"], next((one["number"] for one in row["phone"]), ""), row["website"], row["hours"],
            row["scope"] == "local", row["emergency"], row["confirmed"], row["fill"],
        )
        for row in rows
    }  # fmt: skip


def agencies(school: School) -> list[Agency]:
    """The school's directory in the order of the shipped kinds; contacts of its own come last, by name."""
    order = {key: n for n, key in enumerate(agency_kinds())}
    found = Agency.objects.filter(school=school).select_related("school")
    return sorted(found, key=lambda one: (order.get(one.kind, len(order)), one.name))


def agencies_for(school: School, kinds: Iterable[str]) -> list[Agency]:
    """The contacts of these kinds, in the order asked for."""
    order = {kind: n for n, kind in enumerate(kinds)}
    found = _of_kinds(school=school, kinds=list(order))
    return sorted(found, key=lambda one: (order[one.kind], one.name))


@compiled_once
def _of_kinds(*, school: Any, kinds: Given) -> QuerySet[Agency]:
    return Agency.objects.filter(Among("kind", kinds), school=school)


def stamp(agency: Agency) -> str:
    """Which saving of a contact this is: a form that was made before the newest one carries another."""
    return agency.updated_at.isoformat()
