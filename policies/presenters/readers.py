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
from policies.selectors import Reader, Told
from schools.enums import Group

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
GROUPS = {**dict(Group.choices), **dict(Audience.choices)}


def place_of(one: Reader, posts: Mapping[str, str]) -> str:
    """A learner's class, or a member's posts in the school's words."""
    return one.place or ", ".join(posts[role] for role in sorted(one.roles)) or "No post"


def reader_rows(readers: Iterable[Reader], posts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of the page."""
    return [
        {"cells": [one.name, place_of(one, posts), GROUPS[one.group], _state(one), _how(one.given)]}
        for one in readers
    ]


def _state(one: Reader) -> Any:
    if one.given:
        return {"date": timezone.localdate(one.given.at)}
    kind, word = ("stop", "Late") if one.is_late else ("new", "Not yet")
    return {"status": {"kind": kind, "word": word}}


def _how(given: Acknowledgement | None) -> str:
    if given is None:
        return "Not yet"
    way = Way(given.way).label
    return f"{way}, collected by {given.collected_by.name}" if given.collected_by else way


def reader_lines(readers: Iterable[Reader], posts: Mapping[str, str]) -> list[list[str]]:
    """Lines of the files: the same as on the page, in words."""
    return [
        [
            one.name,
            place_of(one, posts),
            GROUPS[one.group],
            day(one.given.at) if one.given else "Late" if one.is_late else "Not yet",
            _how(one.given) if one.given else "",
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
        if (them := [one for one in readers if key in (one.group, f"class:{one.place}")])
    ]


def who_choices(readers: Iterable[Reader], posts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The groups, classes and posts of these readers, to choose a list by."""
    people = list(readers)
    groups = {one.group for one in people}
    classes = sorted({one.place for one in people if one.place})
    roles = sorted({role for one in people for role in one.roles})
    return [
        *((key, label) for key, label in GROUPS.items() if key in groups),
        *((f"class:{name}", f"Class {name}") for name in classes),
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
    version: PolicyVersion, classes: Sequence[str], chosen: str, learners: Sequence[Reader], told: Told
) -> dict[str, Any]:
    """A class in front of one screen: which class, who has agreed before, and what they are told."""
    address = reverse("policies:version_class", args=[version.school.slug, version.pk])
    return {
        "version": version,
        "told": told,
        "chosen": chosen,
        "classes": [
            {"label": name, "url": f"{address}?{urlencode({'class_name': name})}", "current": name == chosen}
            for name in classes
        ],
        "agreed": [one.name for one in learners if one.given],
        "waiting": sum(one.given is None for one in learners),
    }


def paper_choices(readers: Iterable[Reader], posts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Those who can still be ticked on a paper list."""
    return [(str(one.pk), f"{one.name}, {place_of(one, posts)}") for one in readers if one.given is None]
