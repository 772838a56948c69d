"""What the page of a trust says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format

from reports.selectors.trust import Standing

COLUMNS = [
    {"label": "School"},
    {"label": "Policies in force"},
    {"label": "Reviews"},
    {"label": "Last term"},
    {"label": "Its report"},
]


def rows(standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """A row a school, every state in words."""
    return [
        {
            "cells": [
                one.school,
                str(one.in_force),
                _reviews(one),
                one.last_term or "None is over yet",
                _report(one),
            ]
        }
        for one in standings
    ]


def overdue(standings: Iterable[Standing]) -> list[dict[str, str]]:
    """Every policy whose review is overdue, with its school and since when."""
    return [
        {"school": one.school, "title": title, "since": date_format(due)}
        for one in standings
        for title, due in one.overdue
    ]


def _reviews(one: Standing) -> Any:
    if one.overdue:
        return {"status": {"kind": "stop", "word": f"{len(one.overdue)} overdue"}}
    return {"status": {"kind": "done", "word": "None overdue"}} if one.in_force else "No policies yet"


def _report(one: Standing) -> Any:
    if not one.last_term:
        return ""
    if one.published_at is None:
        return {"status": {"kind": "due", "word": "Not published"}}
    return {"status": {"kind": "done", "word": "Published"}}
