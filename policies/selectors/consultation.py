"""Consultations: who may say something, what came, and what has no answer yet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from policies.models import Clause, Comment, Consultation, Consulted, PolicyVersion, Section
from policies.permissions import may_open, sees_preparation
from policies.selectors.fields import show_fields, values_for
from policies.selectors.versions import HEAVY, sections_of
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import has_permission

LIGHT = tuple(f"version__{name}" for name in HEAVY)


@dataclass(frozen=True)
class Came:
    """A consultation with everybody asked, and their comments in the order of the clauses."""

    consultation: Consultation
    asked: list[Consulted]
    comments: list[Comment]
    order: dict[UUID, tuple[int, str]]

    @property
    def silent(self) -> list[Consulted]:
        """Who was asked and has not answered."""
        heard = {one.consulted_id for one in self.comments}
        return [one for one in self.asked if one.pk not in heard and not one.removed_at]

    @property
    def unanswered(self) -> int:
        """How many comments nobody has said anything about."""
        return sum(not one.answer for one in self.comments)


def readable_consultations(membership: Membership) -> QuerySet[Consultation]:
    """Those whose results this member may read: all for those who prepare versions, closed ones for those who govern."""
    found = Consultation.objects.filter(school_id=membership.school_id)
    found = found.select_related("version__policy", "version__school", "opened_by").defer(*LIGHT)
    if sees_preparation(membership):
        return found
    if not has_permission(membership, Permission.POLICY_RECORD):
        return found.none()
    return found.filter(closed_at__isnull=False)


def came_of(consultation: Consultation) -> Came:
    """What came of a consultation, in a constant number of queries."""
    asked = list(consultation.consulted.select_related("member"))
    found = Comment.objects.filter(consulted__consultation=consultation)
    places = consultation.version.clauses.values_list("stable_id", "position", "label")
    order = {key: (position, label) for key, position, label in places}
    comments = sorted(
        found.select_related("consulted__member", "answered_by", "entered_by"),
        key=lambda one: (one.clause is not None, order.get(one.clause, (10**6, ""))[0] if one.clause else 0),
    )
    return Came(consultation, asked, comments, order)


def taking_part(membership: Membership) -> QuerySet[Consulted]:
    """What this member is, or was, asked about."""
    found = Consulted.objects.filter(member=membership, removed_at=None)
    return found.select_related(
        "member", "consultation__version__policy", "consultation__version__school"
    ).defer(*(f"consultation__{name}" for name in LIGHT))


def waiting_consultations(membership: Membership) -> list[Consultation]:
    """Those in which this member is asked and has said nothing, and those of their own that have run out."""
    today, said = timezone.localdate(), Comment.objects.filter(consulted=OuterRef("pk"))
    silent = Consulted.objects.filter(~Exists(said), member=membership, removed_at=None)
    is_asked = Exists(silent.filter(consultation=OuterRef("pk")))
    found = Consultation.objects.not_closed()
    waiting = found.filter(Q(is_asked, until__gte=today) | Q(opened_by=membership, until__lt=today))
    return list(waiting.select_related("version").only("until", "version__title", "school_id"))


def draft_of(consulted: Consulted) -> tuple[list[Section], dict[UUID | None, Comment]]:
    """The draft that somebody is asked about, with its fields filled in, and what they have said of it by clause.

    Once the consultation is closed its text may change, and nobody finds it here who may not open the version.
    """
    version = consulted.consultation.version
    sections = sections_of(version) if _may_read_on(consulted) else []
    show_fields(sections, values_for(version.school, sections))
    return sections, {one.clause: one for one in consulted.comments.all()}


def _may_read_on(consulted: Consulted) -> bool:
    if consulted.consultation.closed_at is None:
        return True
    return consulted.member is not None and may_open(consulted.member, consulted.consultation.version)


def clause_in(sections: list[Section], stable_id: UUID | None) -> Clause | None:
    """The clause of a loaded draft that bears this id."""
    clauses = (clause for section in sections for clause in section.clauses.all())
    return next((one for one in clauses if one.stable_id == stable_id), None)


def unanswered(version: PolicyVersion) -> int:
    """Comments on a version that have no answer, in consultations without a reason why not."""
    found = Comment.objects.filter(consulted__consultation__version=version, answer="")
    return found.filter(consulted__consultation__unanswered_reason="").count()


def consultations_of(version: PolicyVersion, membership: Membership) -> list[Consultation]:
    """The consultations on a version that this member may read, the first one first; `asked` counts who was asked."""
    found = readable_consultations(membership).filter(version=version)
    return list(found.annotate(asked=Count("consulted")))
