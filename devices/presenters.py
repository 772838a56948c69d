"""What the pages of the devices desk say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.templatetags.ui import moment, weekday_time
from devices.enums import Collector, Identified, Status, Step
from devices.models import Device, Movement
from devices.permissions import can_release
from devices.selectors import end_of_day, release_due
from schools.models import Membership, School
from schools.selectors import fill, rule, vocabulary


@dataclass(frozen=True)
class ReleaseRule:
    """What the school's rules say about giving one device back."""

    due_at: datetime | None
    text: str
    is_early: bool
    learner_may: bool


def release_rule(school: School, device: Device) -> ReleaseRule:
    """The rule for this device now: when, and to whom."""
    due = release_due(school, device, rule(school, "device_release_time"), end_of_day(school))
    is_early = due is not None and timezone.now() < due
    text = f"not before {weekday_time(due)}" if due else "whenever it is collected"
    return ReleaseRule(due, text, is_early, rule(school, "device_release_to") != "parent")


def desk(school: School, devices: Iterable[Device], by: Membership) -> dict[str, Any]:
    """The safe: a card for each device, what may not leave first, what is overdue marked."""
    policy, clock, now, words = (
        rule(school, "device_release_time"),
        end_of_day(school),
        timezone.now(),
        vocabulary(school),
    )
    cards: list[dict[str, Any]] = []
    for device in devices:
        due = release_due(school, device, policy, clock)
        cards.append(
            {
                "device": device,
                "kind": fill(device.kind, words),
                "status": _status(device, due, now),
                "url": reverse("devices:device_detail", args=[school.slug, device.pk]),
                "release_url": reverse("devices:device_release", args=[school.slug, device.pk])
                if can_release(by, device)
                else "",
            }
        )
    return {
        "cards": cards,
        "on_hold": sum(card["device"].status == Status.ON_HOLD for card in cards),
        "overdue": sum(card["status"]["kind"] == "due" for card in cards),
    }


def _status(device: Device, due: datetime | None, now: datetime) -> dict[str, str]:
    if device.status == Status.ON_HOLD:
        return {"kind": "held", "word": "On hold"}
    if due is not None and now > due:
        return {"kind": "due", "word": "Not collected"}
    return {"kind": "wait", "word": "In the safe"}


def custody(movements: Iterable[Movement]) -> list[dict[str, Any]]:
    """The chain of one device for the custody line."""
    return [
        {
            "when": link.at,
            "what": Step(link.step).label,
            "who": link.by.name,
            "place": f"{link.from_place} → {link.to_place}"
            if link.from_place != link.to_place
            else link.to_place,
            "note": link.note,
            "hold": link.step == Step.HELD_BACK,
        }
        for link in movements
    ]


def facts(device: Device) -> list[dict[str, Any]]:
    """What is known about a device."""
    words = vocabulary(device.school)
    rows = [
        {"label": "Reference", "value": device.reference},
        {"label": "What", "value": fill(device.kind, words)},
        {"label": "Why", "value": fill(device.reason, words)},
        {"label": "Condition", "value": device.condition},
        {"label": "Taken in by", "value": f"{device.taken_by.name}, {moment(device.taken_at)}"},
        {"label": "Where it was taken", "value": device.taken_where},
    ]
    return rows + (_release_facts(device) if device.status == Status.RELEASED else [])


def _release_facts(device: Device) -> list[dict[str, Any]]:
    release = device.release
    rows = [
        {
            "label": "Collected by",
            "value": f"{release.collector_name} ({Collector(release.collector).label.lower()})",
        },
        {"label": "Known how", "value": Identified(release.identified).label},
        {"label": "Given back by", "value": f"{release.by.name}, {moment(release.at)}"},
    ]
    return rows + (
        [{"label": "Early because", "value": release.early_reason}] if release.early_reason else []
    )


def past_rows(school: School, devices: Iterable[Device]) -> list[dict[str, Any]]:
    """Rows of what left the safe."""
    words = vocabulary(school)
    return [
        {
            "url": reverse("devices:device_detail", args=[school.slug, device.pk]),
            "cells": [device.reference, device.whose, fill(device.kind, words), {"moment": device.ended_at}],
        }
        for device in devices
    ]


PAST_COLUMNS = [{"label": "Reference"}, {"label": "Whose"}, {"label": "What"}, {"label": "Given back"}]
