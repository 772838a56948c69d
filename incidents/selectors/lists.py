"""The queue: unseen first, then by clock; pages by key, so that the thousandth is as quick as the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils import timezone

from core.db.compiled import Among, Given, compiled_once
from core.db.counting import count_up_to
from incidents.enums import Audience, Route
from incidents.models import Concern, ConcernPerson
from incidents.permissions import audiences_of
from incidents.selectors.concerns import seen_by, visible
from schools.models import Membership
from schools.selectors import start_of

PAGE_SIZE = 30
COUNT_LIMIT = 100
KEY_SALT = "incidents.queue"
TABS = ("active", "unseen", "triage", "mine", "overdue", "closed")


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, and the people in each concern of it.

    `after` and `before` are the keys of the next and the previous page, or empty.
    """

    rows: list[Concern]
    people: dict[UUID, list[ConcernPerson]]
    after: str
    before: str


def in_tab(concerns: QuerySet[Concern], tab: str, by: Membership) -> QuerySet[Concern]:
    """The concerns that a tab shows."""
    return _in_tab(concerns, tab, by.pk, timezone.now())


def _in_tab(concerns: QuerySet[Concern], tab: str, member: Any, now: Any) -> QuerySet[Concern]:
    if tab == "closed":
        return concerns.filter(status="closed")
    active = concerns.filter(status__in=["new", "open", "reopened"])
    return {
        "unseen": lambda: concerns.filter(is_seen=False),
        "triage": lambda: concerns.filter(status="new"),
        "mine": lambda: active.filter(lead=member),
        "overdue": lambda: active.filter(due_at__lt=now),
    }.get(tab, lambda: active)()


ACTIVE_ROW = "status IN ('new', 'open', 'reopened')"
COUNTED = {
    "active": ACTIVE_ROW,
    "unseen": "NOT is_seen",
    "triage": "status = 'new'",
    "mine": f"{ACTIVE_ROW} AND is_mine",
    "overdue": f"{ACTIVE_ROW} AND is_overdue",
    "closed": "status = 'closed'",
}
"""What `in_tab` says, for the one statement that counts every tab; a test compares the two."""


def counts(by: Membership, route: Route) -> dict[str, int]:
    """How many concerns each tab holds; COUNT_LIMIT stands for that many or more, so that no tab is counted to the end."""
    found = _counted.statement(audiences_of(by.roles, route), now=timezone.now(), **seen_by(by))
    return count_up_to(COUNT_LIMIT, *found, COUNTED)


@compiled_once
def _counted(
    audiences: frozenset[Audience], /, *, now: Any, school: Any, user: Any, member: Any
) -> QuerySet[Concern, Any]:
    flags = {"is_mine": Q(lead=member), "is_overdue": Q(due_at__lt=now)}
    return visible(audiences, school=school, user=user, member=member).values("status", "is_seen", **flags)


def filtered(concerns: QuerySet[Concern], wanted: Mapping[str, Any]) -> QuerySet[Concern]:
    """Narrows by what the filter form holds; empty values narrow nothing."""
    exact = {name: wanted[name] for name in ("status", "category", "risk", "place") if wanted.get(name)}
    if wanted.get("reference"):
        exact["reference"] = wanted["reference"]
    if wanted.get("lead") == "nobody":
        exact["lead"] = None
    elif wanted.get("lead"):
        exact["lead_id"] = wanted["lead"]
    concerns = concerns.filter(**exact)
    if wanted.get("since"):
        concerns = concerns.filter(recorded_at__gte=start_of(wanted["since"]))
    if wanted.get("until"):
        concerns = concerns.filter(recorded_at__lt=start_of(wanted["until"] + timedelta(days=1)))
    return concerns


def first_page(by: Membership, route: Route, *, tab: str = "active") -> QueuePage:
    """The first page of a tab of which nothing is filtered out: the one that is asked for most."""
    rows = _first_page(audiences_of(by.roles, route), tab, now=timezone.now(), **seen_by(by))
    return _page_of(rows, _order(tab), key=None)


@compiled_once
def _first_page(
    audiences: frozenset[Audience], tab: str, /, *, now: Any, school: Any, user: Any, member: Any
) -> QuerySet[Concern]:
    found = visible(audiences, school=school, user=user, member=member)
    return _rows(_in_tab(found, tab, member, now), _order(tab), falling=tab == "closed")


def page(concerns: QuerySet[Concern], *, tab: str = "active", after: str = "", before: str = "") -> QueuePage:
    """The page after or before a key; without either, the first."""
    order, falling, backwards = _order(tab), tab == "closed", bool(before)
    key = _read_key(before or after, order)
    if key:
        beyond = TupleLessThan if falling != backwards else TupleGreaterThan
        concerns = concerns.filter(beyond(Tuple(*(F(name) for name in order)), key))
    rows = list(_rows(concerns, order, falling=falling != backwards))
    return _page_of(rows, order, key=key, backwards=backwards)


def _order(tab: str) -> tuple[str, ...]:
    return ("closed_at", "id") if tab == "closed" else ("is_seen", "due_at", "id")


def _rows(concerns: QuerySet[Concern], order: tuple[str, ...], *, falling: bool) -> QuerySet[Concern]:
    """What a page shows of so many concerns and one more, which tells that there is a next page."""
    ordered = concerns.order_by(*(f"-{name}" if falling else name for name in order))
    return ordered.select_related("lead").only(*SHOWN)[: PAGE_SIZE + 1]


def _page_of(rows: list[Concern], order: tuple[str, ...], *, key: Any, backwards: bool = False) -> QueuePage:
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    if backwards:
        rows.reverse()
    has_next, has_previous = (bool(key), more) if backwards else (more, bool(key))
    people: dict[UUID, list[ConcernPerson]] = {row.pk: [] for row in rows}
    for one in _people_of(concerns=[row.pk for row in rows]) if rows else []:
        people[one.concern_id].append(one)
    return QueuePage(
        rows,
        people,
        after=_make_key(rows[-1], order) if has_next and rows else "",
        before=_make_key(rows[0], order) if has_previous and rows else "",
    )


def _make_key(concern: Concern, order: tuple[str, ...]) -> str:
    values = [getattr(concern, name) for name in order]
    return signing.dumps(
        [value if isinstance(value, bool) else str(value) for value in values], salt=KEY_SALT
    )


def _read_key(text: str, order: tuple[str, ...]) -> list[Any] | None:
    """The values of a key that we made; anything else is the first page."""
    try:
        values = signing.loads(text, salt=KEY_SALT) if text else None
    except signing.BadSignature:
        return None
    if not values or len(values) != len(order):
        return None
    fields: Any = [Concern._meta.get_field(name) for name in order]
    return [field.to_python(value) for field, value in zip(fields, values, strict=True)]


SHOWN = (
    "school", "reference", "route", "status", "risk", "category", "is_seen", "immediate_danger", "recorded_at", "due_at", "step_due_at", "closed_at", "version",
    "lead", "lead__name",
)  # fmt: skip
SHOWN_PEOPLE = (
    "role", "concern", "school", "name", "learner__school", "learner__first_name", "learner__last_name", "member__name",
)  # fmt: skip


@compiled_once
def _people_of(*, concerns: Given) -> QuerySet[ConcernPerson]:
    found = ConcernPerson.objects.filter(Among("concern", concerns)).select_related("learner", "member")
    return found.only(*SHOWN_PEOPLE).order_by("created_at")
