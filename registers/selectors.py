"""Reads of registers: entries with their corrections, and what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone

from registers.enums import Register
from registers.models import RegisterEntry
from registers.procedures import REGISTERS, Asks
from schools.enums import Role
from schools.models import Membership, School, Term
from schools.selectors import add_school_days, people_with_role, rule_number

GOVERNING = (Role.NAMED_GOVERNOR, Role.CHAIR, Role.GOVERNOR)
LEADING = (Role.DSL, Role.DEPUTY_DSL)
CHECKING = (Role.IT, Role.DSL, Role.DEPUTY_DSL, Role.HEADTEACHER, Role.HEAD_OF_SCHOOL, Role.LEADERSHIP)
SOON = timedelta(days=14)


@dataclass(frozen=True)
class Standing:
    """How one register stands: when it was last written in and when the next entry is due."""

    asks: Asks
    last_on: date | None
    due_on: date | None

    def is_due(self, day: date) -> bool:
        """Whether it should be done by this day."""
        return self.due_on is not None and self.due_on <= day


def current(school: School) -> QuerySet[RegisterEntry]:
    """What holds: entries that no later one corrects."""
    return RegisterEntry.objects.filter(school=school, corrections=None)


def entries(school: School, register: Register) -> QuerySet[RegisterEntry]:
    """What holds in one register, newest first."""
    return current(school).filter(register=register).select_related("school", "done_by", "second")


def entry_of(school: School) -> QuerySet[RegisterEntry]:
    """Entries, corrected ones as well, with what their page shows."""
    return RegisterEntry.objects.filter(school=school).select_related(
        "school", "done_by", "second", "recorded_by"
    )


def history(entry: RegisterEntry) -> list[RegisterEntry]:
    """The entry with all that it corrects and all that corrects it, oldest first.

    Only ids are read to find them: what others wrote in the same register stays sealed.
    """
    corrected = RegisterEntry.objects.filter(school=entry.school, register=entry.register)
    original = dict(corrected.exclude(corrects=None).values_list("pk", "corrects_id"))
    following = {before: pk for pk, before in original.items()}
    chain = [entry.pk]
    while chain[0] in original:
        chain.insert(0, original[chain[0]])
    while chain[-1] in following:
        chain.append(following[chain[-1]])
    found = {one.pk: one for one in entry_of(entry.school).filter(pk__in=chain)}
    return [found[pk] for pk in chain]


def last_held(school: School, first: date, last: date) -> dict[str, date | None]:
    """The last day in a period on which each register's work was done."""
    days = dict(
        current(school)
        .filter(happened_on__gte=first, happened_on__lte=last)
        .order_by()
        .values("register")
        .annotate(day=Max("happened_on"))
        .values_list("register", "day")
    )
    return {register.value: days.get(register.value) for register in REGISTERS}


def standings(
    school: School, *, today: date | None = None, terms: Sequence[Term] | None = None
) -> list[Standing]:
    """How every register stands, what is due first. `terms` saves asking for the school's terms again."""
    day = today or timezone.localdate()
    last = last_held(school, date.min, day)
    known = Term.objects.filter(school=school) if terms is None else terms
    rows = [_standing(school, asks, last[register.value], day, known) for register, asks in REGISTERS.items()]
    return sorted(rows, key=lambda row: row.due_on or date.max)


def _standing(
    school: School, asks: Asks, last_on: date | None, today: date, terms: Iterable[Term]
) -> Standing:
    if asks.every == "term":
        return Standing(
            asks, last_on, _due_each_term(sorted(terms, key=lambda t: t.starts_on), last_on, today)
        )
    days = rule_number(school, asks.every)
    return Standing(asks, last_on, add_school_days(school, last_on, days) if last_on else today)


def _due_each_term(terms: list[Term], last_on: date | None, today: date) -> date | None:
    """The end of the first term since the newest entry's; a term that went by without one stays due for the next."""
    begun = [term for term in terms if term.starts_on <= today]
    if not begun:
        return None
    if last_on is None or last_on < begun[-1].starts_on:
        missed = [term for term in begun[-2:-1] if last_on is None or last_on < term.starts_on]
        return (missed or begun[-1:])[0].ends_on
    following = [term for term in terms if term.starts_on > today]
    return following[0].ends_on if following else None


def same_form(school: School, client_ref: UUID) -> RegisterEntry | None:
    """The entry that this very form has made already."""
    return RegisterEntry.objects.filter(school=school, client_ref=client_ref).first()


def people_for(school: School, register: Register) -> tuple[list[Membership], list[Membership]]:
    """Who may be named as having done it, and as the second person."""
    if register == Register.GOVERNOR_MEETING:
        return people_with_role(school, *LEADING), people_with_role(school, *GOVERNING)
    return people_with_role(school, *CHECKING), []


def to_do(by: Membership, *, terms: Sequence[Term] | None = None) -> list[Standing]:
    """Registers in which an entry is due within a fortnight, for those whose work it is."""
    soon = timezone.localdate() + SOON
    rows = standings(by.school, terms=terms)
    return [row for row in rows if row.is_due(soon) and not by.roles.isdisjoint(row.asks.done_by)]


def is_reminded(by: Membership) -> bool:
    """Whether keeping some register is this member's work."""
    return any(not by.roles.isdisjoint(asks.done_by) for asks in REGISTERS.values())
