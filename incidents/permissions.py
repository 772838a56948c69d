"""Who a concern is for, who may read it, and the checks that services make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.errors import PermissionRefused
from incidents.enums import Audience, Route
from incidents.models import Concern, ShutOut
from schools.enums import Permission, Role
from schools.models import Membership
from schools.permissions import check_permission

HEADS = frozenset({Role.HEADTEACHER, Role.HEAD_OF_SCHOOL})
READERS: dict[Audience, frozenset[Role]] = {
    Audience.SAFEGUARDING: frozenset({Role.DSL, Role.DEPUTY_DSL}),
    Audience.HEAD: HEADS,
    Audience.CHAIR: frozenset({Role.CHAIR}),
}
"""The posts that read each audience's concerns; who is shut out of one never does."""

READ: dict[Route, Permission] = {
    Route.CHILD: Permission.CONCERN_READ,
    Route.ADULT: Permission.STAFF_CONCERN_READ,
}
NOT_YOURS = "This concern is not yours to work on."
WORK: dict[Route, Permission] = {
    Route.CHILD: Permission.CONCERN_WORK,
    Route.ADULT: Permission.STAFF_CONCERN_READ,
}
ROUTE_OF: dict[Audience, Route] = {
    Audience.SAFEGUARDING: Route.CHILD,
    Audience.HEAD: Route.ADULT,
    Audience.CHAIR: Route.ADULT,
}


@dataclass(frozen=True)
class PostHolder:
    """A person of the school and the posts they hold today."""

    person: Any
    roles: frozenset[str]


@dataclass(frozen=True)
class Routing:
    """Who a concern goes to and why. Without recipients, nobody in the school may receive it: turn outside."""

    audience: Audience
    recipients: tuple[Any, ...]
    reason: str

    @property
    def goes_outside(self) -> bool:
        """Whether the reporter must be sent to the officer for allegations or social care instead."""
        return not self.recipients


def route_concern(route: Route, staff: Iterable[PostHolder], about: Iterable[Any] = ()) -> Routing:
    """Decides from the people concerned alone; `about` are the adults the concern is about.

    A concern about a child goes to the safeguarding leads; one about an adult to the head; one about a head, or where
    no head is free of it, to the chair. Whoever it is about is never among the recipients.
    """
    subjects, staff = set(about), list(staff)
    if route == Route.CHILD:
        return _routing(
            Audience.SAFEGUARDING, staff, subjects, "It is about a child: the safeguarding leads receive it."
        )
    if any(one.person in subjects and one.roles & HEADS for one in staff):
        return _routing(
            Audience.CHAIR, staff, subjects, "It is about a head: the chair receives it, and no head."
        )
    to_head = _routing(Audience.HEAD, staff, subjects, "It is about an adult: the head receives it.")
    if to_head.recipients:
        return to_head
    return _routing(
        Audience.CHAIR, staff, subjects, "It is about an adult and no head is in post: the chair receives it."
    )


def _routing(audience: Audience, staff: list[PostHolder], subjects: set[Any], reason: str) -> Routing:
    people = tuple(
        one.person for one in staff if one.roles & READERS[audience] and one.person not in subjects
    )
    return Routing(audience, people, reason)


def audiences_of(roles: Iterable[str], route: Route) -> frozenset[Audience]:
    """Whose concerns of one route somebody with these posts reads."""
    held = set(roles)
    return frozenset(a for a, posts in READERS.items() if ROUTE_OF[a] == route and held & posts)


def may_read(roles: Iterable[str], audience: str, *, shut_out: bool) -> bool:
    """Whether somebody with these posts reads a concern of this audience."""
    return not shut_out and bool(set(roles) & READERS[Audience(audience)])


def can_work(concern: Concern, by: Membership) -> bool:
    """Whether this member may read the concern and act on it."""
    return by.school_id == concern.school_id and may_read(
        by.roles, concern.audience, shut_out=is_shut_out(concern, by)
    )


def is_shut_out(concern: Concern, by: Membership) -> bool:
    """Whether the concern is hidden from this member whatever posts they hold."""
    if concern.is_self_report and concern.reporter_id == by.pk:
        return True
    return ShutOut.objects.filter(concern=concern, user_id=by.user_id).exists()


def check_can_work(concern: Concern, by: Membership) -> None:
    """Raises PermissionRefused unless the member may work this very concern."""
    check_permission(by, WORK[Route(concern.route)], school_id=concern.school_id)
    if not can_work(concern, by):
        raise PermissionRefused(NOT_YOURS)
