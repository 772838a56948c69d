"""What is recorded about one child across the school's work, as one reader may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan
from django.utils.dateparse import parse_datetime

from devices.models import Device
from incidents.enums import Route
from incidents.models import Concern, ConcernPerson
from incidents.selectors.concerns import readable
from schools.enums import Permission
from schools.models import Learner, Membership
from schools.permissions import has_permission

PAGE_SIZE = 30
KEY_SALT = "reports.child"
SHOWN = (
    "school", "route", "reference", "category", "risk", "status", "is_seen", "decision", "outcome", "happened_at",
    "happened_note", "recorded_at", "closed_at", "narrative", "already_done", "reporter__name",
)  # fmt: skip


@dataclass(frozen=True)
class Chronology:
    """Part of a child's story: concerns and devices, newest first.

    `roles` are the child's roles by concern; `older` is the key of what came before, or empty.
    """

    parts: list[Concern | Device]
    roles: dict[UUID, list[str]]
    older: str


def chronology(by: Membership, learner: Learner, *, before: str = "") -> Chronology:
    """What this reader may read of a child's story: PAGE_SIZE parts of it, the newest or those before a key.

    Concerns about adults are no part of it, nor what the reader is shut out of: whoever may not read a record sees the
    page as if there were none.
    """
    key, found = _read_key(before), []
    for kind, happened in ((_concerns(by, learner), "happened_at"), (_devices(by, learner), "taken_at")):
        rows: Any = kind.filter(TupleLessThan(Tuple(F(happened), F("id")), key)) if key else kind
        found += rows.order_by(f"-{happened}", "-id")[: PAGE_SIZE + 1]
    found.sort(key=_place, reverse=True)
    parts, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    for part in parts:
        part.school = by.school
    return Chronology(parts, _roles(learner, parts), _make_key(parts[-1]) if more else "")


def _concerns(by: Membership, learner: Learner) -> QuerySet[Concern]:
    theirs = ConcernPerson.objects.filter(learner=learner).values("concern_id")
    return readable(by, Route.CHILD).filter(pk__in=theirs).select_related("reporter").only(*SHOWN)


def _devices(by: Membership, learner: Learner) -> QuerySet[Device]:
    """Those whose page this reader may open."""
    theirs: QuerySet[Device] = Device.objects.filter(school_id=by.school_id, learner=learner)
    return (theirs if has_permission(by, Permission.DEVICE_DESK) else theirs.none()).select_related(
        "taken_by"
    )


def _roles(learner: Learner, parts: list[Any]) -> dict[UUID, list[str]]:
    concerns = [part.pk for part in parts if isinstance(part, Concern)]
    roles: dict[UUID, list[str]] = {pk: [] for pk in concerns}
    found = ConcernPerson.objects.filter(learner=learner, concern_id__in=concerns).order_by("created_at")
    for concern, role in found.values_list("concern_id", "role"):
        roles[concern].append(role)
    return roles


def happened_at(part: Concern | Device) -> datetime:
    """When it happened: for a device, when it was taken in."""
    return part.happened_at if isinstance(part, Concern) else part.taken_at


def _place(part: Concern | Device) -> tuple[datetime, UUID]:
    return happened_at(part), part.pk


def _make_key(part: Concern | Device) -> str:
    return signing.dumps([happened_at(part).isoformat(), str(part.pk)], salt=KEY_SALT)


def _read_key(text: str) -> list[Any]:
    """The place that a key of ours names; anything else is the beginning."""
    try:
        at, pk = signing.loads(text, salt=KEY_SALT)
    except signing.BadSignature:
        return []
    return [parse_datetime(at), UUID(pk)]
