"""Visitors: what the tablet at the desk shows, and who is on site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from core import scope
from core.crypto import token_digest
from policies.enums import Audience, VisitorKind
from policies.models import Desk, PolicyVersion, Section, Visit
from policies.selectors.agreements import Told, agreements, told_before
from policies.selectors.fields import show_fields, values_for
from policies.selectors.versions import HEAVY, sections_of
from schools.models import School
from schools.selectors import fill, rule, vocabulary


@dataclass(frozen=True)
class AtDesk:
    """What a tablet shows to one kind of visitor: the school, what they are told, what they agree to."""

    school: School
    versions: list[PolicyVersion]
    told: Told
    asks_car: bool


def school_of_desk(token: str) -> UUID | None:
    """The school in which there is a tablet of this secret, open or not."""
    with scope.acting_as_public(), scope.reading():
        found = Desk.objects.filter(digest=token_digest(token))
        return found.values_list("school_id", flat=True).first()


def open_desk_of(token: str) -> Desk | None:
    """The tablet, inside the scope of its school; None where it was closed."""
    return Desk.objects.select_related("school").filter(digest=token_digest(token), closed_at=None).first()


def at_desk(token: str, kind: str = VisitorKind.VISITOR) -> AtDesk | None:
    """What the tablet shows; None where the address is wrong or closed. No visit is read for it."""
    school_id = school_of_desk(token)
    if school_id is None:
        return None
    with scope.acting(schools=[school_id]), scope.reading():
        desk = open_desk_of(token)
        if desk is None:
            return None
        versions = versions_for(desk.school, kind)
        told = told_visitors(desk.school, versions)
        return AtDesk(desk.school, versions, told, rule(desk.school, "visitor_car_registration") == "yes")


def desk_text(token: str, kind: str, version_id: UUID) -> tuple[AtDesk, PolicyVersion, list[Section]] | None:
    """The text of one policy that visitors of a kind are asked to read; None where the tablet does not lead to it."""
    found = at_desk(token, kind)
    version = next((one for one in found.versions if one.pk == version_id), None) if found else None
    if found is None or version is None:
        return None
    with scope.acting(schools=[found.school.pk]), scope.reading():
        sections = sections_of(version)
        show_fields(sections, values_for(found.school, sections))
    return found, version, sections


def versions_for(school: School, kind: str) -> list[PolicyVersion]:
    """What is in force and asks visitors, or the group of their kind, by title."""
    binding = PolicyVersion.objects.binding().filter(school=school).defer(*HEAVY)
    found = binding.select_related("policy", "school").order_by("title")
    return [one for one in found if {Audience.VISITOR.value, kind} & set(one.policy.audience)]


def told_visitors(school: School, versions: list[PolicyVersion]) -> Told:
    """What they are told before they agree, each sentence once; that activity is monitored is said whatever is in force."""
    kind, told = agreements()["visitor"], [told_before(one.policy, Audience.VISITOR) for one in versions]
    sentences = dict.fromkeys(sentence for one in told for sentence in one.sentences)
    monitoring = dict.fromkeys(one.monitoring for one in told if one.monitoring)
    said = " ".join(monitoring) or fill(kind.monitoring, vocabulary(school))
    return Told(tuple(sentences), said, kind.agree)


def on_site(school: School) -> QuerySet[Visit]:
    """Visitors who were not signed out, who came first first."""
    return Visit.objects.filter(school=school, left_at=None).select_related("desk").order_by("agreed_at")


def left_today(school: School) -> QuerySet[Visit]:
    """Visitors who were signed out today, the last first."""
    begin = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    gone = Visit.objects.filter(school=school, left_at__gte=begin)
    return gone.select_related("desk", "signed_out_by").order_by("-left_at")


def open_desks(school: School) -> QuerySet[Desk]:
    """The tablets that lead somewhere."""
    return (
        Desk.objects.filter(school=school, closed_at=None).select_related("opened_by").order_by("created_at")
    )
