"""Where a version is published, for those who publish it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from policies.models import Announcement, PolicyVersion

ANNOUNCING = {
    "heading": "Record where attention was drawn to it",
    "lead": "Where and when parents, learners or staff were pointed to it. It stays on record.",
}


def publishing_panel(version: PolicyVersion, announcements: Sequence[Announcement]) -> dict[str, Any]:
    """Where a version is published, for those who publish: the address to link to, and the record."""
    return {
        "on_page": version.is_binding and version.published_at is not None,
        "address": settings.PUBLIC_URL + reverse("published_list", args=[version.school.slug]),
        "policy_address": settings.PUBLIC_URL
        + reverse("published_policy", args=[version.school.slug, version.policy_id]),
        "rows": [
            {
                "on": one.on,
                "place": one.get_place_display(),
                "note": one.note,
                "by": one.by.name if one.by else "",
                "label": one.version.label,
            }
            for one in announcements
        ],
    }
