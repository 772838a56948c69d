"""What the page of a trust says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format

from reports.selectors.trust import Standing

COLUMNS = [
    {"label": "School"},
    {"label": "Policies in force", "number": True},
    {"label": "Reviews"},
    {"label": "Last term's report"},
]


def rows(standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """A row a school, every state in words."""
    return [
        {"cells": [one.school, str(one.in_force), {"status": _reviews(one)}, {"status": _report(one)}]}
        for one in standings
    ]


def overdue(standings: Iterable[Standing]) -> list[dict[str, str]]:
    """Every policy whose review is overdue, with its school and since when."""
    return [
        {"school": one.school, "title": title, "since": date_format(due)}
        for one in standings
        for title, due in one.overdue
    ]


def _reviews(one: Standing) -> dict[str, str]:
    if one.overdue:
        return {"kind": "stop", "word": f"{len(one.overdue)} overdue"}
    return (
        {"kind": "done", "word": "None overdue"}
        if one.in_force
        else {"kind": "plain", "word": "No policies yet"}
    )


def _report(one: Standing) -> dict[str, str]:
    if not one.last_term:
        return {"kind": "plain", "word": "No term is over yet"}
    if one.published_at is None:
        return {"kind": "due", "word": f"{one.last_term}: not published"}
    return {"kind": "done", "word": f"{one.last_term}: published"}
