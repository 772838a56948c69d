"""Logging a concern: one report, one record, its readers told, whoever it is about shut out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.db.together import insert_together
from core.errors import Conflict, DomainError, SentBefore
from incidents import notifications
from incidents.enums import PersonRole, Place, Route
from incidents.models import Concern, ConcernPerson, ShutOut
from incidents.permissions import Routing
from incidents.selectors.clocks import triage_due
from incidents.selectors.concerns import own, routing_for
from incidents.services.steps import check_no_picture, past, sent_with, typed_text, words
from schools.enums import Permission
from schools.models import Learner, Membership, School
from schools.permissions import check_permission

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that are mistaken for others when read aloud or copied by hand."""
TRIES = 2
SENT_BEFORE = "This form was sent before. Please write on a fresh page."
TYPED = (
    "route", "narrative", "happened_note", "place", "place_note", "service", "already_done", "told_in_person", "immediate_danger",
    "may_involve_imagery",
)  # fmt: skip
"""What a reporter types and nobody changes afterwards."""


@dataclass(frozen=True)
class NewConcern:
    """What somebody reports. `names` are people who are not on the school's lists; no time means now."""

    narrative: str
    route: str = Route.CHILD
    learners: Sequence[Learner] = ()
    adults: Sequence[Membership] = ()
    names: Sequence[str] = ()
    happened_at: datetime | None = None
    happened_note: str = ""
    place: str = Place.ON_SITE
    place_note: str = ""
    service: str = ""
    already_done: str = ""
    told_in_person: bool = False
    immediate_danger: bool = False
    may_involve_imagery: bool = False
    category: str = ""


def log_concern(
    school: School, report: NewConcern, *, by: Membership, client_ref: UUID | None = None
) -> Concern:
    """Keeps a report as it was written, decides who reads it, and tells them by e-mail.

    The same `client_ref` again gives the first record; with anything typed otherwise it raises SentBefore, which carries
    that record. Raises DomainError for an empty report, a time to come, or people of another school.
    """
    client_ref = client_ref or uuid4()
    for _ in range(TRIES):
        try:
            return _log_once(school, report, by, client_ref)
        except (
            IntegrityError
        ):  # the same form came twice at once; or, among millions, a reference that is there
            continue
    # The first is there, and the database shows no trace of it to whom it is about.
    raise Conflict(SENT_BEFORE)


@transaction.atomic
def _log_once(school: School, report: NewConcern, by: Membership, client_ref: UUID) -> Concern:
    check_permission(by, Permission.CONCERN_LOG, school_id=school.pk)
    narrative = words(report.narrative, "what happened")
    _check_people(school, report)
    first = _sent_before(school, client_ref, report, by)
    return first or _log(school, report, narrative, by, client_ref)


def _sent_before(school: School, client_ref: UUID, report: NewConcern, by: Membership) -> Concern | None:
    first: Concern | None = sent_with(Concern, school.pk, client_ref)
    if first is not None and not own(by).filter(pk=first.pk).exists():
        raise Conflict(SENT_BEFORE)
    if first is not None and not _says_the_same(first, report):
        raise SentBefore(first)
    return first


def _says_the_same(first: Concern, report: NewConcern) -> bool:
    """Whether a form that comes again holds what was kept; a kind that was decided since is no longer the reporter's."""
    sent: dict[str, Any] = {name: getattr(report, name) for name in TYPED}
    if report.happened_at is not None:
        sent["happened_at"] = report.happened_at
    if first.triaged_at is None:
        sent["category"] = report.category
    named = first.people.filter(added_by=first.reporter_id)
    people = {*report.learners, *report.adults, *filter(None, (name.strip() for name in report.names))}
    return {one.learner or one.member or one.name for one in named} == people and all(
        getattr(first, name) == (typed_text(value) if isinstance(value, str) else value)
        for name, value in sent.items()
    )


def _check_people(school: School, report: NewConcern) -> None:
    if any(person.school_id != school.pk for person in (*report.learners, *report.adults)):
        raise DomainError("Somebody who was chosen does not belong to this school. Please choose again.")
    if report.route == Route.CHILD and report.adults:
        raise DomainError("A concern about an adult has a page of its own.")


def _log(school: School, report: NewConcern, narrative: str, by: Membership, client_ref: UUID) -> Concern:
    now = timezone.now()
    routing = routing_for(school, Route(report.route), report.adults, report.names)
    concern = Concern(
        school=school, reference=_new_reference(), client_ref=client_ref, route=report.route,
        audience=routing.audience, routing_reason=routing.reason, reporter=by,
        is_self_report=by in {*routing.meant, *report.adults},
        sent_to=[str(member.pk) for member in routing.told(by)],
        happened_at=past(report.happened_at), happened_note=typed_text(report.happened_note), place=report.place, place_note=typed_text(report.place_note),
        service=typed_text(report.service), narrative=narrative, already_done=typed_text(report.already_done),
        told_in_person=report.told_in_person, immediate_danger=report.immediate_danger,
        may_involve_imagery=report.may_involve_imagery, category=report.category, recorded_at=now,
        due_at=triage_due(school, now, immediate_danger=report.immediate_danger),
    )  # fmt: skip
    for text in (concern.narrative, concern.already_done):
        check_no_picture(concern, text)
    insert_together(concern, *_people(concern, report, by))
    shut_out(concern, [adult for adult in {*report.adults, *routing.meant} if adult != by])
    _announce(concern, routing, by)
    return concern


def _people(concern: Concern, report: NewConcern, by: Membership) -> list[ConcernPerson]:
    about = PersonRole.SUBJECT
    child = PersonRole.SUBJECT if report.route == Route.CHILD else PersonRole.HARMED
    common = {"school_id": concern.school_id, "concern": concern, "added_by": by}
    names = filter(None, (name.strip() for name in report.names))
    return [
        *(ConcernPerson(learner=learner, role=child, **common) for learner in report.learners),
        *(ConcernPerson(member=adult, role=about, **common) for adult in report.adults),
        *(ConcernPerson(name=name, role=about, **common) for name in names),
    ]


def shut_out(concern: Concern, members: Sequence[Membership]) -> None:
    """From now on these people find no trace of the concern."""
    rows = [
        ShutOut(school_id=concern.school_id, concern=concern, user_id=member.user_id) for member in members
    ]
    ShutOut.objects.bulk_create(rows, ignore_conflicts=True)


def _announce(concern: Concern, routing: Routing, by: Membership) -> None:
    notifications.tell_readers(concern, routing.told(by))
    changes = {"route": [None, concern.route], "audience": [None, concern.audience]}
    audit.record(
        "concern.logged",
        by=by,
        school_id=concern.school_id,
        target=concern,
        label=concern.reference,
        changes=changes,
    )


def _new_reference() -> str:
    """A reference that tells nothing: random, so that nobody can count concerns by it. The database lets none in twice."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def mark_seen(concern: Concern) -> bool:
    """Notes that one of its readers has opened a concern for the first time; the audit of the read says who."""
    return bool(
        Concern.objects.filter(pk=concern.pk, school_id=concern.school_id, is_seen=False).update(
            is_seen=True, seen_at=timezone.now()
        )
    )
