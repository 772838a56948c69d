"""Concerns as their readers and their reporters find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from incidents.enums import Audience, EntryKind, Route
from incidents.models import Action, ChronologyEntry, Concern, ConcernPerson, ConcernQuerySet
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
from schools.models import Membership, School
from schools.selectors import holders, members, post_names, with_posts

ANY_READER = frozenset().union(*READERS.values())
READ_ABOUT_ADULTS = READERS[Audience.HEAD] | READERS[Audience.CHAIR]


def readable(by: Membership, route: Route) -> ConcernQuerySet:
    """The concerns of one route that this member may read and work; a concern about them is not among them."""
    return _of_audiences(by, audiences_of(by.roles, route))


def _of_audiences(by: Membership, audiences: Iterable[Audience]) -> ConcernQuerySet:
    found: Any = by.school.concerns
    return found.for_audiences(audiences).not_about(by)


def for_page(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    """With everything that a concern's page shows."""
    entries = ChronologyEntry.objects.select_related("author")
    people = ConcernPerson.objects.select_related("learner", "member").order_by("created_at")
    actions = Action.objects.select_related("owner")
    return concerns.select_related("reporter", "lead").prefetch_related(
        Prefetch("entries", entries), Prefetch("people", people), Prefetch("actions", actions)
    )


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
    found = holders(concern.school, roles, without=concern.shut_outs.values("user_id"))
    return [m for m in found if may_read(m.roles, concern.audience, shut_out=m.pk == themselves)]


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


def linked(concern: Concern, by: Membership) -> QuerySet[Concern]:
    """Other concerns that share a learner with this one and that this member may read."""
    learners = [one.learner_id for one in concern.people.all() if one.learner_id]
    parts = ConcernPerson.objects.filter(learner_id__in=learners).values("concern_id")
    audiences = {audience for route in Route for audience in audiences_of(by.roles, route)}
    others = _of_audiences(by, audiences).filter(pk__in=parts).exclude(pk=concern.pk)
    return others.order_by("-happened_at")[:10]
