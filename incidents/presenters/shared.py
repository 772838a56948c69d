"""What several pages of concerns say: status, risk, kind, clock, names, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.addresses import address
from core.templatetags.ui import clock_text
from incidents import procedures
from incidents.enums import PersonRole, Risk, Route, Status
from incidents.models import Concern, ConcernPerson
from incidents.selectors.clocks import SchoolTime
from schools.enums import Role
from schools.models import Membership

STATUS_KINDS = {Status.NEW: "new", Status.OPEN: "open", Status.CLOSED: "done", Status.REOPENED: "open"}


RISK_KINDS = {Risk.LOW: "quiet", Risk.MEDIUM: "due", Risk.HIGH: "stop"}


SOON = 120
ABOUT = {PersonRole.SUBJECT, PersonRole.HARMED, PersonRole.ALLEGED}
"""The roles of those whom a concern is about."""


def status_of(concern: Concern) -> dict[str, str]:
    """The status word of a concern; a new one that nobody has opened says so."""
    if concern.status == Status.NEW and not concern.is_seen:
        return {"kind": "due", "word": "Not yet read"}
    status = Status(concern.status)
    return {"kind": STATUS_KINDS[status], "word": status.label}


def risk_of(concern: Concern) -> dict[str, str] | None:
    """The risk given at triage."""
    return (
        {"kind": RISK_KINDS[Risk(concern.risk)], "word": Risk(concern.risk).label} if concern.risk else None
    )


def kind_of(concern: Concern, words: Mapping[str, str]) -> str:
    """What kind of concern it is, in the school's words."""
    kind = procedures.kinds().get(concern.category)
    return procedures.in_words(kind.text, words) if kind else ""


def clock_of(concern: Concern, time: SchoolTime, now: datetime) -> dict[str, Any]:
    """The one clock of a concern: to triage, then to its next entry."""
    if not concern.is_active:
        return {"text": "Closed", "state": "met", "due": concern.closed_at}
    left = time.minutes_left(concern, now)
    state = "over" if concern.due_at < now else "soon" if left <= SOON else "plenty"
    is_step = concern.step_due_at is not None and concern.step_due_at == concern.due_at
    following = "to the next step" if is_step else "to the next entry"
    what = "to triage" if concern.status == Status.NEW else following
    text = "Due now" if left == 0 else clock_text(left)
    return {"text": text, "state": state, "due": concern.due_at, "what": what}


def name_of(person: ConcernPerson) -> str:
    """The name of somebody in a concern."""
    if person.learner:
        return person.learner.name
    return person.member.name if person.member else person.name


def short_of(person: ConcernPerson) -> str:
    """Enough of a name to know a record again by: a child's first name and initial."""
    if person.learner:
        return f"{person.learner.first_name} {person.learner.last_name[:1]}."
    return name_of(person)


def detail_of(person: ConcernPerson) -> str:
    """What tells this person from others of the same name."""
    if person.learner:
        return str(person.learner.class_name)
    return str(person.member.job_title or "works here") if person.member else "not on the lists"


def url_of(concern: Concern, what: str, slug: str, *more: Any) -> str:
    """The address of a page of this concern's route."""
    prefix = "concern" if concern.route == Route.CHILD else "adult_concern"
    return address(f"incidents:{prefix}_{what}", slug, *(more or [concern.pk]))


def queue_url(route: str, slug: str) -> str:
    """The queue of one route."""
    return address(f"incidents:{'concern' if route == Route.CHILD else 'adult_concern'}_list", slug)


def post_of(member: Membership, words: Mapping[str, str]) -> str:
    """The post for which somebody reads concerns, in the school's words."""
    for role, key in (
        (Role.DSL, "dsl"), (Role.DEPUTY_DSL, "deputy_dsl"), (Role.HEADTEACHER, "headteacher"),
        (Role.HEAD_OF_SCHOOL, "further_head"), (Role.CHAIR, "chair"),
    ):  # fmt: skip
        if role in member.roles:
            text = words.get(key, role.label)
            return text[:1].upper() + text[1:]
    return ""
