"""What the pages of the devices desk say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.templatetags.ui import moment
from devices.enums import Collector, Identified, Status, Step
from devices.models import Device, Movement
from devices.permissions import can_release
from devices.selectors import uncollected_day
from devices.services import Intake
from schools.models import Membership, School
from schools.selectors import fill, rule, vocabulary


def desk(school: School, devices: Iterable[Device], by: Membership) -> dict[str, Any]:
    """The safe: a card for each device, what may not leave first, what is overdue marked."""
    due_day, words = uncollected_day(school), vocabulary(school)
    cards: list[dict[str, Any]] = [
        {
            "device": device,
            "kind": fill(device.kind, words),
            "status": _status(device, due_day),
            "url": reverse("devices:device_detail", args=[school.slug, device.pk]),
            "release_url": reverse("devices:device_release", args=[school.slug, device.pk])
            if can_release(by, device)
            else "",
        }
        for device in devices
    ]
    return {
        "cards": cards,
        "on_hold": sum(card["device"].status == Status.ON_HOLD for card in cards),
        "overdue": sum(card["status"]["kind"] == "due" for card in cards),
    }


def _status(device: Device, due_day: date | None) -> dict[str, str]:
    if device.status == Status.ON_HOLD:
        return {"kind": "held", "word": "On hold"}
    if due_day is not None and timezone.localdate(device.taken_at) <= due_day:
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
    if device.status == Status.RELEASED:
        return rows + _release_facts(device)
    kept = f"{fill(rule(device.school, 'device_storage'), words)}, slot {device.slot}"
    return [*rows, {"label": "Where it is kept", "value": kept}]


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


AGAIN = "If this is another device, send the form below once more."


def sent_twice(first: Device, now: Intake) -> tuple[list[dict[str, str]], str, str]:
    """What was stored and what the same form said afterwards, beside each other; where the first is, and what to do."""
    words = vocabulary(first.school)
    rows = [
        ("Whose", first.whose, now.learner.name if now.learner else now.owner_name),
        ("What", fill(first.kind, words), fill(now.kind, words)),
        ("Why", fill(first.reason, words), fill(now.reason, words)),
        ("Condition", first.condition, now.condition),
        ("Where it was taken", first.taken_where, now.taken_where),
    ]
    url = reverse("devices:device_receipt", args=[first.school.slug, first.pk])
    return (
        [{"label": label, "first": one, "now": other} for label, one, other in rows if one or other],
        url,
        AGAIN,
    )


def earlier(school: School, devices: Iterable[Device]) -> list[dict[str, Any]]:
    """Each time before when something was taken from the same learner."""
    words = vocabulary(school)
    return [
        {
            "when": device.taken_at,
            "why": fill(device.reason, words),
            "url": reverse("devices:device_detail", args=[school.slug, device.pk]),
        }
        for device in devices
    ]
