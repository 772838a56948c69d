"""Reads of tenancy: who holds a post, which words and rules hold, which days are school days, who a learner is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from schools.enums import Role
from schools.models import Closure, Draft, Learner, Membership, Rule, School, Term, User, Word

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class RuleQuestion:
    """A point on which policies differ, as shipped: the question, its options and its default."""

    key: str
    question: str
    kind: str
    default: str
    options: tuple[tuple[str, str], ...] = ()
    why: str = ""
    source: str = ""


@cache
def rule_questions() -> Mapping[str, RuleQuestion]:
    """Every rule that a school can set, by key."""
    rows = tomllib.loads((DATA / "rules.toml").read_text())["rules"]
    return {row["key"]: _question(row) for row in rows}


def _question(row: dict[str, Any]) -> RuleQuestion:
    options = tuple((str(option["value"]), option["label"]) for option in row.get("options", []))
    texts = {name: row.get(name, "") for name in ("why", "source")}
    return RuleQuestion(row["key"], row["question"], row["kind"], _as_text(row["default"]), options, **texts)


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


def vocabulary(school: School) -> dict[str, str]:
    """Every term in the school's own words."""
    return {**default_words(), **dict(Word.objects.filter(school=school).values_list("key", "text"))}


def word(school: School, key: str) -> str:
    """One term in the school's own word. Raises KeyError for an unknown key."""
    own = Word.objects.filter(school=school, key=key).values_list("text", flat=True).first()
    return own or default_words()[key]


def rule(school: School, key: str) -> str:
    """The school's answer to one rule, or its default. Raises KeyError for an unknown key."""
    default = rule_questions()[key].default
    return Rule.objects.filter(school=school, key=key).values_list("value", flat=True).first() or default


def rules(school: School, *keys: str) -> list[str]:
    """The school's answers to several rules, in the order asked for, with one look at the database."""
    own = dict(Rule.objects.filter(school=school, key__in=keys).values_list("key", "value"))
    return [own.get(key) or rule_questions()[key].default for key in keys]


def rule_list(school: School, key: str) -> list[str]:
    """A rule whose answer is a list, one entry a line."""
    return [line.strip() for line in rule(school, key).splitlines() if line.strip()]


def fill(text: str, words: Mapping[str, str]) -> str:
    """A shipped sentence with the school's words in place of {learner}, {headteacher} and so on."""
    return text.format_map(words)


def rule_number(school: School, key: str) -> int:
    """A rule whose answer is a whole number; the unit is the one its question names."""
    return int(rule(school, key))


def live_membership(user: User, slug: str, *, on: date | None = None) -> Membership | None:
    """The membership of an active person in the school of this slug on a day (today), with posts and school loaded."""
    day = on or timezone.localdate()
    members = Membership.objects.on(day).filter(user=user, user__is_active=True, school__slug=slug)
    return members.select_related("school", "school__trust", "user").prefetch_related("appointments").first()


def memberships_of(user: User) -> QuerySet[Membership]:
    """The schools that a person belongs to today."""
    return (
        Membership.objects.on(timezone.localdate())
        .filter(user=user)
        .select_related("school")
        .order_by("school__name")
    )


def invitations_of(user: User) -> QuerySet[Membership]:
    """The schools that have invited a person and wait for the answer."""
    waiting = Membership.objects.waiting().filter(user=user)
    return waiting.select_related("school").prefetch_related("appointments").order_by("school__name")


def invited(school: School) -> QuerySet[Membership]:
    """Everybody whom the school has invited and who has not answered, by name."""
    waiting = Membership.objects.waiting().filter(school=school)
    return waiting.select_related("school").prefetch_related("appointments").order_by("name")


def members(school: School, *, on: date | None = None) -> QuerySet[Membership]:
    """Everybody who belongs to the school on a day (today), by name."""
    day = on or timezone.localdate()
    return (
        Membership.objects.on(day)
        .filter(school=school, user__is_active=True)
        .select_related("user", "school")
        .prefetch_related("appointments")
        .order_by("name")
    )


def people_with_role(school: School, *roles: Role, on: date | None = None) -> list[Membership]:
    """Members who hold one of these posts on a day (today), accountable lead first, then by name."""
    day = on or timezone.localdate()
    held = Q(appointments__role__in=roles, appointments__starts_on__lte=day) & (
        Q(appointments__ends_on=None) | Q(appointments__ends_on__gte=day)
    )
    return list(members(school, on=day).filter(held).order_by("-appointments__is_lead", "name").distinct())


def learners_on_roll(school: School) -> QuerySet[Learner]:
    """Learners of the school today."""
    today = timezone.localdate()
    return Learner.objects.filter(Q(left_on=None) | Q(left_on__gte=today), school=school)


def find_learners(school: School, text: str, *, limit: int = 20) -> list[Learner]:
    """Learners on roll whose name or class holds every word of `text`, in any case; by last name.

    Names are sealed, so this opens and scans the school's names (about 5 µs each).
    """
    words = text.casefold().split()
    if not words:
        return []
    found = [
        learner
        for learner in learners_on_roll(school)
        if all(part in f"{learner.name} {learner.class_name}".casefold() for part in words)
    ]
    return sorted(found, key=lambda learner: (learner.last_name.casefold(), learner.first_name.casefold()))[
        :limit
    ]


def learners_by_ids(school: School, ids: Iterable[str]) -> list[Learner]:
    """Learners of this school among these ids; anything else is passed over."""
    wanted = [UUID(one) for one in ids if _is_uuid(one)]
    return list(Learner.objects.filter(school=school, pk__in=wanted))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def is_school_day(school: School, day: date) -> bool:
    """Whether learners are in school: a weekday inside a term, no closure and no bank holiday of England."""
    return bool(_school_days(school, day, day))


def _school_days(school: School, first: date, last: date) -> list[date]:
    terms = list(Term.objects.filter(school=school, starts_on__lte=last, ends_on__gte=first))
    closed = list(Closure.objects.filter(school=school, starts_on__lte=last, ends_on__gte=first))
    holidays = _bank_holidays(first.year, last.year)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [
        day
        for day in days
        if day.weekday() < 5
        and day not in holidays
        and any(term.starts_on <= day <= term.ends_on for term in terms)
        and not any(closure.starts_on <= day <= closure.ends_on for closure in closed)
    ]


@cache
def _bank_holidays(first: int, last: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - half a second to import, needed by few pages

    return frozenset(country_holidays("GB", subdiv="ENG", years=range(first, last + 1)))


def add_school_days(school: School, day: date, count: int) -> date:
    """The day that lies `count` school days after `day`. Without terms on record, weekdays are counted instead."""
    days = _school_days(school, day + timedelta(days=1), day + timedelta(days=366))[:count]
    if len(days) == count and days:
        return days[-1]
    return add_working_days(day, count)


def last_school_day(school: School, day: date) -> date:
    """The newest school day up to `day`, that day included. Where no coming term is on record, weekdays are counted."""
    days = _school_days(school, day - timedelta(days=366), day + timedelta(days=366))
    if days and days[0] <= day < days[-1]:
        return max(one for one in days if one <= day)
    holidays = _bank_holidays(day.year - 1, day.year)
    while day.weekday() >= 5 or day in holidays:
        day -= timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """The day that lies `count` working days (weekdays without bank holidays of England) after `day`."""
    holidays = _bank_holidays(day.year, day.year + 1)
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in holidays
    return day


def term_of(school: School, day: date) -> Term | None:
    """The term that a day lies in; between terms, the one before."""
    return Term.objects.filter(school=school, starts_on__lte=day).order_by("-starts_on").first()


def draft_of(school: School, user_id: UUID, form: str) -> Draft | None:
    """What this person typed into a form and has not sent."""
    return Draft.objects.filter(school=school, user_id=user_id, form=form).first()
