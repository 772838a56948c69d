"""What the home page says: the big actions of each post, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.templatetags.ui import day
from incidents.enums import Route
from incidents.models import Action
from incidents.presenters import url_of
from reports.selectors.home import Waiting
from schools.enums import Permission, Role
from schools.models import Membership
from schools.permissions import has_permission


@dataclass(frozen=True)
class BigAction:
    """Something that a person does often."""

    title: str
    text: str
    icon: str
    name: str
    permission: Permission


LOG = BigAction(
    "Log a concern",
    "About a child, or a breach of the rules.",
    "plus",
    "incidents:concern_create",
    Permission.CONCERN_LOG,
)
QUEUE = BigAction(
    "Concerns", "What is new, what is next.", "inbox", "incidents:concern_list", Permission.CONCERN_READ
)
ADULTS = BigAction(
    "Concerns about adults",
    "Those that come to you.",
    "inbox",
    "incidents:adult_concern_list",
    Permission.STAFF_CONCERN_READ,
)
OWN = BigAction(
    "My concerns",
    "What became of those you logged.",
    "message-square-warning",
    "incidents:own_list",
    Permission.CONCERN_LOG,
)
RECEIVE = BigAction(
    "Book a device in",
    "The safe gives it a slot.",
    "package",
    "devices:device_receive",
    Permission.DEVICE_RECEIVE,
)
DESK = BigAction(
    "Devices desk", "What is in the safe, and giving back.", "phone", "devices:desk", Permission.DEVICE_DESK
)
POLICIES = BigAction(
    "Policies",
    "Read, acknowledge, look something up.",
    "book",
    "policies:policy_list",
    Permission.POLICY_READ,
)
REPORT = BigAction(
    "Term report", "What happened, what came of it.", "chart", "reports:report_list", Permission.REPORT_READ
)
REGISTERS = BigAction(
    "Registers", "What is due each term.", "clipboard", "registers:index", Permission.REGISTER_READ
)
PEOPLE = BigAction(
    "People", "Members and their posts.", "people", "schools:member_list", Permission.PEOPLE_MANAGE
)
SETUP = BigAction(
    "Set-up", "The school's words and rules.", "gear", "schools:setup", Permission.SETTINGS_MANAGE
)

BY_ROLE: tuple[tuple[Role, tuple[BigAction, ...]], ...] = (
    (Role.DSL, (QUEUE, LOG, DESK)),
    (Role.DEPUTY_DSL, (QUEUE, LOG, DESK)),
    (Role.HEADTEACHER, (ADULTS, LOG, POLICIES)),
    (Role.HEAD_OF_SCHOOL, (ADULTS, LOG, POLICIES)),
    (Role.OFFICE, (RECEIVE, DESK, LOG)),
    (Role.NAMED_GOVERNOR, (REPORT, REGISTERS, POLICIES)),
    (Role.CHAIR, (REPORT, POLICIES, ADULTS)),
    (Role.CLERK, (POLICIES, REPORT, REGISTERS)),
    (Role.GOVERNOR, (REPORT, POLICIES, LOG)),
    (Role.LEADERSHIP, (LOG, POLICIES, REGISTERS)),
    (Role.ADMIN, (PEOPLE, SETUP, POLICIES)),
    (Role.IT, (LOG, REGISTERS, POLICIES)),
    (Role.STAFF, (LOG, RECEIVE, OWN)),
)
"""The first post that a person holds decides; every post keeps the rest in the navigation."""
EVERYBODY = (LOG, POLICIES, OWN)


def actions(by: Membership) -> list[dict[str, Any]]:
    """Two or three big actions, the first of them strongest."""
    chosen = next((row for role, row in BY_ROLE if role in by.roles), EVERYBODY)
    allowed = [one for one in chosen if has_permission(by, one.permission)]
    return [
        {
            "title": one.title,
            "text": one.text,
            "icon": one.icon,
            "url": reverse(one.name, args=[by.school.slug]),
        }
        for one in allowed
    ]


def rows(waiting: Iterable[Waiting]) -> list[dict[str, Any]]:
    """What waits, each with its clock."""
    today = timezone.localdate()
    return [
        {
            "what": one.what,
            "title": one.title,
            "url": one.url,
            "icon": one.icon,
            "clock": _clock(one.due, today),
        }
        for one in waiting
    ]


def _clock(due: date | None, today: date) -> dict[str, str] | None:
    if due is None:
        return None
    if due < today:
        return {"text": f"Was due on {day(due)}", "state": "over"}
    state = "soon" if (due - today).days <= 7 else "plenty"
    return {"text": "Due today" if due == today else f"Due by {day(due)}", "state": state}


ACTION_COLUMNS = [{"label": "What"}, {"label": "Concern"}, {"label": "By when"}, {"label": "Done?"}]
TOLD = "You were told in person what it is. Say so to whoever told you when it is done."
ADULT = "About an adult: open the concern to read it."


def action_rows(actions: Iterable[Action], slug: str) -> list[dict[str, Any]]:
    """Rows of what somebody has undertaken; the text only where they may open the concern without another sign-in."""
    today = timezone.localdate()
    return [_action_row(action, slug, today) for action in actions]


def _action_row(action: Any, slug: str, today: date) -> dict[str, Any]:
    concern, clock = action.concern, {"clock": _clock(action.due_on, today)}
    if not action.may_read:
        return {"cells": [TOLD, concern.reference, clock, " "]}
    done = {
        "text": "Mark as done",
        "url": f"{url_of(concern, 'done', slug, concern.pk, action.pk)}#act",
    }
    detail = url_of(concern, "detail", slug)
    text = ADULT if concern.route == Route.ADULT else action.text
    return {"url": detail, "cells": [text, concern.reference, clock, done]}
