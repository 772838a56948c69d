"""People without an account who are asked about a draft, by a link of their own; and reminders to who has not answered."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import audit, scope
from core.audit import Actor
from core.crypto import token_digest
from core.errors import InvalidTransition, WrongValue
from core.models import OutgoingMail
from policies import notifications
from policies.enums import Stake
from policies.models import Comment, Consultation, ConsultationLink, Consulted
from policies.selectors.guests import token_of
from schools.enums import Permission
from schools.permissions import check_actor
from schools.selectors import members, start_of

SWEEP = audit.Job("consultation-reminders")
LAST_CALL = timedelta(days=3)
"""So long before the last day those who have not answered are reminded."""
LAST = "last-call"


def invite_guest(consultation: Consultation, *, by: Actor, name: str, email: str, stake: str) -> Consulted:
    """Asks a person without an account, by an e-mail with a link that ends with the consultation.

    Raises WrongValue when this address was asked already, InvalidTransition once the time is over.
    """
    check_actor(by, Permission.POLICY_MANAGE, consultation.school_id)
    with transaction.atomic():
        now = _lock_open(consultation)
        asked = now.consulted.select_related("member__user").filter(removed_at=None)
        known = {one.email or (one.member.user.email if one.member else "") for one in asked}
        if email.casefold() in {one.casefold() for one in known}:
            raise WrongValue("email", "Somebody with this address is asked already.")
        guest = Consulted(school_id=now.school_id, consultation=now, stake=Stake(stake))
        guest.name, guest.email = name.strip(), email.strip()
        guest.full_clean(exclude=["consultation"])
        guest.save(force_insert=True)
        link = ConsultationLink(school_id=now.school_id, consulted=guest)
        link.digest = token_digest(token_of(link))
        link.save(force_insert=True)
        notifications.ask_guest(link, guest)
        audit.record("consultation.guest_asked", by=by, school_id=now.school_id, target=guest)
    return guest


def remove_guest(guest: Consulted, *, by: Actor) -> Consulted:
    """Takes a link back. What came by it stays; asked again, the person gets another link."""
    check_actor(by, Permission.POLICY_MANAGE, guest.school_id)
    with transaction.atomic():
        now = Consulted.objects.select_for_update().get(pk=guest.pk)
        if now.removed_at is None:
            now.removed_at = timezone.now()
            now.save(update_fields=["removed_at", "updated_at"])
            audit.record("consultation.guest_removed", by=by, school_id=now.school_id, target=now)
    return now


def remind_silent(consultation: Consultation, *, by: Actor, cause: str = "") -> int:
    """Reminds everybody who is asked and has said nothing, once a day (or once for `cause`); how many they are.

    Members who have left are asked no more. Where nobody is silent nothing happens.
    """
    check_actor(by, Permission.POLICY_MANAGE, consultation.school_id)
    with transaction.atomic():
        now = _lock_open(consultation)
        heard = Comment.objects.filter(consulted__consultation=now).values("consulted")
        here = Q(member=None) | Q(member__in=members(now.school).values("pk"))
        asked = now.consulted.filter(here, removed_at=None).exclude(pk__in=heard)
        silent = list(asked.select_related("member__user").prefetch_related("links"))
        if not silent:
            return 0
        notifications.remind_of_consultation(now, silent, cause=cause or str(timezone.localdate()))
        changes = {"reminded": [None, len(silent)]}
        audit.record("consultation.reminded", by=by, school_id=now.school_id, target=now, changes=changes)
    return len(silent)


def _lock_open(consultation: Consultation) -> Consultation:
    now = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if not now.is_open(timezone.localdate()):
        raise InvalidTransition("The time for comments is over.")
    return now


def ending_soon(today: date) -> list[tuple[UUID, UUID]]:
    """School and id of every consultation whose last day is at most LAST_CALL away, across all schools."""
    with scope.acting_as_jobs(), scope.reading():
        found = Consultation.objects.filter(closed_at=None, until__range=(today, today + LAST_CALL))
        return list(found.order_by("pk").values_list("school_id", "pk"))


def remind_once(pk: UUID) -> int:
    """Reminds those who are silent in a consultation of this school that ends soon, once; how many they were.

    Not on the day on which it was opened: people have just been asked.
    """
    today = timezone.localdate()
    with transaction.atomic():
        # Locked first: of two sweeps at once the second finds the mails of the first.
        locked = Consultation.objects.select_for_update(of=("self",)).select_related("version")
        consultation = locked.filter(pk=pk).first()
        if (
            consultation is None
            or not consultation.is_open(today)
            or consultation.created_at >= start_of(today)
        ):
            return 0
        if OutgoingMail.objects.filter(cause=notifications.reminder_cause(consultation, LAST)).exists():
            return 0
        return remind_silent(consultation, by=SWEEP, cause=LAST)
