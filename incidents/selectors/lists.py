"""The queue: unseen first, then by clock; pages by key, so that the thousandth is as quick as the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils import timezone

from core.db.counting import count_up_to
from incidents.enums import Route
from incidents.models import Concern, ConcernPerson
from incidents.selectors.concerns import readable
from schools.models import Membership
from schools.selectors import start_of

PAGE_SIZE = 30
COUNT_LIMIT = 100
KEY_SALT = "incidents.queue"
TABS = ("active", "unseen", "triage", "mine", "overdue", "closed")


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue. `after` and `before` are the keys of the next and the previous page, or empty."""

    rows: list[Concern]
    after: str
    before: str


def in_tab(concerns: QuerySet[Concern], tab: str, by: Membership) -> QuerySet[Concern]:
    """The concerns that a tab shows."""
    if tab == "closed":
        return concerns.filter(status="closed")
    active = concerns.filter(status__in=["new", "open", "reopened"])
    return {
        "unseen": lambda: concerns.filter(is_seen=False),
        "triage": lambda: concerns.filter(status="new"),
        "mine": lambda: active.filter(lead=by),
        "overdue": lambda: active.filter(due_at__lt=timezone.now()),
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
    flags = {"is_mine": Q(lead=by), "is_overdue": Q(due_at__lt=timezone.now())}
    rows = readable(by, route).values("status", "is_seen", **flags)
    return count_up_to(COUNT_LIMIT, rows, COUNTED)


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


def page(concerns: QuerySet[Concern], *, tab: str = "active", after: str = "", before: str = "") -> QueuePage:
    """The page after or before a key; without either, the first."""
    falling = tab == "closed"
    order = ("closed_at", "id") if falling else ("is_seen", "due_at", "id")
    backwards, key = bool(before), _read_key(before or after, order)
    if key:
        beyond = TupleLessThan if falling != backwards else TupleGreaterThan
        concerns = concerns.filter(beyond(Tuple(*(F(name) for name in order)), key))
    ordered = concerns.order_by(*(f"-{name}" if falling != backwards else name for name in order))
    rows = list(_with_what_rows_show(ordered)[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    if backwards:
        rows.reverse()
    has_next, has_previous = (bool(key), more) if backwards else (more, bool(key))
    return QueuePage(
        rows,
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
    "school", "reference", "route", "status", "risk", "category", "is_seen", "immediate_danger", "recorded_at", "due_at", "closed_at", "version",
    "lead", "lead__name",
)  # fmt: skip
SHOWN_PEOPLE = (
    "role", "concern", "school", "name", "learner__school", "learner__first_name", "learner__last_name", "member__name",
)  # fmt: skip


def _with_what_rows_show(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    people = (
        ConcernPerson.objects.select_related("learner", "member").only(*SHOWN_PEOPLE).order_by("created_at")
    )
    return (
        concerns.select_related("lead")
        .only(*SHOWN)
        .prefetch_related(Prefetch("people", people, to_attr="shown_people"))
    )
