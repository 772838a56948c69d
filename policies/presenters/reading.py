"""Reading lists, inductions, and whom a policy asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from core.templatetags.ui import day
from policies.enums import Audience
from policies.models import Policy
from policies.presenters.words import GROUPS
from policies.selectors import Late, ToRead, agreements
from policies.selectors.acknowledging import Newcomer
from schools.enums import Group, Permission
from schools.models import Membership
from schools.permissions import has_permission
from schools.selectors import post_names

READING_COLUMNS = (
    {"label": "Policy"},
    {"label": "You"},
    {"label": "By when"},
    {"label": "Gone through with you"},
)
LATE_COLUMNS = ({"label": "Policy"}, {"label": "Late", "number": True}, {"label": "Everybody was asked by"})
INDUCTION_COLUMNS = ({"label": "Policy"}, {"label": "Read"}, {"label": "Gone through"})
NEWCOMER_COLUMNS = (
    {"label": "Name"},
    {"label": "Came on"},
    {"label": "Has read"},
    {"label": "Gone through with them"},
)


def reading_rows(asked: Iterable[ToRead]) -> list[dict[str, Any]]:
    """A member's own list."""
    return [
        {
            "url": one.version.get_absolute_url(),
            "unseen": one.acknowledgement is None,
            "cells": [one.version.title, _state(one), _due(one), _discussed(one)],
        }
        for one in asked
    ]


def late_rows(found: Iterable[Late], by: Membership) -> list[dict[str, Any]]:
    """Policies that somebody answers for whose readers are late; the names for those who may see them."""
    named = has_permission(by, Permission.POLICY_STANDING)
    rows: list[dict[str, Any]] = []
    for one in found:
        address = reverse("policies:version_readers", args=[by.school.slug, one.version.pk])
        url = f"{address}?state=late" if named else one.version.get_absolute_url()
        rows.append(
            {"url": url, "cells": [one.version.title, str(one.count), {"date": one.version.acknowledge_by}]}
        )
    return rows


def _state(one: ToRead) -> Any:
    if one.acknowledgement:
        return {"status": {"kind": "done", "word": f"Acknowledged on {day(one.acknowledgement.at)}"}}
    word = ("stop", "Late") if one.is_late else ("new", "To acknowledge")
    return {"status": {"kind": word[0], "word": word[1]}}


def _due(one: ToRead) -> Any:
    if one.acknowledgement or one.due is None:
        return "Nothing to do" if one.acknowledgement else "No date"
    return {"date": one.due}


def _discussed(one: ToRead) -> str:
    if one.induction is None:
        return "Not recorded"
    return f"by {one.induction.discussed_by.name} on {day(one.induction.on)}"


def still_to_discuss(asked: Iterable[ToRead]) -> list[tuple[str, str]]:
    """Policies whose induction is not on record: id and title."""
    return [(str(one.version.policy_id), one.version.title) for one in asked if one.induction is None]


def induction_page(asked: Sequence[ToRead]) -> dict[str, Any]:
    """One member's reading list, for those who look after new members."""
    rows = [{"cells": [one.version.title, _state(one), _discussed(one)]} for one in asked]
    return {
        "columns": INDUCTION_COLUMNS,
        "rows": rows,
        "to_discuss": any(one.induction is None for one in asked),
    }


def newcomer_rows(found: Iterable[Newcomer]) -> list[dict[str, Any]]:
    """Members who came lately."""
    return [
        {
            "url": reverse("policies:induction_record", args=[one.member.school.slug, one.member.pk]),
            "cells": [
                one.member.name,
                {"date": one.member.starts_on},
                f"{one.read} of {one.asked}",
                f"{one.discussed} of {one.asked}",
            ],
        }
        for one in found
    ]


def audience_initial(policy: Policy) -> dict[str, Any]:
    """What the form about readers starts with."""
    groups = {*Group.values, *Audience.values}
    return {
        "owner_role": policy.owner_role,
        "groups": [one for one in policy.audience if one in groups],
        "posts": [one for one in policy.audience if one not in groups],
        "classes": policy.classes,
        "agreement": policy.agreement,
        "monitoring": policy.monitoring,
        "revision": policy.revision,
    }


def audience_facts(policy: Policy) -> list[dict[str, Any]]:
    """Who reads it as it stands, for somebody whose answer came second."""
    called = {**post_names(policy.school), **GROUPS}
    kinds = agreements()
    told = [
        ("Owned by", called[policy.owner_role]),
        ("Who reads it", ", ".join(called[one] for one in policy.audience if one in called)),
        ("Only these classes", ", ".join(policy.classes)),
        ("Acceptable use agreement", kinds[policy.agreement].label if policy.agreement in kinds else ""),
        ("How it is seen that it is followed", policy.monitoring),
    ]
    return [{"label": label, "value": value or "None"} for label, value in told]


def audience_said(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered in that form, as the service takes it."""
    return {
        "audience": [*said["groups"], *said["posts"]],
        "classes": said.get("classes", []),
        "agreement": said["agreement"],
        "monitoring": said["monitoring"].strip(),
        "owner_role": said["owner_role"],
    }


def scope_facts(policy: Policy) -> list[dict[str, Any]]:
    """What the newest text itself says it covers: people, technologies, places."""
    newest = policy.versions.newest_first().first()
    scope = newest.scope if newest else {}
    labels = (("people", "People"), ("technologies", "Technologies"), ("places", "Where"))
    return [{"label": label, "value": ", ".join(scope[key])} for key, label in labels if scope.get(key)]
