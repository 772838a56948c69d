"""Who a concern is for, who may read it, and the checks that services make."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.errors import PermissionRefused
from incidents.enums import Audience, Route
from incidents.models import REASON_LENGTH, Concern, ShutOut
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


NO_NAMES = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "rev", "revd", "the", "our", "my", "of"]
)
POST_NAMES: dict[Audience, frozenset[str]] = {
    Audience.HEAD: frozenset({"head", "ht", "headteacher", "headmaster", "headmistress", "principal"}),
    Audience.CHAIR: frozenset({"chair", "chairman", "chairwoman", "chairperson"}),
}
POST_DETAILS = frozenset(
    [
        "teacher", "master", "mistress", "school", "executive", "exec", "acting", "interim", "new", "current",
        "governors", "governing", "body", "board", "trustees", "and",
    ]
)  # fmt: skip
"""Words that come with the name of a post and alone name nobody."""


@dataclass(frozen=True)
class PostHolder:
    """A person of the school, the posts they hold today, their name, and what the school calls those posts."""

    person: Any
    roles: frozenset[str]
    name: str = ""
    called: tuple[str, ...] = ()


@dataclass(frozen=True)
class Routing:
    """Who a concern goes to and why. Without recipients, nobody in the school may receive it: turn outside.

    `meant` are those who would have received it but may be who was named in free text.
    """

    audience: Audience
    recipients: tuple[Any, ...]
    reason: str
    meant: tuple[Any, ...] = ()

    def told(self, reporter: Any) -> tuple[Any, ...]:
        """Who is told: the recipients; whoever reported it only where there is no other."""
        return tuple(person for person in self.recipients if person != reporter) or self.recipients


def route_concern(
    route: Route, staff: Iterable[PostHolder], about: Iterable[Any] = (), names: Iterable[str] = ()
) -> Routing:
    """Decides from the people concerned alone; `about` are the adults the concern is about, `names` those in free text.

    A concern about a child goes to the safeguarding leads; one about an adult to the head; one about a head, or where
    no head is free of it, to the chair. Whoever it is about, or may be about, is never among the recipients.
    """
    subjects, staff, names = set(about), list(staff), list(names)
    meant = [one for one in staff if any(may_mean(name, one, route) for name in names)]
    routing = _route(route, staff, subjects, {one.person for one in meant})
    if not meant:
        return routing
    said = " and ".join(one.name for one in meant)
    reason = f"{routing.reason} A name that was typed may mean {said}, who does not receive it."
    return replace(routing, reason=reason[:REASON_LENGTH], meant=tuple(one.person for one in meant))


def _route(route: Route, staff: list[PostHolder], about: set[Any], meant: set[Any]) -> Routing:
    subjects = about | meant
    if route == Route.CHILD:
        return _routing(
            Audience.SAFEGUARDING, staff, subjects, "It is about a child: the safeguarding leads receive it."
        )
    heads = {one.person for one in staff if one.roles & HEADS}
    if heads & subjects:
        verb = "is" if heads & about else "may be"
        return _routing(
            Audience.CHAIR, staff, subjects, f"It {verb} about a head: the chair receives it, and no head."
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


def may_mean(typed: str, one: PostHolder, route: Route) -> bool:
    """Whether a name in free text may mean this person.

    Adults who read concerns of this route are often named in part or by their post: a surname, a first name, initials,
    "the head" or the school's own word for it are enough. In a concern about a child it takes the whole name, for
    children share first names and surnames with adults; so it does for whoever does not read it, but may one day.
    """
    audiences = audiences_of(one.roles, route)
    if not audiences or route == Route.CHILD:
        return names_wholly(typed, one.name)
    written, name = _parts(typed), _parts(one.name)
    if name and name[-1] in written:
        return True
    own = {part for name in one.called for part in _parts(name)} - POST_DETAILS
    posts = own.union(*(POST_NAMES[audience] for audience in audiences))
    known = posts | POST_DETAILS | set(name)
    initials = {part[0] for part in name}
    told = [part for part in written if part in posts or part in name or part in initials]
    return bool(told) and all(part in known or part in initials for part in written)


def names_wholly(typed: str, name: str) -> bool:
    """Whether a text holds every part of a name of more than one, in any order and case."""
    parts = set(_parts(name))
    return len(parts) > 1 and parts <= set(_parts(typed))


def _parts(text: str) -> list[str]:
    """The words of a name, in order: folded, without accents, apostrophes and titles."""
    plain = unicodedata.normalize("NFKD", text.replace("'", "").replace("\u2019", "")).casefold()
    words = re.findall(r"\w+", "".join(one for one in plain if not unicodedata.combining(one)))
    return [word for word in words if word not in NO_NAMES]


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
