"""Reads of the devices desk and of the reports about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from devices.enums import Status
from devices.models import Device
from schools.models import Learner, School
from schools.selectors import add_school_days, rule, rule_list

SLOTS_PER_ROW = 20
LONDON = ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True)
class DeviceFigures:
    """What happened with devices in a period, without anybody's name."""

    taken: int
    given_back: int
    still_held: int
    by_reason: dict[str, int]


def in_the_safe(school: School) -> QuerySet[Device]:
    """Everything that the school has, what may not leave first, then by slot."""
    return (
        Device.objects.in_custody()
        .filter(school=school)
        .select_related("learner", "school")
        .order_by("-status", "slot")
    )


def device_of(school: School) -> QuerySet[Device]:
    """Devices of the school with what their page shows."""
    return Device.objects.filter(school=school).select_related(
        "learner", "school", "taken_by__user", "hold_by__user", "release__by__user"
    )


def given_back_today(school: School) -> QuerySet[Device]:
    """What left the safe today, newest first."""
    return (
        Device.objects.filter(school=school, status=Status.RELEASED, ended_at__date=timezone.localdate())
        .select_related("learner", "school")
        .order_by("-ended_at")
    )


def free_slot(school: School) -> str:
    """The lowest slot that is empty: A1 to A20, then B1 and so on."""
    taken = set(Device.objects.in_custody().filter(school=school).values_list("slot", flat=True))
    number = 0
    while (slot := slot_name(number)) in taken:
        number += 1
    return slot


def slot_name(number: int) -> str:
    """The name of the nth slot of the safe, counted from 0."""
    row, place = divmod(number, SLOTS_PER_ROW)
    return f"{chr(ord('A') + row % 26)}{row // 26 or ''}{place + 1}"


def same_form(school: School, client_ref: UUID) -> Device | None:
    """The device that this very form has booked in already."""
    return Device.objects.filter(school=school, client_ref=client_ref).first()


def device_kinds(school: School) -> list[str]:
    """Kinds of device the school tells apart (R013)."""
    return rule_list(school, "device_kinds")


def reasons(school: School) -> list[str]:
    """Reasons for taking a device (R092)."""
    return rule_list(school, "confiscation_reasons")


def release_due(school: School, device: Device, policy: str, clock: time) -> datetime | None:
    """When a device goes back by the school's rule; None where no time is laid down (R095)."""
    taken_on = timezone.localtime(device.taken_at, LONDON).date()
    if policy == "when_collected":
        return None
    day = taken_on if policy == "end_of_day" else add_school_days(school, taken_on, 1)
    return datetime.combine(day, clock, tzinfo=LONDON)


def end_of_day(school: School) -> time:
    """When the school day ends, by London's clock."""
    hours, _, minutes = rule(school, "end_of_day_time").partition(":")
    return time(int(hours), int(minutes))


def past_devices_of(learner: Learner) -> QuerySet[Device]:
    """Every time a device of this learner was taken in, newest first (R102)."""
    return Device.objects.filter(school_id=learner.school_id, learner=learner).order_by("-taken_at")


def device_figures(school: School, first: date, last: date) -> DeviceFigures:
    """Counts for a period, both days included; for reports that show bands only."""
    taken = Device.objects.filter(school=school).taken_between(first, last)
    given_back = Device.objects.filter(
        school=school, ended_at__date__gte=first, ended_at__date__lte=last
    ).count()
    by_reason = Counter(taken.values_list("reason", flat=True))
    return DeviceFigures(
        sum(by_reason.values()),
        given_back,
        Device.objects.filter(school=school).in_custody().count(),
        dict(by_reason),
    )
