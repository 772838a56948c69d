"""Rows of the library, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.enums import PolicyKind
from policies.presenters.words import days_in_words, status_of
from policies.selectors import PolicyFacts

COLUMNS = ({"label": "Policy"}, {"label": "Status"}, {"label": "Next review"}, {"label": "You"})
PREPARING = {"label": "In preparation"}


SAFETY = (
    PolicyKind.CHILD_PROTECTION,
    PolicyKind.ONLINE_SAFETY,
    PolicyKind.ACCEPTABLE_USE,
    PolicyKind.MOBILE_DEVICES,
    PolicyKind.SOCIAL_MEDIA,
)
"""The policies in which somebody looks who wants to know what keeps children safe, also online."""


def library(
    policies: list[PolicyFacts], *, posts: Mapping[str, str], prepares: bool, privacy: str = ""
) -> dict[str, Any]:
    """Columns and rows of the library; what is in preparation only for those who see it.

    Beside them, where safety information stands however many documents it is spread over, with the post that owns each, and
    the privacy notice at the address `privacy`, or else in the policy on data protection.
    """
    rows = [_library_row(one, prepares=prepares) for one in policies]
    binding = [one.in_force for one in policies if one.in_force]
    kept = [one for one in binding if one.policy.kind == PolicyKind.DATA_PROTECTION]
    return {
        "columns": [*COLUMNS, PREPARING] if prepares else COLUMNS,
        "rows": rows,
        "safety": [
            {"text": one.title, "url": one.get_absolute_url(), "owner": posts[one.policy.owner_role]}
            for kind in SAFETY
            for one in binding
            if one.policy.kind == kind
        ],
        "privacy": privacy or next((one.get_absolute_url() for one in kept), ""),
    }


def _library_row(one: PolicyFacts, *, prepares: bool) -> dict[str, Any]:
    """One policy as a row of components/table.html."""
    version = one.shown
    assert version is not None  # noqa: S101 - the library leaves out policies without a version
    return {
        "url": one.in_force.get_absolute_url() if one.in_force else version.get_absolute_url(),
        "unseen": one.to_acknowledge,
        "cells": [
            one.policy.title,
            {"status": _attention(one)},
            _review_cell(one),
            _own_cell(one),
            *([_preparing_cell(one)] if prepares else []),
        ],
    }


def _attention(one: PolicyFacts) -> dict[str, str]:
    if one.overdue:
        return {"kind": "stop", "word": "Review overdue"}
    if one.due_soon:
        return {"kind": "due", "word": "Review due"}
    assert one.shown is not None  # noqa: S101
    return status_of(one.shown)


def _review_cell(one: PolicyFacts) -> Any:
    if one.in_force is None:
        return "Not in force yet"
    if one.days_to_review is None:
        return "No date"
    state = "over" if one.overdue else "soon" if one.due_soon else "plenty"
    return {
        "clock": {"text": days_in_words(one.days_to_review), "state": state, "due": one.in_force.next_review}
    }


def _own_cell(one: PolicyFacts) -> Any:
    if one.to_acknowledge:
        return {"status": {"kind": "new", "word": "To acknowledge"}}
    return {"status": {"kind": "done", "word": "Acknowledged"}} if one.acknowledged else "Nothing to do"


def _preparing_cell(one: PolicyFacts) -> Any:
    if one.preparing is None:
        return "Nothing"
    return {
        "text": f"Version {one.preparing.label}, {one.preparing.get_state_display().lower()}",
        "url": one.preparing.get_absolute_url(),
    }
