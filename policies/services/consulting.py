"""Consultation on a draft: opened with a question, of whom and until when; its text rests until it is closed again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import Conflict, DomainError, InvalidTransition, WrongValue
from policies import notifications
from policies.enums import Stake
from policies.enums import VersionState as V
from policies.models import Consultation, Consulted, PolicyVersion
from policies.permissions import check_transition
from policies.services.locking import lock_version, save_version
from schools.enums import Group, Permission
from schools.models import Membership
from schools.permissions import check_actor, member_of
from schools.selectors import holders

LONGEST = timedelta(days=365)


def open_consultation(
    version: PolicyVersion,
    *,
    by: Actor,
    question: str,
    until: date,
    posts: Iterable[str] = (),
    members: Iterable[Membership] = (),
) -> Consultation:
    """Asks the holders of these posts and these members about a draft until the end of a day, and mails them.

    Raises WrongValue for a day that has passed, Conflict when somebody changed the draft since `version` was read.
    """
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    _check(question, until)
    chosen = list(posts)
    of_posts = holders(version.school, chosen) if chosen else []
    asked = {one.pk: one for one in (*of_posts, *members)}
    with transaction.atomic():
        locked = lock_version(version)
        check_transition(locked, V.CONSULTATION)
        locked.state = V.CONSULTATION
        save_version(locked)
        consultation = Consultation(
            school_id=version.school_id,
            version=locked,
            opened_by=member_of(by),
            question=question.strip(),
            posts=chosen,
            until=until,
        )
        consultation.full_clean(exclude=["version"])
        consultation.save(force_insert=True)
        _ask(consultation, list(asked.values()))
        changes = {"question": ["", consultation.question], "until": ["", until.isoformat()]}
        _record("consultation.opened", consultation, by, {**changes, "asked": [0, len(asked)]})
    return consultation


def _check(question: str, until: date) -> None:
    if not question.strip():
        raise WrongValue("question", "Say what you want to know.")
    if not timezone.localdate() <= until <= timezone.localdate() + LONGEST:
        raise WrongValue("until", "Give a day from today on, within a year.")


def _ask(consultation: Consultation, members: list[Membership]) -> None:
    Consulted.objects.bulk_create([_row(consultation, one) for one in members], batch_size=200)
    notifications.ask_for_comments(consultation, members)


def _row(consultation: Consultation, member: Membership) -> Consulted:
    if member.school_id != consultation.school_id:
        raise DomainError("Choose people of this school.")
    stake = Stake.GOVERNOR if member.group == Group.GOVERNOR else Stake.STAFF
    return Consulted(school_id=consultation.school_id, consultation=consultation, member=member, stake=stake)


def ask_more(consultation: Consultation, members: Iterable[Membership], *, by: Actor) -> int:
    """Asks further members while people may still comment; how many were not asked before, who are mailed.

    Raises InvalidTransition once the time is over, WrongValue where nobody is new.
    """
    check_actor(by, Permission.POLICY_MANAGE, consultation.school_id)
    with transaction.atomic():
        now = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if not now.is_open(timezone.localdate()):
            raise InvalidTransition("This consultation has ended, so nobody else was asked.")
        asked = set(now.consulted.values_list("member_id", flat=True))
        new = [one for one in members if one.pk not in asked]
        if not new:
            raise WrongValue("members", "Choose somebody who is not asked yet.")
        _ask(now, new)
        _record("consultation.asked_more", now, by, {"asked": [len(asked), len(asked) + len(new)]})
    return len(new)


def close_consultation(consultation: Consultation, *, by: Actor) -> Consultation:
    """Ends a consultation, on its day or before. The version is a draft again, and what came stays with it.

    Raises Conflict when it is closed already.
    """
    check_actor(by, Permission.POLICY_MANAGE, consultation.school_id)
    with transaction.atomic():
        version = PolicyVersion.objects.select_for_update().get(pk=consultation.version_id)
        now = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if now.closed_at or version.state != V.CONSULTATION:
            raise Conflict("This consultation is closed already.")
        check_transition(version, V.DRAFT)
        version.state = V.DRAFT
        save_version(version)
        now.closed_at = timezone.now()
        now.save(update_fields=["closed_at", "updated_at"])
        _record("consultation.closed", now, by)
    return now


def _record(
    action: str, consultation: Consultation, by: Actor, changes: dict[str, list[Any]] | None = None
) -> None:
    audit.record(action, by=by, school_id=consultation.school_id, target=consultation, changes=changes)
