"""The days on which policies ask something of one member, for a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from core import scope
from core.crypto import token_digest
from core.partdate import knows_day
from policies.models import CalendarFeed, Policy, PolicyVersion
from policies.permissions import HEADS
from policies.selectors.library import library
from schools.enums import Permission, Role
from schools.models import Membership
from schools.permissions import has_permission
from schools.selectors import with_posts


@dataclass(frozen=True)
class DueDay:
    """Something that falls on a day. `key` is the same for as long as it is the same thing."""

    key: str
    day: date
    what: str
    title: str
    url: str
    note: str = ""


def feed_of(membership: Membership) -> CalendarFeed | None:
    """The calendar address that this member has made."""
    return CalendarFeed.objects.filter(member=membership).first()


def calendar_of(token: str) -> list[DueDay] | None:
    """What the calendar behind a secret address holds; None where there is none, or its person has left."""
    with scope.acting_as_public(), scope.reading():
        found = (
            CalendarFeed.objects.filter(digest=token_digest(token))
            .values_list("school_id", "member_id")
            .first()
        )
    if found is None:
        return None
    with scope.acting(schools=[found[0]]), scope.reading():
        member = _live(found[1])
        return due_days(member) if member and has_permission(member, Permission.POLICY_READ) else None


def _live(member_id: UUID) -> Membership | None:
    live = Membership.objects.on(timezone.localdate()).filter(pk=member_id, user__is_active=True)
    return next(iter(with_posts(live.select_related("school"))), None)


def due_days(membership: Membership) -> list[DueDay]:
    """Reviews that this member is reminded of, and policies that they have yet to read; only of versions in force."""
    days, policies = [], library(membership)
    named = {one.policy.owner_id for one in policies if one.policy.owner_id}
    owners = set(
        Membership.objects.on(timezone.localdate()).filter(pk__in=named).values_list("pk", flat=True)
    )
    for one in policies:
        version, title = one.in_force, one.policy.title
        if version and version.next_review_on and _is_reminded(one.policy, membership, owners):
            days.append(_review(version, version.next_review_on, title))
        if version and one.to_acknowledge and version.acknowledge_by:
            key, url = f"read-{version.pk}", version.get_absolute_url()
            days.append(DueDay(key, version.acknowledge_by, "Read and acknowledge", title, url))
    return sorted(days, key=lambda one: (one.day, one.title))


def _review(version: PolicyVersion, day: date, title: str) -> DueDay:
    note = "" if knows_day(version.next_review) else "The policy names the month; this is its last day."
    return DueDay(f"review-{version.pk}", day, "Policy review due", title, version.get_absolute_url(), note)


def _is_reminded(policy: Policy, member: Membership, owners: set[UUID]) -> bool:
    """Owner, head and chair, as with reminders by e-mail; the owning post only where no owner is named who is still here."""
    posts = {*HEADS, Role.CHAIR} | (set() if policy.owner_id in owners else {policy.owner_role})
    return policy.owner_id == member.pk or not posts.isdisjoint(member.roles)
