"""People of a school and their posts."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from core import audit
from core.audit import Actor
from core.errors import DomainError
from schools.enums import Group, Permission, Role
from schools.models import Membership, RoleAppointment, School, User
from schools.permissions import check_actor, check_may_end, check_may_give


def add_member(
    school: School,
    user: User,
    *,
    by: Actor,
    group: str = Group.STAFF,
    job_title: str = "",
    starts_on: date | None = None,
) -> Membership:
    """Lets a person in at once, without a post and without asking them. Pages invite (schools.services.invitations)."""
    check_actor(by, Permission.PEOPLE_MANAGE, school.pk)
    membership = Membership(
        school=school,
        user=user,
        name=user.name,
        accepted_at=timezone.now(),
        group=group,
        job_title=job_title,
        starts_on=starts_on or timezone.localdate(),
    )
    with transaction.atomic():
        membership.full_clean()
        membership.save(force_insert=True)
        audit.record("member.added", by=by, school_id=school.pk, target=membership, label=membership.name)
    return membership


def appoint(
    membership: Membership,
    role: str,
    *,
    by: Actor,
    starts_on: date | None = None,
    ends_on: date | None = None,
    is_lead: bool = False,
) -> RoleAppointment:
    """Gives a member a post from a day (today) on.

    Nobody gives themselves a post, and a post that reads narratives is given by a head alone; the chair's, to whom
    concerns about the head go, by a command.
    """
    check_actor(by, Permission.PEOPLE_MANAGE, membership.school_id)
    if isinstance(by, Membership):
        check_may_give(by, membership, Role(role))
    starts_on = starts_on or timezone.localdate()
    if membership.ends_on is not None and membership.ends_on < starts_on:
        raise DomainError("They will have left by then. Invite them again first.")
    if ends_on is not None and ends_on < starts_on:
        raise DomainError("The last day lies before the first.")
    appointment = RoleAppointment(
        school_id=membership.school_id, membership=membership, user_id=membership.user_id, role=role,
        starts_on=starts_on, ends_on=ends_on, is_lead=is_lead,
    )  # fmt: skip
    with transaction.atomic():
        appointment.full_clean()
        appointment.save(force_insert=True)
        audit.record(
            "post.given",
            by=by,
            school_id=membership.school_id,
            target=appointment,
            label=f"{membership.name}: {Role(role).label}",
        )
    membership.__dict__.pop("roles", None)
    return appointment


def end_appointment(
    appointment: RoleAppointment, *, by: Actor, last_day: date | None = None
) -> RoleAppointment:
    """Ends a post; its last day is yesterday unless said otherwise, so that rights end at once.

    Raises DomainError when it has ended already: a last day on record never moves to a later one.
    """
    check_actor(by, Permission.PEOPLE_MANAGE, appointment.school_id)
    if isinstance(by, Membership):
        check_may_end(by, Role(appointment.role))
    with transaction.atomic():
        appointment.refresh_from_db(from_queryset=RoleAppointment.objects.select_for_update())
        _end(appointment, "post.ended", last_day, by=by)
    return appointment


def end_membership(membership: Membership, *, by: Actor, last_day: date | None = None) -> Membership:
    """Ends a person's belonging, or withdraws an invitation; they are refused from the next request on.

    Every post ends with it, so that who comes back has none of before. Nobody is ever deleted. Raises DomainError when
    it has ended already, and PermissionRefused where a post is not theirs to end.
    """
    check_actor(by, Permission.PEOPLE_MANAGE, membership.school_id)
    with transaction.atomic():
        membership.refresh_from_db(from_queryset=Membership.objects.select_for_update())
        if isinstance(by, Membership):
            for post in _posts_after(membership, _last_day(last_day)):
                check_may_end(by, Role(post.role))
        close(membership, by=by, action="member.ended", last_day=last_day)
    return membership


def close(membership: Membership, *, by: Actor, action: str, last_day: date | None = None) -> None:
    """Ends a membership and its posts, in the caller's transaction and after its checks."""
    end_posts(membership, by=by, last_day=last_day)
    _end(membership, action, last_day, by=by)
    membership.__dict__.pop("roles", None)


def end_posts(membership: Membership, *, by: Actor, last_day: date | None = None) -> None:
    """Ends every post that would hold after the last day, in the caller's transaction."""
    for post in _posts_after(membership, _last_day(last_day)):
        _end(post, "post.ended", last_day, by=by)


def _last_day(said: date | None) -> date:
    return said or timezone.localdate() - timedelta(days=1)


def _posts_after(membership: Membership, day: date) -> list[RoleAppointment]:
    """Posts that would still hold, or begin, after this day."""
    return list(membership.appointments.filter(Q(ends_on=None) | Q(ends_on__gt=day)).order_by("pk"))


def _end(holding: Membership | RoleAppointment, action: str, last_day: date | None, *, by: Actor) -> None:
    """Sets the last day and records what changed.

    What began today and ends today has no day on which it held: its first day moves too, and the audit has the truth.
    """
    ends_on = _last_day(last_day)
    if holding.ends_on is not None and holding.ends_on <= ends_on:
        raise DomainError(f"This ended on {date_format(holding.ends_on)} already. Nothing was changed.")
    starts_on = min(holding.starts_on, ends_on)
    changes = audit.diff(holding, starts_on=starts_on, ends_on=ends_on)
    holding.starts_on, holding.ends_on = starts_on, ends_on
    holding.save(update_fields=["starts_on", "ends_on", "updated_at"])
    audit.record(action, by=by, school_id=holding.school_id, target=holding, changes=changes)
