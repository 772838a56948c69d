"""What changed between two versions: counts, and the changes with what stayed folded between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.urls import reverse

from core.templatetags.ui import day
from policies.compare import ADDED, REMOVED, SAME, Change, Span
from policies.models import PolicyVersion
from policies.presenters.words import status_of
from policies.reading.rows import BAR, row_of
from policies.selectors.comparing import Earlier, last_read, version_before

KINDS = {
    "added": "new",
    "removed": "void",
    "reworded": "note",
    "moved": "open",
    "moved and reworded": "open",
}
"""The kinds of change in the order in which they are counted, each with the shape and colour of its status word."""


def changes_url(version: PolicyVersion, since: PolicyVersion | None = None) -> str:
    """Where two versions are compared; without `since` with the version before."""
    address = reverse("policies:version_changes", args=[version.school.slug, version.pk])
    return f"{address}?since={since.pk}" if since else address


def changes_links(
    version: PolicyVersion, others: Sequence[Earlier], *, acknowledged: bool
) -> list[dict[str, str]]:
    """What the reading page offers: against the version before, and against what the reader last acknowledged."""
    before = version_before(version, list(others))
    read = None if acknowledged else last_read(version, list(others))
    links = []
    if read:
        text = f"What changed since you last read it (version {read.label})"
        links.append({"url": changes_url(version, read), "text": text})
    if before and before != read:
        links.append({"url": changes_url(version), "text": f"What changed since version {before.label}"})
    return links


def version_choices(others: Sequence[Earlier]) -> list[tuple[str, str]]:
    """The versions that can be chosen, each with its state and since when it was in force."""
    return [(str(one.version.pk), _choice(one)) for one in others]


def _choice(one: Earlier) -> str:
    since = f", from {day(one.version.in_force_from)}" if one.version.in_force_from else ""
    read = ", acknowledged by you" if one.was_read else ""
    return f"Version {one.version.label}: {status_of(one.version)['word'].lower()}{since}{read}"


def changes_page(
    old: PolicyVersion, new: PolicyVersion, changes: Sequence[Change], readable: Iterable[PolicyVersion]
) -> dict[str, Any]:
    """What the page shows; a clause links to the version that it stands in where the reader may open that."""
    pages = {one.pk: one.get_absolute_url() for one in readable}
    rows = [_row(one, pages.get(new.pk if one.new else old.pk, "")) for one in changes]
    return {"old": old, "new": new, "counts": _counts(changes), "blocks": _blocks(rows)}


def changes_shown(changes: Sequence[Change]) -> dict[str, Any]:
    """The same of texts that have no page of their own: counts and changes."""
    return {"counts": _counts(changes), "blocks": _blocks([_row(one, "") for one in changes])}


def _counts(changes: Sequence[Change]) -> list[dict[str, str]]:
    found = Counter(one.kind for one in changes)
    return [{"kind": shape, "word": f"{found[kind]} {kind}"} for kind, shape in KINDS.items() if found[kind]]


def _row(change: Change, page: str) -> dict[str, Any]:
    part = change.new or change.old
    assert part  # noqa: S101 - a change has at least one side
    status = {"kind": KINDS[change.kind], "word": change.kind.capitalize()} if change.kind in KINDS else None
    spans = change.spans or (Span({"added": ADDED, "removed": REMOVED}.get(change.kind, SAME), part.text),)
    return {
        "cells": _cells(spans) if row_of(part.text) else [],
        "changed": status is not None,
        "status": status,
        "is_heading": part.is_heading,
        "depth": part.depth,
        "label": part.label,
        "spans": spans,
        "notes": _notes(change),
        "relabelled": change.relabelled,
        "url": f"{page}#{part.anchor}" if page else "",
    }


def _cells(spans: Sequence[Span]) -> list[list[Span]]:
    """The words of a row of a table by its cells; a bar that went away parts none."""
    cells: list[list[Span]] = [[]]
    alone = all(span.kind == REMOVED for span in spans)
    for span in spans:
        text = span.text if alone or span.kind != REMOVED else span.text.replace(BAR, " ")
        for place, words in enumerate(text.split(BAR)):
            if place:
                cells.append([])
            if said := words.removeprefix("=") if words.startswith("= ") else words:
                cells[-1].append(Span(span.kind, said))
    return cells[1:-1]


def _notes(change: Change) -> list[str]:
    if not (change.old and change.new):
        return []
    notes = []
    if change.relabelled:
        notes.append(f"was {change.old.label}" if change.old.label else "had no number")
    if change.moved and change.old.under != change.new.under:
        notes.append(f"stood under “{change.old.under}”" if change.old.under else "stood at the top")
    return notes


def _blocks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows to show and rows to fold, in order: a change shows with the heading that it stands under."""
    heading = None
    for row in rows:
        row["shown"] = row["changed"]
        if row["is_heading"]:
            heading = row
        elif row["changed"] and heading:
            heading["shown"] = True
    return [
        {"fold": "" if shown else _folded(held), "rows": held}
        for shown, held in ((shown, list(group)) for shown, group in groupby(rows, lambda row: row["shown"]))
    ]


def _folded(rows: list[dict[str, Any]]) -> str:
    clauses = sum(not row["is_heading"] for row in rows)
    what = _number(clauses, "clause") if clauses else _number(len(rows), "heading")
    renumbered = sum(row["relabelled"] for row in rows)
    return f"{what} unchanged" + (f", {renumbered} under another number" if renumbered else "")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
