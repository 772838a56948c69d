"""Who has read a version and who has not: as page, as file, with a class, on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from core.templatetags.ui import day
from policies.enums import Audience, Way
from policies.models import Acknowledgement, PolicyVersion
from policies.permissions import may_take_back
from policies.presenters.words import GROUPS
from policies.selectors import Mistaken, Reader, Wanted, parents, told_before
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import has_permission

READER_COLUMNS = (
    {"label": "Name"},
    {"label": "Post or class"},
    {"label": "Group"},
    {"label": "Acknowledged"},
    {"label": "How"},
)
SUMMARY_COLUMNS = (
    {"label": "Who"},
    {"label": "Asked", "number": True},
    {"label": "Have read", "number": True},
)
WHY_PAPER = {
    parents.NO_ADDRESS: "On paper: no e-mail address",
    parents.FAILED: "On paper: the e-mail could not be sent",
    parents.CLOSED: "On paper: the link is closed",
}
MISTAKEN_COLUMNS = (
    {"label": "Name"},
    {"label": "Was entered"},
    {"label": "Marked by"},
    {"label": "On"},
    {"label": "Why"},
)


def place_of(one: Reader, posts: Mapping[str, str]) -> str:
    """A learner's class, or a member's posts in the school's words."""
    return one.place or ", ".join(posts[role] for role in sorted(one.roles)) or "No post"


def reader_rows(readers: Iterable[Reader], posts: Mapping[str, str], by: Membership) -> list[dict[str, Any]]:
    """Rows of the page, each with a way to correct what this member may mark as an error."""
    return [
        {
            "cells": [
                *(_name(one, by), place_of(one, posts), GROUPS[one.group], _state(one), _how_of(one)),
                {"text": "Correct it", "url": url} if (url := mistaken_url(one.given, by)) else "",
            ]
        }
        for one in readers
    ]


def reader_columns(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Columns of the page: one for corrections only where there is one to make."""
    return [*READER_COLUMNS, *([{"label": "Wrong?"}] if any(row["cells"][-1] for row in rows) else [])]


def mistaken_url(given: Acknowledgement | None, by: Membership) -> str:
    """Where this member may mark an agreement as entered in error; nowhere where it is not theirs to mark."""
    if given is None or not may_take_back(by, given):
        return ""
    return reverse("policies:acknowledgement_mistaken", args=[by.school.slug, given.pk])


def mistaken_rows(found: Iterable[Mistaken]) -> list[dict[str, Any]]:
    """What was entered in error."""
    return [
        {
            "cells": [
                one.name,
                {"date": timezone.localdate(one.entry.at)},
                one.entry.error_by.name if one.entry.error_by else "",
                {"date": timezone.localdate(one.entry.error_at)},
                one.entry.error_reason or "",
            ]
        }
        for one in found
    ]


def collected_at(given: Acknowledgement, by: Membership) -> str:
    """Where a member came from who marks an entry: the list of readers, or their class."""
    arguments = [by.school.slug, given.version_id]
    if has_permission(by, Permission.POLICY_STANDING):
        return reverse("policies:version_readers", args=arguments)
    return reverse("policies:version_class", args=arguments)


def mistaken_page(given: Acknowledgement) -> dict[str, Any]:
    """The entry that somebody is about to mark."""
    return {
        "version": given.version,
        "facts": [
            {"label": "Who", "value": given.person.name},
            {"label": "Agreed on", "date": timezone.localdate(given.at)},
            {"label": "How", "value": _how(given)},
        ],
    }


def _name(one: Reader, by: Membership) -> Any:
    """The name; a parent's leads to their link, for those who keep the records."""
    if one.group != Audience.PARENT or not has_permission(by, Permission.POLICY_COLLECT):
        return one.name
    return {"text": one.name, "url": reverse("policies:parent", args=[by.school.slug, one.pk])}


def _how_of(one: Reader) -> str:
    return WHY_PAPER[one.on_paper] if one.given is None and one.on_paper else _how(one.given)


def _state(one: Reader) -> Any:
    if one.given:
        return {"date": timezone.localdate(one.given.at)}
    kind, word = ("stop", "Late") if one.is_late else ("new", "Not yet")
    return {"status": {"kind": kind, "word": word}}


def _how(given: Acknowledgement | None) -> str:
    if given is None:
        return "Not yet"
    way = Way(given.way).label
    if given.passed_at:
        return f"{way}, questions answered on {day(given.passed_at)}"
    return f"{way}, collected by {given.collected_by.name}" if given.collected_by else way


def reader_lines(readers: Iterable[Reader], posts: Mapping[str, str]) -> list[list[str]]:
    """Lines of the files: the same as on the page, in words."""
    return [
        [
            one.name,
            place_of(one, posts),
            GROUPS[one.group],
            day(one.given.at) if one.given else "Late" if one.is_late else "Not yet",
            _how_of(one) if one.given or one.on_paper else "",
        ]
        for one in readers
    ]


def summary_rows(readers: Sequence[Reader], version: PolicyVersion) -> list[dict[str, Any]]:
    """How many of each group and class are asked and have read it; each leads to its list."""
    address = reverse("policies:version_readers", args=[version.school.slug, version.pk])
    return [
        {
            "url": f"{address}?{urlencode({'who': key})}",
            "cells": [label, str(len(them)), str(sum(one.given is not None for one in them))],
        }
        for key, label in who_choices(readers, {})
        if (them := [one for one in readers if Wanted(who=key).holds(one)])
    ]


def who_choices(readers: Iterable[Reader], posts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The groups, classes and posts of these readers, to choose a list by."""
    people = list(readers)
    groups = {one.group for one in people}
    classes = sorted({one.place for one in people if one.place and one.group == Audience.LEARNER})
    homes = sorted({one.place for one in people if one.place and one.group == Audience.PARENT})
    roles = sorted({role for one in people for role in one.roles})
    return [
        *((key, label) for key, label in GROUPS.items() if key in groups),
        *((f"class:{name}", f"Class {name}") for name in classes),
        *((f"parents:{name}", f"Parents of class {name}") for name in homes),
        *((f"role:{role}", posts[role]) for role in roles if role in posts),
    ]


def readers_pdf(version: PolicyVersion, lines: list[list[str]]) -> dict[str, Any]:
    """What the list on paper shows."""
    return {
        "school": version.school,
        "version": version,
        "columns": [column["label"] for column in READER_COLUMNS],
        "lines": lines,
        "dated": timezone.now(),
    }


def class_page(
    version: PolicyVersion, classes: Sequence[str], chosen: str, learners: Sequence[Reader], by: Membership
) -> dict[str, Any]:
    """A class in front of one screen: which class, who has agreed before, and what they are told."""
    address = reverse("policies:version_class", args=[version.school.slug, version.pk])
    return {
        "version": version,
        "told": told_before(version.policy, Audience.LEARNER),
        "chosen": chosen,
        "classes": [
            {"label": name, "url": f"{address}?{urlencode({'class_name': name})}", "current": name == chosen}
            for name in classes
        ],
        "agreed": [{"name": one.name, "url": mistaken_url(one.given, by)} for one in learners if one.given],
        "waiting": sum(one.given is None for one in learners),
    }


def paper_choices(readers: Iterable[Reader], posts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Those who can still be ticked on a paper list."""
    return [(str(one.pk), f"{one.name}, {place_of(one, posts)}") for one in readers if one.given is None]
