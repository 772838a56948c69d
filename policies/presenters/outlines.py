"""What the pages of a trust's outlines say, to its lead and to its schools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from policies.fields import to_typed
from policies.models import TrustOutline
from policies.reading.notation import to_lines
from policies.selectors.outlines import Offers
from policies.services import LOCAL
from schools.models import School

COLUMNS = ({"label": "Outline"}, {"label": "Offered"}, {"label": "Parts of each school"})


def outline_rows(outlines: Iterable[TrustOutline], slug: str) -> list[dict[str, Any]]:
    """A row an outline, with what the schools have of it."""
    return [
        {
            "url": reverse("outline_edit", args=[slug, one.pk]),
            "cells": [one.title, _offered(one), str(_locals(one.sections))],
        }
        for one in outlines
    ]


def _offered(outline: TrustOutline) -> Any:
    newest = next(iter(outline.issues.all()), None)
    if newest is None:
        return {"status": {"kind": "new", "word": "Not yet"}}
    if (newest.title, newest.sections) == (outline.title, outline.sections):
        return {"status": {"kind": "done", "word": f"Issue {newest.number}"}}
    return {"status": {"kind": "due", "word": f"Changed since issue {newest.number}"}}


def _locals(sections: Iterable[Mapping[str, Any]]) -> int:
    return sum(one["local"] for section in sections for one in section["clauses"])


def outline_initial(outline: TrustOutline) -> dict[str, Any]:
    """What the form of an outline starts with."""
    return {
        "title": outline.title,
        "kind": outline.kind,
        "revision": outline.revision,
        "text": to_lines(_typed(outline.sections)),
    }


def _typed(sections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As it is typed: fields in braces, local parts marked."""
    return [
        {
            **section,
            "heading": to_typed(section["heading"]),
            "clauses": [
                {**one, "text": f"{LOCAL} " * one["local"] + to_typed(one["text"])}
                for one in section["clauses"]
            ],
        }
        for section in sections
    ]


def offers_panel(offers: Offers, school: School) -> list[dict[str, str]]:
    """What the trust has for the school, each with where to go."""
    create = reverse("policies:policy_create", args=[school.slug])
    newer = [
        {
            "text": f"“{policy.title}”: {issue.trust.name} offers issue {issue.number} of its outline",
            "url": reverse("policies:outline_changes", args=[school.slug, policy.pk]),
            "action": "See what changed",
        }
        for policy, issue in offers.newer
    ]
    new = [
        {
            "text": f"“{issue.title}”, offered by {issue.trust.name}",
            "url": f"{create}?outline={issue.pk}",
            "action": "Begin with it",
        }
        for issue in offers.new
    ]
    return newer + new
