"""The approval of a version, and specialist advice, as pages say them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from policies.enums import Decision, VersionState
from policies.models import Advice, ApprovalRound, Approver, PolicyVersion
from policies.selectors.approval import due
from schools.models import Membership

PLACES = ("first", "second", "third", "fourth")
"""The places of a route, as its form names them."""

ASKING = {
    "heading": "Send it for approval",
    "lead": "Each approver says yes, or sends it back with a reason. Its text rests meanwhile; a change begins anew.",
}
DECIDING = {
    "heading": "Approve a policy",
    "lead": "Your word stands with the version. Nobody else can give it for you.",
}
TAKING_BACK = {
    "heading": "Take it back to change it",
    "lead": "The version is a draft again. What approvers have said of it stays on record and counts no more.",
}
REPLACING = {
    "heading": "Give an approver's place to somebody else",
    "lead": "Who had it before stays on record, with your reason.",
}
ADVISING = {
    "heading": "Record specialist advice",
    "lead": "It stands with the version, and before those who ratify it.",
}


def approvers_initial(
    version: PolicyVersion, proposed: Sequence[Membership], *, in_order: bool
) -> dict[str, Any]:
    """The school's own route, to be changed for this version."""
    places = {name: str(one.pk) for name, one in zip(PLACES, proposed, strict=False)}
    return {"revision": version.revision, "order": "in_order" if in_order else "together", **places}


def rounds_page(
    rounds: Sequence[ApprovalRound], version: PolicyVersion, by: Membership, *, may_manage: bool
) -> list[dict[str, Any]]:
    """Every round with its approvers, the one that counts first."""
    shown = [_round(one, number, version, by, may_manage=may_manage) for number, one in enumerate(rounds, 1)]
    return shown[::-1]


def _round(
    one: ApprovalRound, number: int, version: PolicyVersion, by: Membership, *, may_manage: bool
) -> dict[str, Any]:
    approvers = list(one.approvers.all())
    running = one.ended_at is None and version.state == VersionState.APPROVAL
    turn = due(approvers, one_by_one=one.in_order) if running else []
    slug = version.school.slug
    return {
        "number": number,
        "started_by": one.started_by.name if one.started_by else "",
        "started_at": one.created_at,
        "how": "one after the other" if one.in_order else "all at the same time",
        "ended_at": one.ended_at,
        "ended_reason": one.ended_reason,
        "approvers": [
            {
                "name": place.member.name,
                "status": _status(place, turn, counts=one.ended_at is None),
                "at": place.decided_at or place.replaced_at,
                "words": place.reason or place.replaced_reason,
                "mine": place in turn and place.member_id == by.pk,
                "replace_url": reverse("policies:approver_replace", args=[slug, place.pk])
                if running and may_manage and not place.decision and not place.replaced_at
                else "",
            }
            for place in approvers
        ],
    }


def _status(place: Approver, turn: Sequence[Approver], *, counts: bool) -> dict[str, str]:
    if place.replaced_at:
        return {"kind": "void", "word": "Replaced"}
    if place.decision == Decision.SENT_BACK:
        return {"kind": "due", "word": "Sent back"}
    if place.decision:
        return {"kind": "done" if counts else "quiet", "word": "Approved" if counts else "Had approved"}
    if place in turn:
        return {"kind": "open", "word": "Asked now"}
    return {"kind": "wait", "word": "Not asked yet"} if counts else {"kind": "quiet", "word": "Was not asked"}


def advice_rows(found: Sequence[Advice], version: PolicyVersion, *, may_manage: bool) -> list[dict[str, Any]]:
    """What specialists advised, by its day."""
    slug = version.school.slug
    return [
        {
            "who": ", ".join(filter(None, [one.adviser, one.organisation])),
            "capacity": one.get_capacity_display(),
            "on": one.on,
            "about": one.about or "The policy as a whole",
            "text": one.text,
            "done": one.done,
            "done_url": reverse("policies:advice_done", args=[slug, one.pk]) if may_manage else "",
        }
        for one in found
    ]
