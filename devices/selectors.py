"""Reads of the devices desk and of the reports about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from core.db.compiled import compiled_once
from core.templatetags.ui import weekday_time
from devices.enums import HANDED_IN, Status
from devices.models import Device
from schools.models import School
from schools.selectors import add_school_days, last_school_day, rule_list, rules, start_of

SLOTS_PER_ROW = 20
GIVEN_BACK_SHOWN = 20


@dataclass(frozen=True)
class DeviceFigures:
    """What was taken in during a period, without anybody's name."""

    taken: int
    by_reason: dict[str, int]


@dataclass(frozen=True)
class ReleaseRule:
    """What the school's rules say about giving one device back."""

    due_at: datetime | None
    is_early: bool
    learner_may: bool
    needs_document: bool

    @property
    def text(self) -> str:
        """When it may go back, to follow "The school's rule is"."""
        return f"not before {weekday_time(self.due_at)}" if self.due_at else "whenever it is collected"


def in_the_safe(school: School) -> list[Device]:
    """Everything that the school has, what may not leave first, then by slot."""
    devices = _of(school, _in_custody(school=school))
    return sorted(devices, key=lambda device: (device.status != Status.ON_HOLD, slot_order(device.slot)))


@compiled_once
def _in_custody(*, school: Any) -> QuerySet[Device]:
    return Device.objects.in_custody().filter(school=school).select_related("learner")


def _of(school: School, devices: list[Device]) -> list[Device]:
    for device in devices:
        device.school = school
    return devices


def device_of(school: School) -> QuerySet[Device]:
    """Devices of the school with what their page shows."""
    devices: Any = school.devices
    return devices.select_related("learner", "taken_by", "hold_by", "release__by")


def given_back_today(school: School) -> list[Device]:
    """What left the safe last today, newest first; as many as the desk shows."""
    return _of(school, _given_back(school=school, since=start_of(timezone.localdate())))


@compiled_once
def _given_back(*, school: Any, since: Any) -> QuerySet[Device]:
    found = Device.objects.filter(school=school, status=Status.RELEASED, ended_at__gte=since)
    return found.select_related("learner").order_by("-ended_at")[:GIVEN_BACK_SHOWN]


def free_slot(school: School) -> str:
    """The lowest slot that is empty: A1 to A20, then B1 and so on."""
    taken = set(Device.objects.in_custody().filter(school=school).values_list("slot", flat=True))
    number = 0
    while (slot := slot_name(number)) in taken:
        number += 1
    return slot


def slot_name(number: int) -> str:
    """The name of the nth slot of the safe, counted from 0: A1 to Z20, then AA1."""
    row, place = divmod(number, SLOTS_PER_ROW)
    return f"{chr(ord('A') + row % 26) * (row // 26 + 1)}{place + 1}"


def slot_order(slot: str) -> tuple[int, str, int]:
    """Slots in the order in which people count: A2 before A10, Z1 before AA1."""
    letters = slot.rstrip("0123456789")
    return len(letters), letters, int(slot[len(letters) :] or 0)


def same_form(school: School, client_ref: UUID) -> Device | None:
    """The device that this very form has booked in already."""
    return Device.objects.filter(school=school, client_ref=client_ref).first()


def device_kinds(school: School) -> list[str]:
    """Kinds of device the school tells apart (R013)."""
    return rule_list(school, "device_kinds")


def reasons(school: School) -> list[str]:
    """Reasons for taking a device (R092)."""
    return rule_list(school, "confiscation_reasons")


def release_rule(device: Device) -> ReleaseRule:
    """The school's rules for giving this device back now: when, to whom, and how they must be known (R094, R095).

    The rules are about confiscated devices; what was handed in goes back to its owner whenever they ask for it.
    """
    keys = ("device_release_time", "end_of_day_time", "device_release_to", "device_identity_check")
    when, ends, to, identity = rules(device.school, *keys)
    due = _release_due(device, when, ends) if device.is_confiscated else None
    first_time = device.learner_id is not None and not earlier_devices(device).exists()
    learner_may = to == "learner" or (to == "parent_or_learner" and first_time)
    return ReleaseRule(
        due_at=due,
        is_early=due is not None and timezone.now() < due,
        learner_may=learner_may or not device.is_confiscated,
        needs_document=identity == "document",
    )


def _release_due(device: Device, when: str, ends: str) -> datetime | None:
    taken_on = timezone.localdate(device.taken_at)
    if when == "when_collected":
        return None
    # The first school day from there on: what is taken at a weekend does not go home before Monday's bell.
    first = taken_on - timedelta(days=1) if when == "end_of_day" else taken_on
    day = add_school_days(device.school, first, 1)
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(ends)))


def uncollected_day(school: School) -> date | None:
    """What was taken in on this day or before should have been collected by now; None where no time is laid down."""
    when, ends = rules(school, "device_release_time", "end_of_day_time")
    if when == "when_collected":
        return None
    now = timezone.localtime()
    ended = now.date() if now.time() >= time.fromisoformat(ends) else now.date() - timedelta(days=1)
    last = last_school_day(school, ended)
    return last if when == "end_of_day" else last - timedelta(days=1)


def uncollected(school: School) -> QuerySet[Device]:
    """Devices without a hold that should have been collected by now, by the school's rule."""
    held, day = Device.objects.filter(school=school, status=Status.HELD), uncollected_day(school)
    return held.filter(taken_at__lt=start_of(day + timedelta(days=1))) if day else held.none()


def earlier_devices(device: Device) -> QuerySet[Device]:
    """Every time before when a device of the same learner was confiscated, newest first (R102)."""
    same = Device.objects.filter(school_id=device.school_id, learner_id=device.learner_id or device.pk)
    before = same.filter(taken_at__lt=device.taken_at).exclude(pk=device.pk).exclude(reason__in=HANDED_IN)
    return before.order_by("-taken_at")


def device_figures(school: School, first: date, last: date) -> DeviceFigures:
    """Counts for a period, both days included; for reports that show bands only."""
    beyond = start_of(last + timedelta(days=1))
    taken = Device.objects.filter(school=school, taken_at__gte=start_of(first), taken_at__lt=beyond)
    by_reason = Counter(taken.values_list("reason", flat=True))
    return DeviceFigures(sum(by_reason.values()), dict(by_reason))
