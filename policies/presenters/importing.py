"""What the preview of an uploaded file shows, and what its form starts with."""

from __future__ import annotations

from typing import Any

from core.templatetags.ui import day
from policies.enums import PolicyKind
from policies.models import SourceFile
from policies.models.policy import everyone
from policies.presenters.words import NAMED, edition_of, findings_of
from policies.selectors import audience_of_scope, title_key
from schools.enums import Role

KIND_WORDS = (
    (PolicyKind.ACCEPTABLE_USE, ("acceptable use",)),
    (PolicyKind.SOCIAL_MEDIA, ("social media", "social network")),
    (PolicyKind.MOBILE_DEVICES, ("mobile", "smart tech", "phone", "device")),
    (PolicyKind.ONLINE_SAFETY, ("online safety", "e-safety", "esafety", "internet")),
    (PolicyKind.CHILD_PROTECTION, ("child protection", "safeguarding")),
    (PolicyKind.BEHAVIOUR, ("behaviour", "bullying")),
    (PolicyKind.CONDUCT, ("conduct",)),
    (PolicyKind.DATA_PROTECTION, ("data protection", "privacy", "gdpr")),
)


def kind_of_title(title: str) -> str:
    """What a policy is about, as far as its title says."""
    plain = title.casefold()
    return next(
        (kind for kind, words in KIND_WORDS if any(word in plain for word in words)), PolicyKind.OTHER
    )


def draft_initial(read: dict[str, Any], policies: list[tuple[str, str]]) -> dict[str, Any]:
    """What the form for a draft starts with: as read, as the next version of a policy of the same title."""
    details = read["key_details"]
    same = next((pk for pk, title in policies if title_key(title) == title_key(read["title"])), "")
    return {
        "policy": same,
        "title": read["title"][:200],
        "kind": kind_of_title(read["title"]),
        "setting": read["setting"][:200],
        "written": day(details["written"]),
        "next_review": day(details["next_review"]),
        "owner_role": Role.DSL,
        "audience": audience_of_scope((read.get("scope") or {}).get("people", ())) or everyone(),
    }


def preview(source: SourceFile, position: int) -> dict[str, Any]:
    """What the preview of one document shows beside its form."""
    documents = source.reading["documents"]
    read = documents[position]
    details = read["key_details"]
    found = [
        {"label": "Ratified, as read", "value": day(details["ratified"])},
        {"label": "Ratified by, as read", "value": details["ratifying_body"]},
        *({"label": label, "value": ", ".join(details[key])} for key, label in NAMED),
        {"label": "Guidance", "value": ", ".join(edition_of(one) for one in read["guidance"])},
        {"label": "Refers to", "value": ", ".join(read["linked_policies"])},
        {"label": "Source template", "value": read.get("template")},
        {"label": "Licence", "value": read.get("licence")},
    ]
    return {
        "read": read,
        "number": position + 1,
        "total": len(documents),
        "clauses": sum(len(section["clauses"]) for section in read["sections"]),
        "facts": [fact for fact in found if fact["value"]],
        "findings": findings_of(read["findings"]),
    }
