"""The people in a concern; naming an adult as the one it is about shuts them out and may change its readers."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from core import audit
from core.errors import Conflict, DomainError
from incidents import notifications
from incidents.enums import ABOUT, EntryKind, PersonRole, Route
from incidents.models import Concern, ConcernPerson
from incidents.permissions import names_wholly
from incidents.selectors.concerns import barred, members_named, routing_for
from incidents.services.report import shut_out
from incidents.services.steps import lock, save_change, words, write_entry
from schools.models import Learner, Membership


@transaction.atomic
def add_person(
    concern: Concern, role: str, person: Learner | Membership | str, *, by: Membership
) -> ConcernPerson:
    """Adds a learner, a member of the school or a name, with a role in this concern alone.

    An adult whom it is about never finds it again. Raises Conflict when the person has that role already.
    """
    held = lock(concern, by)
    if isinstance(person, str):
        person = words(person, "a name")
    elif person.school_id != held.school_id:
        raise DomainError("This person does not belong to the school.")
    if role in ABOUT and (person == by if not isinstance(person, str) else names_wholly(person, by.name)):
        raise DomainError(
            "If this concern is about you, close this page and tell somebody else who may read it."
        )
    try:
        with transaction.atomic():
            return _add(held, PersonRole(role), person, by)
    except IntegrityError:
        raise Conflict("This person has that role in this concern already.") from None


def _add(
    held: Concern, role: PersonRole, person: Learner | Membership | str, by: Membership
) -> ConcernPerson:
    added = ConcernPerson(school_id=held.school_id, concern=held, role=role, added_by=by)
    if isinstance(person, Membership):
        added.member = person
    elif isinstance(person, Learner):
        added.learner = person
    else:
        added.name = person
    added.save(force_insert=True)
    name = person if isinstance(person, str) else person.name
    write_entry(held, EntryKind.PEOPLE, f"{name}: {role.label}", by=by)
    if role in ABOUT and not isinstance(person, Learner):
        _take_away(
            held, [person] if isinstance(person, Membership) else members_named(held.school, person), by
        )
    audit.record("concern.person_added", by=by, school_id=held.school_id, target=added, label=held.reference)
    return added


def _take_away(held: Concern, about: list[Membership], by: Membership) -> None:
    """From now on these people find no trace of it, and others read it where they would have."""
    if about:
        shut_out(held, about)
        _route_anew(held, by)
        if held.lead_id in {member.pk for member in about}:
            save_change(held, by=by, lead=None)


def _route_anew(concern: Concern, by: Membership) -> None:
    """A concern about an adult goes to the chair when it turns out to be about a head."""
    routing = routing_for(concern.school, Route(concern.route), barred(concern))
    if routing.audience != concern.audience:
        save_change(concern, by=by, audience=routing.audience, routing_reason=routing.reason, lead=None)
        notifications.tell_readers(concern, routing.told(concern.reporter))
