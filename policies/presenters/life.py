"""Where a version stands, who is next and what is to do, as a calm line."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from policies.enums import VersionState as V
from policies.models import PolicyVersion, ReviewTrigger
from policies.presenters.approval import rounds_page
from policies.selectors.life import LifeFacts
from policies.selectors.signing import paper_of

REVIEWING = {
    "heading": "Open a review",
    "lead": "What is in force stays in force. A new version answers the review, or you say why none is needed.",
}

CONCLUDING = {
    "heading": "Conclude the review",
    "lead": "Say why no new version is needed. A new version answers the review by itself when it comes into force.",
}

ROAD = (V.DRAFT, V.RATIFIED, V.IN_FORCE)
MINOR_ROAD = (V.DRAFT, V.IN_FORCE)

NEXT = {
    V.DRAFT: "Whoever owns it finishes the text. Then a body ratifies it.",
    V.CONSULTATION: "People say what they think of it, and its text rests. Closing the consultation makes it a draft again.",
    V.APPROVAL: "Its approvers read it, and its text rests. Each of them says yes, or sends it back with a reason.",
    V.APPROVED: "Its approvers have agreed. Then a body ratifies it.",
    V.RATIFIED: "It can be signed, and brought into force by those who ratify.",
    V.IN_FORCE: "Those whom it covers read it. It is reviewed when its day comes, or earlier for a reason.",
    V.UNDER_REVIEW: "It stays in force while it is reviewed. A new version answers the review, or words why none is needed.",
    V.SUPERSEDED: "Its life is over: a newer version took its place.",
    V.WITHDRAWN: "Its life is over: it was withdrawn.",
}
MINOR = {
    V.DRAFT: "A minor version: those who ratify bring it into force, without ratifying it again.",
    V.APPROVED: "Its approvers have agreed. Those who ratify bring it into force, without ratifying it again.",
}
"""What comes next for a minor version, where that is something else."""


def life_panel(version: PolicyVersion, facts: LifeFacts | None) -> dict[str, Any] | None:
    """The line of a version's life; None for those who only read."""
    if facts is None:
        return None
    return {
        "steps": _steps(version),
        "next": _next(version),
        "triggers": [_trigger(one, version, facts) for one in facts.triggers],
        "rounds": rounds_page(facts.rounds, version, facts.reader, may_manage=facts.may_reopen),
        "may": facts,
    }


def _next(version: PolicyVersion) -> str:
    """What comes next; a version whose signatures stand on paper is not signed here any more."""
    state = V(version.state)
    if state == V.RATIFIED and paper_of(version):
        return "Its signatures stand on paper. Those who ratify bring it into force."
    return (MINOR if version.minor else {}).get(state, NEXT[state])


def _steps(version: PolicyVersion) -> list[dict[str, Any]]:
    """The states on the way into force, each done, here or to come; what is over has no way left."""
    state = V(version.state)
    if state in (V.SUPERSEDED, V.WITHDRAWN):
        return []
    road = MINOR_ROAD if version.minor else ROAD
    if state in (V.CONSULTATION, V.APPROVAL, V.APPROVED):
        road = (V.DRAFT, state, *road[1:])
    here = V.IN_FORCE if version.is_binding else state
    place = road.index(here) if here in road else 0
    return [
        {
            "word": V.UNDER_REVIEW.label if one == here and state == V.UNDER_REVIEW else one.label,
            "stand": "done" if number < place else "here" if number == place else "later",
        }
        for number, one in enumerate(road)
    ]


def _trigger(one: ReviewTrigger, version: PolicyVersion, facts: LifeFacts) -> dict[str, Any]:
    clause = facts.clauses.get(str(one.clause))
    answered = one.closed_on is not None
    return {
        "kind": one.get_kind_display(),
        "what": one.what,
        "on": one.on,
        "by": one.by.name if one.by else "",
        "clause": f"Clause {clause.label}".strip() if clause else "",
        "clause_url": f"#{clause.anchor}" if clause else "",
        "outcome": one.outcome,
        "closed_on": one.closed_on,
        "status": {"kind": "done", "word": "Answered"} if answered else {"kind": "open", "word": "Open"},
        "conclude_url": ""
        if answered or not facts.may_review
        else reverse("policies:review_conclude", args=[version.school.slug, one.pk]),
    }
