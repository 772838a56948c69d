"""What people say about a draft, and what is done about it. Nobody changes what another said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import DomainError, InvalidTransition, PermissionRefused, WrongValue
from policies.enums import Answer, Stake
from policies.models import Clause, Comment, Consultation, Consulted, PolicyVersion
from policies.reading.rows import in_words
from policies.selectors.consultation import unanswered
from policies.states import BEFORE_RATIFICATION
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_actor, member_of
from schools.services.locking import as_read

LINK = audit.Job("consultation-link")
WORDS_OF_A_CLAUSE = 120


def say(consulted: Consulted, *, clause: UUID | None, text: str, by: Actor | None = None) -> Comment | None:
    """Keeps what one of those asked thinks of a clause (None: of the whole), in place of what they said of it before.

    No words take it back, unless it was answered; other words are answered anew. `by` is the member who was asked, or who
    enters it for people who have no page of their own; None behind a link. Raises PermissionRefused for anybody else,
    InvalidTransition once the consultation has ended, and WrongValue for a clause that does not stand in the draft.
    """
    _check_speaker(consulted, by)
    with transaction.atomic():
        consultation = _lock_open(consulted)
        said = consulted.comments.select_for_update().filter(clause=clause).first()
        if not text.strip():
            _take_back(said, by or _author(consulted))
            return None
        comment = said or Comment(school_id=consulted.school_id, consulted=consulted, clause=clause)
        comment.about = about_clause(consultation.version_id, clause)
        if comment.text != text.strip():  # what was answered were other words
            comment.answer, comment.reason, comment.answered_by, comment.answered_at = "", "", None, None
        comment.text = text.strip()
        comment.entered_by = None if consulted.member_id else member_of(by)
        comment.full_clean(exclude=["consulted"])
        comment.save()
        _record("consultation.commented", comment, by or _author(consulted))
    return comment


def _check_speaker(consulted: Consulted, by: Actor | None) -> None:
    """Members speak for themselves, guests through their link, and whoever prepares the version for everybody else."""
    entered = by is not None and not consulted.member and not consulted.email
    if consulted.member != by and not entered:
        raise PermissionRefused("Only the person who was asked says what they think.")
    if by is not None:
        needed = Permission.POLICY_MANAGE if entered else Permission.POLICY_READ
        check_actor(by, needed, consulted.school_id)


def _lock_open(consulted: Consulted) -> Consultation:
    consultation = Consultation.objects.select_for_update().get(pk=consulted.consultation_id)
    asked = Consulted.objects.get(pk=consulted.pk)
    if asked.removed_at or not consultation.is_open(timezone.localdate()):
        raise InvalidTransition(
            "This consultation has ended, so nothing was changed. What you said before is kept."
        )
    return consultation


def _take_back(said: Comment | None, by: Actor) -> None:
    if said is None:
        raise WrongValue("text", "Write what you think.")
    if said.answered_at:
        raise WrongValue(
            "text", "This was answered, so it stays on record. Write what you think now in its place."
        )
    reference = audit.Reference("policies.comment", said.pk)
    school_id = said.school_id
    said.delete()
    audit.record("consultation.taken_back", by=by, school_id=school_id, target=reference)


def _author(consulted: Consulted) -> Actor:
    """The member; behind a link the system, which knows whose link it was."""
    return consulted.member or LINK


def about_clause(version_id: UUID, clause: UUID | None) -> str:
    """How a clause of a version begins; "" for the whole. Raises WrongValue where no such clause stands in it."""
    if clause is None:
        return ""
    found = Clause.objects.filter(version_id=version_id, stable_id=clause).first()
    if found is None:
        raise WrongValue("clause", "That clause does not stand in this version.")
    words = f"{found.label} {in_words(found.text)}".strip()
    return words[:WORDS_OF_A_CLAUSE] + ("…" if len(words) > WORDS_OF_A_CLAUSE else "")


def record_word(
    consultation: Consultation, *, by: Membership, name: str, stake: str, clause: UUID | None, text: str
) -> Comment | None:
    """Enters what people said another way, at a meeting or in class: who they are, and their words.

    The same name again adds to what stands under it, or changes what stands there about this clause.
    """
    check_actor(by, Permission.POLICY_MANAGE, consultation.school_id)
    if not name.strip():
        raise WrongValue("name", "Say whose word it is.")
    if not text.strip():
        raise WrongValue("text", "Write what they said.")
    with transaction.atomic():
        Consultation.objects.select_for_update().only("pk").get(pk=consultation.pk)
        others = consultation.consulted.filter(member=None, removed_at=None)
        known = next((one for one in others if not one.email and one.name == name.strip()), None)
        asked = known or Consulted(
            school_id=consultation.school_id, consultation=consultation, name=name.strip(), stake=Stake(stake)
        )
        asked.save()
        return say(asked, clause=clause, text=text, by=by)


def answer_comment(comment: Comment, *, by: Actor, answer: str, reason: str) -> Comment:
    """Says what was done about a comment, and why; it can be put another way until the version is ratified.

    Raises Conflict where somebody answered it, or its author put it another way, since `comment` was read.
    """
    check_actor(by, Permission.POLICY_MANAGE, comment.school_id)
    if not reason.strip():
        raise WrongValue("reason", "Say what was done, or why nothing was.")
    with transaction.atomic():
        now = as_read(comment, "text", "reason")
        _check_before_ratification(now.consulted.consultation.version)
        changes = {"answer": [now.answer, answer], "reason": [now.reason, reason.strip()]}
        now.answer, now.reason = Answer(answer), reason.strip()
        now.answered_by = member_of(by)
        now.answered_at = timezone.now()
        now.save(update_fields=["answer", "reason", "answered_by", "answered_at", "updated_at"])
        _record("consultation.answered", now, by, changes)
    return now


def leave_unanswered(consultation: Consultation, *, by: Actor, reason: str) -> Consultation:
    """Says why comments of a closed consultation stay without an answer, so that the version can go on.

    Raises Conflict where somebody said so since `consultation` was read.
    """
    check_actor(by, Permission.POLICY_MANAGE, consultation.school_id)
    if not reason.strip():
        raise WrongValue("reason", "Say why they are not answered.")
    with transaction.atomic():
        now = as_read(consultation, "unanswered_reason")
        if now.closed_at is None:
            raise InvalidTransition("People can still comment. Close the consultation first.")
        _check_before_ratification(now.version)
        changes = {"unanswered_reason": [now.unanswered_reason, reason.strip()]}
        now.unanswered_reason = reason.strip()
        now.save(update_fields=["unanswered_reason", "updated_at"])
        audit.record(
            "consultation.left_unanswered", by=by, school_id=now.school_id, target=now, changes=changes
        )
    return now


def check_answered(version: PolicyVersion) -> None:
    """Raises DomainError while comments on a version have neither an answer nor a reason why not."""
    count = unanswered(version)
    if count:
        what = "One comment has" if count == 1 else f"{count} comments have"
        raise DomainError(
            f"{what} no answer yet. Open the consultation and say what was done about each, or why they are not answered."
        )


def _check_before_ratification(version: PolicyVersion) -> None:
    if version.state not in BEFORE_RATIFICATION:
        raise InvalidTransition(
            f"Version {version.label} is {version.get_state_display().lower()}: what was said and done about it stands."
        )


def _record(action: str, comment: Comment, by: Actor, changes: dict[str, list[Any]] | None = None) -> None:
    changes = changes or {"about": ["", comment.about]}
    audit.record(action, by=by, school_id=comment.school_id, target=comment, changes=changes)
