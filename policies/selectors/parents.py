"""Parents: whom a policy asks, who cannot be reached by e-mail, and what stands behind the link of an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import salted_hmac

from core import scope
from core.crypto import token_digest
from core.models import OutgoingMail
from policies.enums import Audience
from policies.models import Acknowledgement, Policy, PolicyVersion, ReadingLink, Section
from policies.selectors.agreements import Told, told_before
from policies.selectors.fields import show_fields, values_for
from policies.selectors.versions import HEAVY, sections_of
from schools.models import LearnerContact, School
from schools.selectors import parents_of, parents_on_roll

MAILS = ("policies/parents_asked", "policies/parents_waiting")
NO_ADDRESS, FAILED, CLOSED = "no address", "failed", "closed"


def key_of(address: str | None) -> str:
    """By which the same address is known again."""
    return (address or "").strip().casefold()


def by_key(addresses: Iterable[str]) -> dict[str, str]:
    """Addresses, each once, as it is written first."""
    found: dict[str, str] = {}
    for one in addresses:
        found.setdefault(key_of(one), one)
    return found


def asked_parents(policy: Policy) -> list[LearnerContact]:
    """Contacts with parental responsibility whom a policy asks, by class and learner."""
    return parents_of(policy.school, policy.classes) if Audience.PARENT in policy.audience else []


def versions_for_parents(school: School) -> list[PolicyVersion]:
    """What is in force and asks parents, by title."""
    binding = PolicyVersion.objects.binding().filter(school=school).defer(*HEAVY)
    found = binding.select_related("policy", "school").order_by("title")
    return [one for one in found if Audience.PARENT in one.policy.audience]


def is_asked(policy: Policy, contact: LearnerContact) -> bool:
    """Whether a policy asks this parent: by the class of the learner."""
    return Audience.PARENT in policy.audience and (
        not policy.classes or contact.learner.class_name in policy.classes
    )


def addresses_waiting(school: School) -> list[str]:
    """Addresses at which something has yet to be agreed to, each once."""
    versions = versions_for_parents(school)
    if not versions:
        return []
    standing = Acknowledgement.objects.standing().filter(school=school, contact__isnull=False)
    given = set(standing.values_list("version__policy_id", "contact_id"))
    waiting = (
        one.email or ""
        for one in parents_on_roll(school)
        if any(is_asked(v.policy, one) and (v.policy_id, one.pk) not in given for v in versions)
    )
    return list(by_key(filter(None, waiting)).values())


def links_of(school: School) -> dict[str, ReadingLink]:
    """The links of a school by address."""
    return {key_of(one.address): one for one in ReadingLink.objects.filter(school=school)}


class Reach:
    """Why an e-mail does not reach a parent: "no address", "failed", "closed"; "" where it does."""

    def __init__(self, school: School) -> None:
        links = links_of(school)
        self.closed = {key for key, link in links.items() if link.closed_at}
        failed = OutgoingMail.objects.filter(
            school_id=school.pk, template__in=MAILS, status=OutgoingMail.Status.QUARANTINED
        )
        self.failed = {key_of(one) for one in failed.values_list("recipient", flat=True)}

    def why_not(self, contact: LearnerContact) -> str:
        """Why this contact gets a paper copy."""
        key = key_of(contact.email)
        if not key:
            return NO_ADDRESS
        return CLOSED if key in self.closed else FAILED if key in self.failed else ""


# --- Behind a link ----------------------------------------------------------------------------------------------------


def token_of(link: ReadingLink) -> str:
    """The secret of a link's present turn. It follows from the server's key, so that a reminder leads to the same address."""
    return salted_hmac("policies.readinglink", f"{link.pk}:{link.turn}", algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Asked:
    """One policy that a family is asked to agree to, and when it did."""

    version: PolicyVersion
    agreed_on: date | None


@dataclass(frozen=True)
class Behind:
    """What stands behind a good link. Contacts are ids: no name of a child is read for the page."""

    school: School
    asked: list[Asked]
    contacts: dict[UUID, list[UUID]]
    """The contacts of the address whom each policy asks, by policy."""


@dataclass(frozen=True)
class ParentText:
    """One policy as a parent reads it."""

    behind: Behind
    asked: Asked
    sections: list[Section]
    told: Told


def school_of_link(token: str) -> UUID | None:
    """The school in which there is a link of this secret, whether it still holds or not."""
    with scope.acting_as_public(), scope.reading():
        found = ReadingLink.objects.filter(digest=token_digest(token))
        return found.values_list("school_id", flat=True).first()


def behind_link(token: str) -> Behind | None:
    """What a link leads to; None where it is wrong, closed or too old, or its address is nobody's any more."""
    school_id = school_of_link(token)
    if school_id is None:
        return None
    with scope.acting(schools=[school_id]), scope.reading():
        return behind(token)


def behind(token: str) -> Behind | None:
    """The same, inside the scope of the school."""
    link = ReadingLink.objects.select_related("school").filter(digest=token_digest(token)).first()
    if link is None or link.closed_at or link.expires_on < timezone.localdate():
        return None
    key = key_of(link.address)
    family = [one for one in parents_on_roll(link.school) if key_of(one.email) == key]
    if not family:
        return None
    versions = versions_for_parents(link.school)
    contacts = {v.policy_id: [one.pk for one in family if is_asked(v.policy, one)] for v in versions}
    versions = [one for one in versions if contacts[one.policy_id]]
    return Behind(link.school, _asked(versions, contacts, {one.pk for one in family}), contacts)


def _asked(
    versions: Iterable[PolicyVersion], contacts: dict[UUID, list[UUID]], family: Collection[UUID]
) -> list[Asked]:
    """A policy is agreed to where it is for every contact of the address whom it asks."""
    standing = Acknowledgement.objects.standing().filter(contact__in=family)
    days: dict[UUID, dict[UUID, date]] = defaultdict(dict)
    for policy_id, contact_id, at in standing.values_list("version__policy_id", "contact_id", "at"):
        days[policy_id][contact_id] = timezone.localdate(at)
    return [
        Asked(
            one,
            max(days[one.policy_id].values())
            if days[one.policy_id].keys() >= {*contacts[one.policy_id]}
            else None,
        )
        for one in versions
    ]


def parent_text(token: str, version_id: UUID) -> ParentText | None:
    """The text of one policy behind a link, its fields filled; None where the link does not lead to it."""
    school_id = school_of_link(token)
    if school_id is None:
        return None
    with scope.acting(schools=[school_id]), scope.reading():
        found = behind(token)
        asked = next((one for one in found.asked if one.version.pk == version_id), None) if found else None
        if found is None or asked is None:
            return None
        sections = sections_of(asked.version)
        show_fields(sections, values_for(found.school, sections))
        told = told_before(asked.version.policy, Audience.PARENT)
    return ParentText(found, asked, sections, told)
