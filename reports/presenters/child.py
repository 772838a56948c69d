"""What the page of a child says: who it is, whom to call, and the story in short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.addresses import address
from core.templatetags.ui import day
from devices.enums import Status
from devices.models import Device
from incidents.enums import Decision, PersonRole
from incidents.models import Concern
from incidents.presenters import kind_of, risk_of, status_of, url_of
from reports.selectors.child import Chronology
from schools.models import Learner
from schools.selectors import fill

DEVICE_KINDS = {Status.HELD: "wait", Status.ON_HOLD: "held", Status.RELEASED: "done"}


def facts(learner: Learner) -> list[dict[str, Any]]:
    """What the school's list says about a child."""
    rows = [
        {"label": "Class", "value": learner.class_name},
        {"label": "Year group", "value": learner.year_group},
        {"label": "Date of birth", "value": day(learner.birth_date)},
        {"label": "Here since", "value": day(learner.joined_on)},
    ]
    return [*rows, {"label": "Left on", "value": day(learner.left_on)}] if learner.left_on else rows


def story(found: Chronology, words: Mapping[str, str], slug: str) -> list[dict[str, Any]]:
    """The parts of a child's story, each with the page that tells all of it."""
    return [
        _concern(part, found.roles[part.pk], words, slug)
        if isinstance(part, Concern)
        else _device(part, words, slug)
        for part in found.parts
    ]


def _concern(concern: Concern, roles: Iterable[str], words: Mapping[str, str], slug: str) -> dict[str, Any]:
    return {
        "happened": concern.happened_at, "recorded": concern.recorded_at, "late": concern.is_late,
        "note": concern.happened_note, "title": kind_of(concern, words) or "Concern, kind not decided",
        "reference": concern.reference, "url": url_of(concern, "detail", slug),
        "status": status_of(concern), "risk": risk_of(concern),
        "role": "; ".join(PersonRole(role).label for role in roles), "author": concern.reporter.name,
        "text": concern.narrative, "done": concern.already_done, "came": _came_of(concern),
    }  # fmt: skip


def _came_of(concern: Concern) -> list[dict[str, str]]:
    """What was decided and how it ended, as far as it has come."""
    said = [
        ("Decision", Decision(concern.decision).label if concern.decision else ""),
        ("Outcome", concern.get_outcome_display() if concern.outcome else ""),
    ]
    return [{"label": label, "value": value} for label, value in said if value]


def _device(device: Device, words: Mapping[str, str], slug: str) -> dict[str, Any]:
    status = Status(device.status)
    return {
        "happened": device.taken_at, "recorded": device.created_at, "title": f"Device: {fill(device.kind, words)}",
        "reference": device.reference, "url": address("devices:device_detail", slug, device.pk),
        "status": {"kind": DEVICE_KINDS[status], "word": status.label},
        "text": _sentence(fill(device.reason, words)), "author": device.taken_by.name,
    }  # fmt: skip


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def found_rows(learners: Iterable[Learner], slug: str) -> list[dict[str, str]]:
    """Children whom a search found, each with the way to their page."""
    return [
        {
            "name": learner.name,
            "detail": f"Left on {day(learner.left_on)}" if learner.left_on else learner.class_name,
            "url": address("reports:child_detail", slug, learner.pk),
        }
        for learner in learners
    ]
