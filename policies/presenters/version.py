"""The reading page of a version, and the pages of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from core.templatetags.ui import day
from policies.check import Finding
from policies.enums import SectionStatus
from policies.models import PolicyVersion, Section
from policies.presenters.checking import check_panel
from policies.presenters.comparing import changes_links
from policies.presenters.publishing import publishing_panel
from policies.presenters.words import NAMED, days_in_words, edition_of, status_of
from policies.selectors import ReadingFacts
from policies.states import BEFORE_RATIFICATION, IN_PREPARATION
from schools.enums import Role

RATIFYING = {
    "heading": "Record ratification",
    "lead": "Which body agreed this version, and when. It can then be signed and brought into force.",
}

ON_PAPER = {
    "heading": "Signed on paper",
    "lead": "Instead of signatures here. Nobody can check a scan as they can check the PDF that is signed here.",
}

WITHDRAWING = {
    "heading": "Withdraw a version",
    "lead": "It stays on record with your reason. Nobody is asked to follow it any more.",
}


MAKING_MINOR = {
    "heading": "Make it a minor version",
    "lead": "It amends what is in force. Nobody ratifies it, and nobody is asked to read it again.",
}


@dataclass(frozen=True)
class Heading:
    """An entry of the contents at the side."""

    anchor: str
    label: str
    text: str
    level: int
    status: str


def contents(sections: list[Section]) -> list[Heading]:
    """The headings that a reader can jump to, with a word where a section is not used."""
    return [
        Heading(
            one.anchor,
            one.label,
            one.heading,
            one.level,
            "" if one.status == SectionStatus.IN_USE else one.get_status_display(),
        )
        for one in sections
        if one.heading or one.label
    ]


def key_facts(version: PolicyVersion, read: ReadingFacts) -> list[dict[str, Any]]:
    """The details at the head of a policy, only those that are known."""
    facts: list[dict[str, Any]] = [
        {"label": "Written or updated", "date": version.written},
        {
            "label": f"Version {version.number} ratified" if version.minor else "Ratified",
            "date": version.ratified,
        },
        {"label": "Ratified by", "value": version.ratifying_body},
        {"label": "Minute", "value": version.minute_reference},
        {"label": "Minor change", "value": version.minor_reason},
        {"label": "Next review", "date": version.next_review},
        {"label": "Owned by", "value": read.posts[version.policy.owner_role]},
    ]
    return _known(facts)


def more_facts(version: PolicyVersion) -> list[dict[str, Any]]:
    """What else is known, for the foot of the page."""
    read = version.key_details
    facts: list[dict[str, Any]] = [
        {"label": "Setting", "value": version.policy.setting},
        *({"label": label, "value": ", ".join(read.get(key) or [])} for key, label in NAMED),
        {"label": "Source template", "value": version.template},
        {"label": "Licence", "value": version.licence},
    ]
    return _known(facts)


def _known(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [fact for fact in facts if fact.get("value") or fact.get("date")]


def ratify_initial(version: PolicyVersion) -> dict[str, Any]:
    """What the form for ratification starts with: what the text itself says."""
    read = version.key_details
    return {
        "revision": version.revision,
        "body": read.get("ratifying_body") or "",
        "on": day(read.get("ratified")),
        "next_review": day(version.next_review),
    }


def acknowledge_url(version: PolicyVersion) -> str:
    """Where the word that somebody has read a version is sent."""
    return reverse("policies:version_acknowledge", args=[version.school.slug, version.pk])


def file_name(version: PolicyVersion) -> str:
    """A plain name for the signed PDF."""
    return f"{slugify(version.title) or 'policy'}-version-{version.label}.pdf"


def signed_by(facts: ReadingFacts) -> list[dict[str, Any]]:
    """Who signed, in which post and when; on paper, when the later of the two did."""
    paper = facts.paper
    if paper:
        names = {Role.HEADTEACHER: paper.head, Role.CHAIR: paper.chair}
        return [{"name": name, "post": facts.posts[post], "on": paper.on} for post, name in names.items()]
    return [{"name": one.name, "post": facts.posts[one.post], "at": one.at} for one in facts.signatures]


def signing_page(version: PolicyVersion, facts: ReadingFacts, *, document_made: bool) -> dict[str, Any]:
    """What the page to sign shows."""
    return {
        "version": version,
        "facts": key_facts(version, facts),
        "signatures": signed_by(facts),
        "may_sign": facts.may_sign,
        "document_made": document_made,
    }


def _read_this(version: PolicyVersion, facts: ReadingFacts) -> bool:
    """Whether the member acknowledged this very text, and not only one that it amends."""
    return facts.acknowledgement is not None and facts.acknowledgement.version_id == version.pk


def reading_page(
    version: PolicyVersion, facts: ReadingFacts, findings: Sequence[Finding] | None
) -> dict[str, Any]:
    """What the reading page shows; `findings` is None for those who do not see the policy check."""
    days = version.days_to_review(timezone.localdate()) if version.is_binding else None
    return {
        "version": version,
        "status": status_of(version),
        "overdue": days is not None and days < 0,
        "review_words": days_in_words(days) if days is not None else "",
        "contents": contents(facts.sections),
        "facts": key_facts(version, facts),
        "more": more_facts(version),
        "check": None if findings is None else check_panel(findings, facts.sections),
        "check_open": not version.is_binding,
        "check_url": "#check" if findings else "",
        "guidance": [edition_of(one) for one in version.guidance],
        "signatures": signed_by(facts),
        "others": [
            {"version": one.version, "status": status_of(one.version)}
            for one in facts.others
            if facts.may_prepare
        ],
        "changes": changes_links(version, facts.others, acknowledged=_read_this(version, facts)),
        "publishing": publishing_panel(version, facts.announcements) if facts.may_manage else None,
        "filled": list(facts.fields.values()),
        "begins": _begins(version, [one.version for one in facts.others]),
        "read": facts,
    }


def _begins(version: PolicyVersion, others: Sequence[PolicyVersion]) -> str:
    """What leads to the next version: from what binds, or from the newest of a policy of which nothing does; else ""."""
    nothing_binds = not any(one.is_binding for one in others)
    newest = all(one.place < version.place or one.state in IN_PREPARATION for one in others)
    if not version.is_binding and (version.state in IN_PREPARATION or not (nothing_binds and newest)):
        return ""
    begun = next((one for one in others if one.state in BEFORE_RATIFICATION), None)
    return f"Go to version {begun.label}" if begun else "Begin a new version"
