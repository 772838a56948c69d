"""Visitors: who is on site, and the pages of the tablet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from policies.enums import VisitorKind
from policies.models import PolicyVersion, Section, Visit
from policies.presenters.version import contents
from policies.selectors.visiting import AtDesk


def visit_rows(visits: Iterable[Visit], slug: str) -> list[dict[str, Any]]:
    """Visitors as the list of the office shows them, and prints them."""
    today = timezone.localdate()
    return [
        {
            "visit": one,
            "kind": VisitorKind(one.kind).label,
            "earlier": timezone.localdate(one.agreed_at) < today,
            "leave_url": reverse("policies:visit_leave", args=[slug, one.pk]),
        }
        for one in visits
    ]


def desk_start(found: AtDesk, token: str) -> dict[str, Any]:
    """The first page of a tablet: as what somebody comes."""
    kinds = [
        {"label": kind.label, "url": reverse("desk_arrival", args=[token, kind.value])}
        for kind in VisitorKind
    ]
    return {"school": found.school, "kinds": kinds}


def desk_arrival(found: AtDesk, token: str, kind: VisitorKind) -> dict[str, Any]:
    """The form of a tablet, and what is read before it."""
    return {
        "school": found.school,
        "kind": kind.label,
        "told": found.told,
        "start": reverse("desk", args=[token]),
        "policies": [
            {"title": one.title, "url": reverse("desk_policy", args=[token, kind.value, one.pk])}
            for one in found.versions
        ],
    }


def desk_policy(
    found: tuple[AtDesk, PolicyVersion, list[Section]], token: str, kind: VisitorKind
) -> dict[str, Any]:
    """One policy on a tablet. Its contents lead inside the page and nowhere else."""
    at, version, sections = found
    return {
        "school": at.school,
        "version": version,
        "sections": sections,
        "contents": contents(sections),
        "back": reverse("desk_arrival", args=[token, kind.value]),
    }
