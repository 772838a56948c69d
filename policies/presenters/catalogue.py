"""The catalogue on pages: guidance with its editions, and the policies a school is expected to have."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.partdate import in_words
from policies.check.catalogue import Edition, Statutory
from policies.enums import GuidanceKind
from policies.models import ExpectedPolicy
from policies.presenters.words import status_of
from policies.selectors import ExpectedFacts, GuidanceFacts
from schools.models import School

EXPECTED_COLUMNS = (
    {"label": "Policy"}, {"label": "Expected"}, {"label": "Reviewed"}, {"label": "Approved by"}, {"label": "Here"},
)  # fmt: skip
BASIS = {
    "statutory": "Required by law",
    "expected": "Expected",
    "good_practice": "Good practice",
    "own": "Decided here",
}
APPROVERS = {
    "governors": "Governors",
    "committee_or_governors": "Governors or a committee",
    "headteacher": "Headteacher",
    "free": "Whom the governors choose",
    "": "Look it up",
}


def guidance_rows(facts: list[GuidanceFacts]) -> list[dict[str, Any]]:
    """One row a document: the edition that holds, those that may, the policies that name it and with which edition."""
    return [
        {
            "key": one.entry.key,
            "title": one.entry.title,
            "kind": GuidanceKind(one.entry.kind).label,
            "current": _edition(one.current) if one.current else None,
            "ahead": [_edition(edition) for edition in one.ahead],
            "own": one.own,
            "named_by": [
                {
                    "url": naming.version.get_absolute_url(),
                    "title": naming.version.title,
                    "edition": naming.edition,
                }
                for naming in one.named_by
            ],
        }
        for one in facts
    ]


def _edition(edition: Edition) -> dict[str, Any]:
    """An edition in words; a first of January stands for a year of which no day is known."""
    since = edition.since
    known = since is not None and (since.month, since.day) != (1, 1)
    return {
        "name": edition.name,
        "since": f"in force since {in_words(since, month_only=True)}" if since and known else "",
        "note": edition.note,
        "source": edition.source,
    }


def expected_rows(facts: list[ExpectedFacts], school: School, *, may_manage: bool) -> list[dict[str, Any]]:
    """Rows of components/table.html; the name leads to what was decided, for those who may decide."""
    return [
        {
            "url": reverse("policies:expected_edit", args=[school.slug, one.policy.key])
            if may_manage
            else "",
            "cells": [
                one.policy.title,
                BASIS.get(one.policy.basis, "Expected"),
                _interval(one.policy),
                APPROVERS[one.policy.approver] if one.policy.basis != "own" else "",
                _here(one),
            ],
        }
        for one in facts
    ]


def _interval(policy: Statutory) -> str:
    if not policy.interval:
        return "Yearly is advised"
    every = {12: "Yearly", 24: "Every two years", 36: "Every three years"}
    words = every.get(policy.interval, f"Every {policy.interval} months")
    return words if policy.interval_set else f"{words}, as advice"


def _here(one: ExpectedFacts) -> dict[str, Any]:
    if not one.needed:
        return {"status": {"kind": "void", "word": "Not needed here"}}
    if one.held:
        return {"status": status_of(one.held)}
    if one.preparing:
        return {"status": status_of(one.preparing)}
    return {"status": {"kind": "stop" if one.policy.basis == "statutory" else "due", "word": "Not held"}}


def missing_said(facts: list[ExpectedFacts]) -> str:
    """One sentence: how many of those that are needed are not held."""
    needed = [one for one in facts if one.needed]
    missing = sum(one.held is None for one in needed)
    if not missing:
        return f"All {len(needed)} are in force."
    return f"{len(needed) - missing} of {len(needed)} are in force; {missing} {'is' if missing == 1 else 'are'} not."


def expected_initial(policy: Statutory | None, own: ExpectedPolicy | None) -> dict[str, Any]:
    """What the form begins with."""
    if policy is None:
        return {}
    return {
        "seen": own.updated_at.isoformat() if own else "",
        "needed": "yes" if own is None or own.needed else "no",
        "interval": policy.interval or 12,
        "source": own.source if own else "",
    }
