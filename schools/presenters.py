"""What the pages of tenancy say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.urls import reverse

from core.forms import PickerOption
from schools.enums import Role
from schools.models import Agency, Membership, Rule, School, Trust
from schools.selectors import (
    RuleQuestion,
    agency_kinds,
    fill,
    find_learners,
    learners_by_ids,
    post_names,
    rule_questions,
    stamp,
    vocabulary,
    word_meanings,
)

INVITED = "Invited, no answer yet"
RULE_GROUPS = {
    "roles": "Posts and who decides",
    "concerns": "Concerns",
    "clocks": "Deadlines",
    "learner_devices": "Phones and other devices",
    "confiscation": "Devices handed in or taken",
    "searches": "Searches",
    "staff": "Staff",
    "online": "Online work",
    "policies": "Policies",
    "sign_in": "Sign-in",
    "records": "How long records are kept",
}
MEMBER_COLUMNS = [{"label": "Name"}, {"label": "Posts"}, {"label": "Belongs as"}]


def start(places: Sequence[School | Trust], invitations: Sequence[Membership]) -> dict[str, Any]:
    """Where a person starts: schools and trusts to choose from, and invitations to answer with the posts they bring."""
    offers = [
        {"membership": one, "posts": ", ".join(sorted(Role(role).label for role in one.roles))}
        for one in invitations
    ]
    return {"places": places, "offers": offers}


def member_rows(members: Iterable[Membership]) -> list[dict[str, Any]]:
    """Rows of the list of people."""
    return [
        {
            "url": reverse("schools:member_detail", args=[member.school.slug, member.pk]),
            "cells": [
                member.name,
                ", ".join(sorted(Role(role).label for role in member.roles)) or "No post",
                INVITED if member.is_waiting else member.get_group_display(),  # type: ignore[attr-defined]
            ],
        }
        for member in members
    ]


def posts_of(member: Membership) -> list[dict[str, Any]]:
    """A person's posts, newest first, in the school's words."""
    names = post_names(member.school)
    return [
        {
            "pk": post.pk,
            "name": names[post.role],
            "is_lead": post.is_lead,
            "starts_on": post.starts_on,
            "ends_on": post.ends_on,
        }
        for post in member.appointments.order_by("-starts_on")
    ]


def learner_options(school: School, query: str, chosen: Sequence[str]) -> list[PickerOption]:
    """Answers of the learner picker: those chosen already, then those found, each told apart by class."""
    found = find_learners(school, query, limit=8)
    known = {str(learner.pk) for learner in found}
    kept = [learner for learner in learners_by_ids(school, chosen) if str(learner.pk) not in known]
    return [
        PickerOption(str(learner.pk), learner.name, learner.class_name, is_found=str(learner.pk) in known)
        for learner in (*kept, *found)
    ]


def agency_groups(found: Iterable[Agency]) -> list[dict[str, Any]]:
    """The directory: whom to ring in an emergency, then those of this area, then those for all of England."""
    groups: dict[str, list[Agency]] = {"In an emergency": [], "Here": [], "Everywhere in England": []}
    for agency in found:
        groups[_agency_group(agency.kind)].append(agency)
    return [{"title": title, "rows": rows} for title, rows in groups.items() if rows]


def _agency_group(key: str) -> str:
    kind = agency_kinds().get(key)
    if kind is not None and kind.is_for_emergencies:
        return "In an emergency"
    return "Here" if kind is None or kind.is_local or kind.is_asked_for else "Everywhere in England"


def missing_agencies(school: School, found: Iterable[Agency]) -> list[dict[str, str]]:
    """Kinds of which every school has its own and this one has filled in none."""
    held = {agency.kind for agency in found}
    address = reverse("schools:agency_create", args=[school.slug])
    return [
        {"name": kind.name, "url": f"{address}?kind={kind.key}"}
        for kind in agency_kinds().values()
        if kind.is_asked_for and kind.key not in held
    ]


def agency_answers(agency: Agency) -> dict[str, str]:
    """A contact as its form begins."""
    names = ("kind", "name", "aliases", "phone", "website", "hours", "when_to_use")
    return {**{name: getattr(agency, name) for name in names}, "version": stamp(agency)}


def setup(school: School) -> dict[str, Any]:
    """Words and rules as the set-up page lists them."""
    own = vocabulary(school)
    words = [
        {
            "what": what,
            "text": own[key] or "Not given yet",
            "url": reverse("schools:word_edit", args=[school.slug, key]),
        }
        for key, what in word_meanings().items()
    ]
    answers = {row.key: row for row in Rule.objects.filter(school=school)}
    rows = [_rule_row(school, question, answers.get(key), own) for key, question in rule_questions().items()]
    return {
        "word_rows": words,
        "rule_groups": _grouped(row for row in rows if row["acts"]),
        "kept_groups": _grouped(row for row in rows if not row["acts"]),
        "kept_count": sum(not row["acts"] for row in rows),
    }


def _rule_row(
    school: School, question: RuleQuestion, answer: Rule | None, words: Mapping[str, str]
) -> dict[str, Any]:
    default = fill(_answer(question, question.default), words)
    return {
        "group": question.group,
        "acts": question.acts,
        "question": fill(question.question, words),
        "answer": fill(_answer(question, answer.value), words) if answer else default,
        "is_default": answer is None,
        "default": default,
        "source": answer.source if answer else question.source,
        "unconfirmed": not question.confirmed,
        "url": reverse("schools:rule_edit", args=[school.slug, question.key]),
    }


def _grouped(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows under the heading of their group, in the order in which the rules are shipped."""
    return [
        {"key": key, "title": RULE_GROUPS[key], "rows": list(found)}
        for key, found in groupby(rows, key=itemgetter("group"))
    ]


def _answer(question: RuleQuestion, value: str) -> str:
    """An answer in words: its label, yes or no, lines one after another, a number with what it counts."""
    if question.kind == "yes_no":
        return value.capitalize()
    unit = question.unit.replace("_", " ")
    counted = f"{value} {unit.removesuffix('s') if value == '1' else unit}" if unit else value
    return dict(question.options).get(value, counted.replace("\n", ", "))
