"""Parents without an account: one link for each address, what they agree to by it, and their reminders.

A link holds for OPEN_FOR after the last e-mail that led to it. Who agreed with several children agreed for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import audit, scope
from core.crypto import token_digest
from core.errors import DomainError, InvalidTransition
from core.models import AuditHead
from policies import notifications
from policies.enums import Audience, Way
from policies.models import Acknowledgement, PolicyVersion, ReadingLink, ReadingReminder
from policies.selectors import parents, told_before
from schools.enums import Permission
from schools.models import LearnerContact, Membership, School
from schools.permissions import check_actor
from schools.selectors import rule_number

OPEN_FOR = timedelta(days=60)
BY_LINK = audit.Job("parent-link")
SWEEP = audit.Job("reading-reminders")
BATCH = 200


def ask_parents(version: PolicyVersion) -> int:
    """Sends everybody whom a version that comes into force asks as a parent their one link; how many addresses."""
    found = [one.email for one in parents.asked_parents(version.policy)]
    if not found:
        return 0
    # As where parents are reminded: of two at once the second finds the links that the first made.
    AuditHead.objects.select_for_update().get(school_id=version.school_id)
    return _send(
        version.school, filter(None, found), "policies/parents_asked", cause=f"policy-parents:{version.pk}"
    )


def remind_parents(school: School, today: date) -> int:
    """Leads parents to what they have yet to agree to, as often as the school reminds; how many addresses.

    Running it again on the same day changes nothing. Where no policy asks parents it costs one question.
    """
    if not parents.versions_for_parents(school):
        return 0
    with transaction.atomic():
        # The chain's end is locked, so that two sweeps at once cannot both find that it is time.
        AuditHead.objects.select_for_update().get(school_id=school.pk)
        past = ReadingReminder.objects.filter(school=school, whom=Audience.PARENT)
        last = past.order_by("-on").first()
        if last and today < last.on + timedelta(days=rule_number(school, "acknowledge_reminder_days")):
            return 0
        lately = {key for key, link in parents.links_of(school).items() if _mailed_lately(link, today)}
        waiting = [one for one in parents.addresses_waiting(school) if parents.key_of(one) not in lately]
        sent = _send(school, waiting, "policies/parents_waiting", cause=f"policy-parents:{today}")
        ReadingReminder.objects.create(school=school, on=today, whom=Audience.PARENT, reminded=sent)
        changes = {"parents_reminded": [None, sent]}
        audit.record("reading_reminders.recorded", by=SWEEP, school_id=school.pk, changes=changes)
    return sent


def _mailed_lately(link: ReadingLink, today: date) -> bool:
    """Whether an e-mail went there since yesterday: a reminder the day after a new policy would only be a nuisance."""
    return timezone.localdate(link.mailed_at) > today - timedelta(days=2)


def send_link(contact: LearnerContact, *, by: Membership) -> ReadingLink:
    """Sends a contact a new link in place of the one before, which leads nowhere from now on. It opens what was closed.

    Raises DomainError for a contact without an address.
    """
    check_actor(by, Permission.POLICY_COLLECT, contact.school_id)
    if not contact.email:
        raise DomainError("There is no e-mail address. Enter it first, or give them a paper copy.")
    with transaction.atomic():
        AuditHead.objects.select_for_update().get(school_id=contact.school_id)
        link = parents.links_of(contact.school).get(parents.key_of(contact.email))
        if link:
            link.turn, link.closed_at = link.turn + 1, None
            link.save(update_fields=["turn", "closed_at", "updated_at"])
        link = _opened(contact.school, [contact.email])[0]
        cause = f"policy-link:{link.pk}:{link.turn}"
        notifications.lead_parents(contact.school, [link], template="policies/parents_waiting", cause=cause)
        audit.record("reading_link.sent", by=by, school_id=contact.school_id, target=link)
    return link


def close_link(contact: LearnerContact, *, by: Membership) -> None:
    """Closes the link of a contact's address: it leads nowhere, and no e-mail goes there until somebody sends a new one."""
    check_actor(by, Permission.POLICY_COLLECT, contact.school_id)
    with transaction.atomic():
        AuditHead.objects.select_for_update().get(school_id=contact.school_id)
        link = parents.links_of(contact.school).get(parents.key_of(contact.email))
        if link and not link.closed_at:
            link.closed_at = timezone.now()
            link.save(update_fields=["closed_at", "updated_at"])
            audit.record("reading_link.closed", by=by, school_id=contact.school_id, target=link)


def agree_by_link(token: str, version_id: UUID, *, name: str) -> bool:
    """Records the word of whoever holds a link, for all children of the address; False where the link leads nowhere.

    A second time changes nothing. Raises InvalidTransition for a version that is not in force any more.
    """
    school_id = parents.school_of_link(token)
    if school_id is None:
        return False
    with scope.acting(schools=[school_id]), transaction.atomic():
        # Locked first: of two sends of the same form the second finds the records of the first.
        version = PolicyVersion.objects.select_for_update().filter(pk=version_id, school_id=school_id).first()
        found = parents.behind(token)
        if version is None or found is None:
            return False
        if not version.is_binding:
            raise InvalidTransition(
                "This policy was replaced in the meantime. Read the one that is in force now."
            )
        _agree(version, found.contacts.get(version.policy_id, []), name)
    return True


def _agree(version: PolicyVersion, contacts: list[UUID], name: str) -> None:
    given = set(Acknowledgement.objects.standing_for(version).values_list("contact_id", flat=True))
    rows = [
        Acknowledgement(
            school_id=version.school_id, version=version, contact_id=one, way=Way.LINK, typed_name=name
        )
        for one in contacts
        if one not in given
    ]
    if not rows:
        return
    Acknowledgement.objects.bulk_create(rows)
    changes: dict[str, list[Any]] = {
        "people": [None, [str(row.contact_id) for row in rows]],
        "told_before": [None, told_before(version.policy, Audience.PARENT).monitoring],
    }
    audit.record(
        "policy_version.agreed_by_link",
        by=BY_LINK,
        school_id=version.school_id,
        target=version,
        changes=changes,
    )


def _send(school: School, addresses: Iterable[str], template: str, *, cause: str) -> int:
    links = _opened(school, addresses)
    notifications.lead_parents(school, links, template=template, cause=cause)
    return len(links)


def _opened(school: School, addresses: Iterable[str]) -> list[ReadingLink]:
    """The link of each address, made where there is none, and open for a while from today; none that the office closed."""
    now, until = timezone.now(), timezone.localdate() + OPEN_FOR
    held = parents.links_of(school)
    wanted = parents.by_key(addresses)
    links = [held.get(key) or ReadingLink(school=school, address=one) for key, one in wanted.items()]
    links = [one for one in links if not one.closed_at]
    for link in links:
        link.digest, link.mailed_at, link.expires_on = token_digest(parents.token_of(link)), now, until
    new = [one for one in links if one._state.adding]
    old = [one for one in links if not one._state.adding]
    ReadingLink.objects.bulk_create(new, batch_size=BATCH)
    ReadingLink.objects.bulk_update(old, ["digest", "mailed_at", "expires_on"], batch_size=BATCH)
    return links
