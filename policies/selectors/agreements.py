"""The kinds of acceptable use agreement, and what readers are told before they agree."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policies.enums import Audience
from policies.models import Policy
from schools.enums import Group
from schools.selectors import fill, vocabulary

DATA = Path(__file__).parents[1] / "data"
AGREE = "I have read this policy and I agree to follow it."
WORDS = {
    Group.STAFF: ("staff", "teachers", "support staff", "leadership team"),
    Group.GOVERNOR: ("governors", "governing body", "governing board", "trustees"),
    Group.VOLUNTEER: ("volunteers",),
    Group.CONTRACTOR: ("contractors", "external contractors"),
    Audience.VISITOR: ("visitors",),
    Audience.LEARNER: ("learners", "pupils", "students", "children"),
    Audience.PARENT: ("parents/carers", "parents and carers", "parents", "carers"),
}
"""The words by which a text says whom it covers."""


@dataclass(frozen=True)
class Agreement:
    """A kind of acceptable use agreement as shipped; its sentences hold {words} of the vocabulary."""

    key: str
    label: str
    audience: tuple[str, ...]
    agree: str
    told: tuple[str, ...]
    monitoring: str


@dataclass(frozen=True)
class Told:
    """What a reader is told before they agree, how activity is monitored, and the sentence they agree to."""

    sentences: tuple[str, ...]
    monitoring: str
    agree: str


@cache
def agreements() -> Mapping[str, Agreement]:
    """Every kind, by key."""
    rows = tomllib.loads((DATA / "agreements.toml").read_text())["agreements"]
    return {
        row["key"]: Agreement(
            row["key"],
            row["label"],
            tuple(row["audience"]),
            row["agree"],
            tuple(row["told"]),
            row["monitoring"],
        )
        for row in rows
    }


def told_before(policy: Policy, reader: str = "") -> Told:
    """What a reader of this policy is told first, in the school's own words; its own statement about monitoring goes first.

    `reader` is a value of Audience for those who are no members; a kind that is not for them gives way to their own.
    """
    kind = agreements().get(policy.agreement)
    if kind and reader and reader not in kind.audience:
        kind = agreements()[reader]
    if kind is None:
        return Told((), policy.monitoring, AGREE)
    words = vocabulary(policy.school)
    sentences = tuple(fill(one, words) for one in kind.told)
    return Told(sentences, policy.monitoring or fill(kind.monitoring, words), kind.agree)


def audience_of_scope(people: Iterable[str]) -> list[str]:
    """Whom the words of a text's own scope stand for; nobody where it names nobody that is known."""
    named = {one.casefold() for one in people}
    return [group.value for group, words in WORDS.items() if named & set(words)]
