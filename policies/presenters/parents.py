"""Parents: their link as the office sees it, and the pages that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from policies.models import ReadingLink
from policies.presenters.readers import WHY_PAPER
from policies.presenters.version import contents
from policies.selectors.parents import Behind, ParentText, Reach, key_of
from schools.models import LearnerContact


def parent_page(contact: LearnerContact, links: Mapping[str, ReadingLink], reach: Reach) -> dict[str, Any]:
    """What the office sees of a parent's link."""
    link = links.get(key_of(contact.email))
    why = reach.why_not(contact)
    facts: list[dict[str, Any]] = [
        {"label": "For", "value": f"{contact.learner.name}, {contact.learner.class_name or 'no class'}"},
        {"label": "How they are asked", "value": WHY_PAPER.get(why, "By e-mail, with a link of their own")},
    ]
    if link:
        facts += [
            {"label": "Last e-mail", "date": timezone.localdate(link.mailed_at)},
            {"label": "The link holds until", "value": "It is closed"}
            if link.closed_at
            else {"label": "The link holds until", "date": link.expires_on},
        ]
    return {"facts": facts, "link": link, "is_open": bool(link and not link.closed_at)}


def parent_reading(found: Behind, token: str) -> dict[str, Any]:
    """The list behind a link: what is still to be agreed to first."""
    rows = [
        {
            "url": reverse("parent_policy", args=[token, one.version.pk]),
            "title": one.version.title,
            "due": one.version.acknowledge_by,
            "agreed_on": one.agreed_on,
        }
        for one in found.asked
    ]
    return {
        "school": found.school,
        "rows": sorted(rows, key=lambda row: bool(row["agreed_on"])),
        "waiting": sum(row["agreed_on"] is None for row in rows),
    }


def parent_policy(found: ParentText, token: str) -> dict[str, Any]:
    """One policy behind a link."""
    return {
        "school": found.behind.school,
        "version": found.asked.version,
        "agreed_on": found.asked.agreed_on,
        "back": reverse("parent_reading", args=[token]),
        "contents": contents(found.sections),
        "sections": found.sections,
        "told": found.told,
    }
