"""What every write on a concern shares: the lock, the entry in the chronology, the checks of words and times."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from core.db.compiled import compiled_once
from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused, SentBefore, WrongValue
from incidents.enums import EntryKind, Status
from incidents.models import ALLOWED_AHEAD, LONGEST_TEXT, ChronologyEntry, Concern
from incidents.permissions import NOT_YOURS, check_can_work
from incidents.procedures import Act
from incidents.selectors.clocks import review_due
from incidents.selectors.procedures import next_due, refusal
from incidents.states import NOW
from schools.models import Membership

PASTED_PICTURE = re.compile(r"data:\s*(?:image|video)/", re.IGNORECASE)
"""How a picture or a film looks that was pasted as text."""


def lock(concern: Concern, by: Membership, version: int | None = None) -> Concern:
    """The concern as it stands now, held until the transaction ends, for a member who may work it now.

    Raises PermissionRefused when they may not, even if they could a moment ago, and Conflict when `version` is what
    they saw before another person changed it.
    """
    held = (
        Concern.objects.select_for_update(of=("self",))
        .select_related("school", "changed_by", "reporter__user")
        .filter(pk=concern.pk, school_id=concern.school_id)
        .first()
    )
    if held is None:
        # The database shows no trace of a concern to whom it is about.
        raise PermissionRefused(NOT_YOURS)
    check_can_work(held, by)
    if version is not None and version != held.version:
        who = held.changed_by.name if held.changed_by else "Somebody"
        raise Conflict(
            f"{who} was first. {NOW[Status(held.status)]} Look at what changed, then decide; what you typed is still here."
        )
    return held


def check_active(concern: Concern) -> None:
    """Raises InvalidTransition for a closed concern."""
    if not concern.is_active:
        raise InvalidTransition("This concern is closed. Reopen it first, and say why.")


def save_change(concern: Concern, *, by: Membership, **new: Any) -> None:
    """Saves the named fields and that this member was the last to change them."""
    for name, value in {**new, "changed_by": by, "version": concern.version + 1}.items():
        setattr(concern, name, value)
    concern.save(update_fields=[*new, "changed_by", "version", "updated_at"])


def write_entry(
    concern: Concern,
    kind: EntryKind,
    text: str,
    *,
    by: Membership,
    happened_at: datetime | None = None,
    **details: Any,
) -> ChronologyEntry:
    """Adds an entry to the chronology, in the caller's transaction."""
    for typed in (text, details.get("reason", "")):
        check_no_picture(concern, typed)
    now = timezone.now()
    entry = ChronologyEntry(
        school_id=concern.school_id, concern=concern, kind=kind, author=by, text=text,
        happened_at=happened_at or now, recorded_at=now, **details,
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


def wind_clock(concern: Concern) -> None:
    """An open concern that got an entry asks for the next one after the school's own number of days, or for its next step."""
    if concern.is_active and concern.triaged_at:
        review, concern.step_due_at = review_due(concern.school, timezone.now()), next_due(concern)
        concern.due_at = min(filter(None, [review, concern.step_due_at]))
        concern.save(update_fields=["due_at", "step_due_at", "updated_at"])


def check_not_refused(concern: Concern, act: str, despite: str = "", *, but: str = "") -> None:
    """Raises WrongValue where the procedure refuses this act now, unless `despite` says why it has happened all the same.

    What a procedure refuses for good is refused whatever is said. `but` is the step that is being recorded.
    """
    held = refusal(concern, act, but)
    if held and held.is_final:
        raise DomainError(held.says)
    if held and not typed_text(despite):
        raise WrongValue(
            "despite", f"Not yet. {held.says} If it has happened already, say here why, and it is recorded."
        )


def despite_line(despite: str) -> list[str]:
    """How an entry says that something happened before the procedure allowed it."""
    return [f"Before the procedure allowed it, because: {typed_text(despite)}"] if typed_text(despite) else []


def check_no_picture(concern: Concern, text: str) -> None:
    """Raises DomainError for a picture that was pasted as text where no picture may be kept."""
    if PASTED_PICTURE.search(text):
        check_not_refused(concern, Act.UPLOAD)


def typed_text(text: str) -> str:
    """A text as it is kept: without its surrounding space and what no database holds."""
    return text.replace("\x00", "").strip()


def words(text: str, what: str) -> str:
    """The text without its surrounding space. Raises DomainError, naming `what` is missing, when nothing is left."""
    text = typed_text(text)
    if not text:
        raise DomainError(f"Please write {what}.")
    if len(text) > LONGEST_TEXT:
        raise DomainError(f"This is longer than {LONGEST_TEXT:,} characters. Please send it in two parts.")
    return text


def past(moment: datetime | None) -> datetime:
    """A moment that has come; now, when none is given. Raises DomainError for the future."""
    now = timezone.now()
    if moment is None:
        return now
    if moment > now + ALLOWED_AHEAD:
        raise DomainError("The time it happened lies in the future. Please look at the date and the time.")
    return moment


def first_with(model: Any, concern: Concern, client_ref: UUID | None, **sent: Any) -> Any:
    """The row of this concern that the same form made when it was sent before; None for a form that is new.

    Raises SentBefore, carrying that row, when what is `sent` now (field by field) is not what was kept then.
    """
    first = sent_with(model, concern.school_id, client_ref)
    if first is None:
        return None
    if first.concern_id != concern.pk:
        raise Conflict("This form was sent before, for another concern. Please write on a fresh page.")
    if any(getattr(first, name) != value for name, value in sent.items()):
        raise SentBefore(first)
    return first


def sent_with(model: Any, school_id: Any, client_ref: UUID | None) -> Any:
    """The row that a form with this reference made."""
    return next(iter(_sent_with(model, school=school_id, ref=client_ref)), None) if client_ref else None


@compiled_once
def _sent_with(model: Any, /, *, school: Any, ref: Any) -> QuerySet[Any]:
    return model.objects.filter(school_id=school, client_ref=ref)
