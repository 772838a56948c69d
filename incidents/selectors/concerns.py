"""Concerns as their readers and their reporters find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.db.compiled import Among, Given, compiled_once, put_in
from incidents.enums import Audience, EntryKind, Route
from incidents.models import Action, ChronologyEntry, Concern, ConcernPerson, ConcernQuerySet, ShutOut
from incidents.permissions import (
    HEADS,
    READERS,
    PostHolder,
    Routing,
    audiences_of,
    may_read,
    names_wholly,
    route_concern,
)
from incidents.selectors.procedures import step_records
from schools.models import Membership, School
from schools.selectors import holders, holding, members, one_each, post_names, with_posts

ANY_READER = frozenset().union(*READERS.values())
READ_ABOUT_ADULTS = READERS[Audience.HEAD] | READERS[Audience.CHAIR]


def readable(by: Membership, route: Route) -> ConcernQuerySet:
    """The concerns of one route that this member may read and work; a concern about them is not among them."""
    found: Any = by.school.concerns
    return found.for_audiences(audiences_of(by.roles, route)).not_about(by.user_id, by.pk)


def visible(audiences: Iterable[Audience], *, school: Any, user: Any, member: Any) -> ConcernQuerySet:
    """The same for queries that are compiled once; `seen_by` gives the values."""
    found: ConcernQuerySet = Concern.objects.filter(school=school)
    return found.for_audiences(audiences).not_about(user, member)


def seen_by(by: Membership) -> dict[str, Any]:
    """Through whose eyes `visible` looks."""
    return {"school": by.school_id, "user": by.user_id, "member": by.pk}


def for_page(by: Membership, route: Route, pk: UUID) -> Concern | None:
    """A concern that this member may read, with everything that its page shows."""
    found = next(iter(_for_page(audiences_of(by.roles, route), pk=pk, **seen_by(by))), None)
    if found is not None:
        found.school = by.school
        entries, people, actions = (query(concern=pk) for query in (_entries, _people, _actions))
        records = step_records(concern=pk)
        _name_members(
            [(found, "reporter"), (found, "lead")] + [(one, "author") for one in entries]
            + [(one, "member") for one in people] + [(one, "owner") for one in actions]
        )  # fmt: skip
        for parts, rows in (
            (found.entries, entries), (found.people, people), (found.actions, actions), (found.step_records, records),
        ):  # fmt: skip
            put_in(parts, rows)
    return found


def _name_members(places: list[tuple[Any, str]]) -> None:
    """Puts the member into each place (row, relation): joined, five queries would each read the same few."""
    wanted = {pk for row, name in places if (pk := getattr(row, f"{name}_id"))}
    found = {member.pk: member for member in _members(members=list(wanted))}
    for row, name in places:
        setattr(row, name, found.get(getattr(row, f"{name}_id")))


@compiled_once
def _members(*, members: Given) -> QuerySet[Membership]:
    return Membership.objects.filter(Among("id", members))


@compiled_once
def _for_page(
    audiences: frozenset[Audience], /, *, pk: Any, school: Any, user: Any, member: Any
) -> QuerySet[Concern]:
    found = visible(audiences, school=school, user=user, member=member).filter(pk=pk)
    return found.select_related("procedure")


@compiled_once
def _entries(*, concern: Any) -> QuerySet[ChronologyEntry]:
    return ChronologyEntry.objects.filter(concern=concern)


@compiled_once
def _people(*, concern: Any) -> QuerySet[ConcernPerson]:
    return ConcernPerson.objects.filter(concern=concern).select_related("learner").order_by("created_at")


@compiled_once
def _actions(*, concern: Any) -> QuerySet[Action]:
    return Action.objects.filter(concern=concern)


def own(by: Membership) -> QuerySet[Concern]:
    """What this member reported, newest first; those that turned out to be about them have gone."""
    mine = Concern.objects.filter(school_id=by.school_id, reporter=by)
    hidden = mine.filter(shut_outs__user_id=by.user_id).values("pk")
    return mine.exclude(pk__in=hidden).order_by("-recorded_at")


def replies(concern: Concern) -> QuerySet[ChronologyEntry]:
    """What the readers wrote back to the reporter; an answer entered in error is not shown."""
    withdrawn = concern.entries.filter(kind=EntryKind.ERROR).values("corrects_id")
    return concern.entries.filter(kind=EntryKind.REPLY).exclude(pk__in=withdrawn)


def post_holders(school: School) -> list[PostHolder]:
    """Everybody who reads concerns of any audience, with the posts of today, as routing needs them."""
    return [PostHolder(member, member.roles, member.name) for member in holders(school, ANY_READER)]


def _everybody(school: School) -> list[PostHolder]:
    """Everybody who belongs to the school, as routing needs them where a name was typed."""
    called, found = post_names(school), with_posts(members(school).prefetch_related(None))
    return [
        PostHolder(m, m.roles, m.name, tuple(called[role] for role in m.roles & READ_ABOUT_ADULTS))
        for m in found
    ]


def routing_for(
    school: School, route: Route, about: Iterable[Membership], names: Sequence[str] = ()
) -> Routing:
    """Who a concern would go to now."""
    staff = _everybody(school) if any(names) else post_holders(school)
    return route_concern(route, staff, about, names)


def barred(concern: Concern) -> list[Membership]:
    """Members who are, or may be, whom it is about, so that routing passes them by."""
    found = Membership.objects.filter(school_id=concern.school_id)
    out = Q(user_id__in=concern.shut_outs.values("user_id"))
    if concern.is_self_report:
        out |= Q(pk=concern.reporter_id)
    return list(found.filter(out))


def told(concern: Concern) -> list[Membership]:
    """Who was told of a concern when it was sent; nothing that happens to it later changes this."""
    order = {pk: n for n, pk in enumerate(concern.sent_to)}
    found = Membership.objects.filter(school_id=concern.school_id, pk__in=order).select_related("user")
    return sorted(with_posts(found), key=lambda member: order[str(member.pk)])


def readers(concern: Concern) -> list[Membership]:
    """The members who can read a concern today, by name."""
    themselves = concern.reporter_id if concern.is_self_report else None
    roles = READERS[Audience(concern.audience)]
    day = timezone.localdate()
    found = one_each(_readers(roles, school=concern.school, day=day, concern=concern), concern.school)
    return [m for m in found if may_read(m.roles, concern.audience, shut_out=m.pk == themselves)]


@compiled_once
def _readers(roles: frozenset[str], /, *, school: Any, day: Any, concern: Any) -> QuerySet[Membership]:
    out = ShutOut.objects.filter(concern=concern).values("user_id")
    return holding(roles, school=school, day=day).exclude(user_id__in=out)


def members_named(school: School, text: str) -> list[Membership]:
    """Those whose whole name stands in a text, whether they read concerns today or may one day."""
    return [one for one in members(school) if names_wholly(text, one.name)]


def first_readers(school: School, route: Route) -> list[Membership]:
    """Who reads a new concern of this route, for the line on the form."""
    return holders(school, READERS[Audience.SAFEGUARDING] if route == Route.CHILD else HEADS)


def route_readers(by: Membership, route: Route) -> list[Membership]:
    """Everybody who reads what this member reads of one route, by name."""
    read = audiences_of(by.roles, route)
    return holders(by.school, frozenset().union(*(READERS[audience] for audience in read)))


def own_with_replies(by: Membership) -> QuerySet[Any]:
    """What this member reported, each with `has_reply`."""
    withdrawn = ChronologyEntry.objects.filter(kind=EntryKind.ERROR, corrects_id=OuterRef("pk"))
    answered = ChronologyEntry.objects.filter(
        ~Exists(withdrawn), kind=EntryKind.REPLY, concern_id=OuterRef("pk")
    )
    return own(by).annotate(has_reply=Exists(answered))


def linked(concern: Concern, by: Membership) -> list[Concern]:
    """Other concerns that share a learner with this one and that this member may read."""
    learners = [one.learner_id for one in concern.people.all() if one.learner_id]
    audiences = frozenset(audience for route in Route for audience in audiences_of(by.roles, route))
    found = _linked(audiences, learners=learners, but=concern.pk, **seen_by(by)) if learners else []
    for other in found:
        other.school = by.school
    return found


@compiled_once
def _linked(
    audiences: frozenset[Audience], /, *, learners: Given, but: Any, school: Any, user: Any, member: Any
) -> QuerySet[Concern]:
    parts = ConcernPerson.objects.filter(Among("learner", learners)).values("concern_id")
    others = visible(audiences, school=school, user=user, member=member).filter(pk__in=parts).exclude(pk=but)
    return others.only("school", "route", "reference", "status", "happened_at").order_by("-happened_at")[:10]
