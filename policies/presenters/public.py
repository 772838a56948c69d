"""How published policies are shown to anybody."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from policies.presenters.version import contents
from policies.selectors import Published, PublishedText


def published_page(found: Published) -> dict[str, Any]:
    """A school's public page."""
    rows = [
        {
            "version": one,
            "url": reverse("published_policy", args=[found.school.slug, one.policy_id]),
            "pdf_url": reverse("published_pdf", args=[found.school.slug, one.policy_id])
            if one.pk in found.documents
            else "",
        }
        for one in found.versions
    ]
    return {"school": found.school, "rows": rows}


def published_text_page(found: PublishedText) -> dict[str, Any]:
    """The text of a published policy, what is known of it, and its PDF."""
    version, slug = found.version, found.school.slug
    facts: list[dict[str, Any]] = [
        {"label": "Written or updated", "date": version.written},
        {
            "label": f"Version {version.number} ratified" if version.minor else "Ratified",
            "date": version.ratified,
        },
        {"label": "Ratified by", "value": version.ratifying_body},
        {"label": "Next review", "date": version.next_review},
        {"label": "Licence", "value": version.licence},
    ]
    return {
        "school": found.school,
        "version": version,
        "facts": [fact for fact in facts if fact.get("value") or fact.get("date")],
        "contents": contents(found.sections),
        "sections": found.sections,
        "pdf_url": reverse("published_pdf", args=[slug, version.policy_id]) if found.document else "",
        "check_url": reverse("document_check", args=[found.document]) if found.document else "",
    }
