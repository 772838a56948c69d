"""A consultation as its pages say it: the draft that people comment on, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from policies.enums import Answer
from policies.models import Clause, Comment, Consultation, Consulted, PolicyVersion, Section
from policies.selectors.consultation import Came

CONSULTING = {
    "heading": "Ask for comments",
    "lead": "The text rests until you close the consultation; then it is a draft again, and what came stays with it.",
}
ASKING_MORE = {
    "heading": "Ask more members",
    "lead": "They get the question, the draft and the same last day as everybody else.",
}
ENTERING = {
    "heading": "Enter what people said",
    "lead": "What was said at a meeting, in class or on paper, with whose word it is.",
}
INVITING = {
    "heading": "Ask somebody without an account",
    "lead": "They get a link of their own by e-mail. Behind it stand the draft and your question, and nothing else; it ends with the consultation.",
}
UNANSWERED = {
    "heading": "Go on without answers",
    "lead": "What you write here stands beside the comments for good.",
}
ANSWER_KINDS = {Answer.ACCEPTED: "done", Answer.PARTLY: "note", Answer.DECLINED: "void"}
STAKE_ORDER = ("staff", "governor", "learner", "parent", "other")


def draft_page(
    consulted: Consulted,
    sections: list[Section],
    said: dict[UUID | None, Comment],
    address: Callable[[UUID | None], str],
) -> dict[str, Any]:
    """The draft with what one person has said of it; `address` leads to where a comment is written."""
    consultation = consulted.consultation
    is_open = consultation.is_open(timezone.localdate())
    for section in sections:
        for clause in section.clauses.all():
            clause.said = said.get(clause.stable_id)  # type: ignore[attr-defined]
            clause.write_url = address(clause.stable_id) if is_open else ""  # type: ignore[attr-defined]
    standing = {clause.stable_id for section in sections for clause in section.clauses.all()}
    return {
        "version": consultation.version,
        "consultation": consultation,
        "open": is_open,
        "sections": sections,
        "whole": said.get(None),
        "whole_url": address(None) if is_open else "",
        "gone": [one for key, one in said.items() if key is not None and key not in standing],
        "count": len(said),
    }


def comment_page(consulted: Consulted, clause: Clause | None, back: str) -> dict[str, Any]:
    """What is shown while a comment is written."""
    version = consulted.consultation.version
    heading = "The policy as a whole"
    if clause is not None:
        heading = f"Clause {clause.label}".strip().rstrip(".") if clause.label else "A clause"
    return {
        "version": version,
        "consultation": consulted.consultation,
        "heading": heading,
        "clause": clause,
        "back": back,
    }


def results_page(came: Came, *, may_manage: bool) -> dict[str, Any]:
    """What was asked, of whom, what came, and what was done about it."""
    consultation = came.consultation
    version = consultation.version
    is_open = consultation.is_open(timezone.localdate())
    return {
        "version": version,
        "consultation": consultation,
        "status": _status(consultation),
        "open": is_open,
        "running": consultation.closed_at is None,
        "groups": _groups(came, may_manage=may_manage and version.is_before_ratification),
        "asked": _asked(came),
        "came": came,
        "may_manage": may_manage,
        "facts": _facts(came),
    }


def _status(consultation: Consultation) -> dict[str, str]:
    if consultation.closed_at:
        return {"kind": "done", "word": "Closed"}
    if consultation.is_open(timezone.localdate()):
        return {"kind": "open", "word": "Open"}
    return {"kind": "due", "word": "To be closed"}


def _facts(came: Came) -> list[dict[str, Any]]:
    consultation = came.consultation
    answered = len(came.comments) - came.unanswered
    facts: list[dict[str, Any]] = [
        {"label": "Asked by", "value": consultation.opened_by.name if consultation.opened_by else ""},
        {"label": "On", "date": timezone.localdate(consultation.created_at)},
        {"label": "Until", "date": consultation.until},
        {"label": "People asked", "value": str(sum(not one.removed_at for one in came.asked))},
        {"label": "Comments", "value": f"{len(came.comments)}, {answered} of them answered"},
        {"label": "Why some are not answered", "value": consultation.unanswered_reason},
    ]
    return [one for one in facts if one.get("value") or one.get("date")]


def _groups(came: Came, *, may_manage: bool) -> list[dict[str, Any]]:
    """Comments under the clause that they are about, the whole first, then in the order of the text."""
    slug = came.consultation.version.school.slug
    rows = [(_about(one, came), _comment(one, slug, may_manage=may_manage)) for one in came.comments]
    return [
        {"about": about, "comments": [row for _, row in held]}
        for about, held in groupby(rows, key=lambda row: row[0])
    ]


def _about(one: Comment, came: Came) -> str:
    if one.clause is None:
        return "The policy as a whole"
    return one.about if one.clause in came.order else f"{one.about} (since deleted)"


def _comment(one: Comment, slug: str, *, may_manage: bool) -> dict[str, Any]:
    status = {"kind": "new", "word": "Not answered yet"}
    if one.answer:
        status = {"kind": ANSWER_KINDS[Answer(one.answer)], "word": Answer(one.answer).label}
    return {
        "who": one.consulted.called,
        "stake": one.consulted.get_stake_display(),
        "text": one.text,
        "at": one.updated_at if not one.answer else one.created_at,
        "entered_by": one.entered_by.name if one.entered_by else "",
        "status": status,
        "reason": one.reason,
        "answered_by": one.answered_by.name if one.answered_by else "",
        "answered_at": one.answered_at,
        "answer_url": reverse("policies:comment_answer", args=[slug, one.pk]) if may_manage else "",
    }


def _asked(came: Came) -> list[dict[str, Any]]:
    """Everybody asked, by what they are to the school: their name, and whether they answered."""
    heard = {one.consulted_id for one in came.comments}
    rows = sorted(came.asked, key=lambda one: (STAKE_ORDER.index(one.stake), one.called.casefold()))
    return [
        {
            "stake": held[0].get_stake_display(),
            "people": [
                {"row": one, "name": one.called, "answered": one.pk in heard, "guest": bool(one.email)}
                for one in held
            ],
        }
        for held in (list(group) for _, group in groupby(rows, key=lambda one: one.stake))
    ]


def consultation_links(consultations: Sequence[Consultation], version: PolicyVersion) -> list[dict[str, Any]]:
    """The consultations on a version, for the panel that says how it came about."""
    return [
        {
            "url": reverse("policies:consultation_detail", args=[version.school.slug, one.pk]),
            "on": timezone.localdate(one.created_at),
            "until": one.until,
            "status": _status(one),
            "asked": one.asked,  # type: ignore[attr-defined]
        }
        for one in consultations
    ]
