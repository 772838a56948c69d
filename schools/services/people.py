"""People of a school and their posts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import DomainError
from core.mail import queue_mail
from schools.enums import Group, Permission, Role
from schools.models import Membership, RoleAppointment, School, User
from schools.permissions import check_may_end, check_may_give
from schools.services.founding import check_may


def add_member(
    school: School,
    user: User,
    *,
    by: Actor,
    group: str = Group.STAFF,
    job_title: str = "",
    starts_on: date | None = None,
) -> Membership:
    """Lets a person into the school, without any post yet."""
    check_may(by, Permission.PEOPLE_MANAGE, school)
    membership = Membership(
        school=school,
        user=user,
        group=group,
        job_title=job_title,
        starts_on=starts_on or timezone.localdate(),
    )
    with transaction.atomic():
        membership.full_clean()
        membership.save(force_insert=True)
        audit.record("member.added", by=by, school_id=school.pk, target=membership, label=user.name)
    return membership


def invite_member(
    school: School, email: str, name: str, role: str, *, by: Actor, **details: Any
) -> Membership:
    """A person (new or known from another school) with a first post; they are mailed a link to choose a password.

    Raises DomainError when they belong to the school already.
    """
    check_may(by, Permission.PEOPLE_MANAGE, school)
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, name)
        if Membership.objects.filter(school=school, user=user).exists():
            raise DomainError(
                "A person with this e-mail address belongs to the school already. Give them another post instead."
            )
        membership = add_member(school, user, by=by, **details)
        queue_mail(
            "schools/invited",
            to=user.email,
            school_id=school.pk,
            cause=f"invited:{membership.pk}",
            path=reverse("account_reset_password"),
        )
        appoint(membership, role, by=by)
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
    check_may(by, Permission.PEOPLE_MANAGE, membership.school)
    if isinstance(by, Membership):
        check_may_give(by, membership, Role(role))
    appointment = RoleAppointment(
        school_id=membership.school_id, membership=membership, user_id=membership.user_id, role=role,
        starts_on=starts_on or timezone.localdate(), ends_on=ends_on, is_lead=is_lead,
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
    """Ends a post; its last day is yesterday unless said otherwise, so that rights end at once."""
    check_may(by, Permission.PEOPLE_MANAGE, appointment.school)
    if isinstance(by, Membership):
        check_may_end(by, Role(appointment.role))
    changes = _end(appointment, last_day)
    with transaction.atomic():
        appointment.save(update_fields=["starts_on", "ends_on", "updated_at"])
        audit.record(
            "post.ended", by=by, school_id=appointment.school_id, target=appointment, changes=changes
        )
    return appointment


def end_membership(membership: Membership, *, by: Actor, last_day: date | None = None) -> Membership:
    """Ends a person's belonging; they are refused from the next request on. Nobody is ever deleted."""
    check_may(by, Permission.PEOPLE_MANAGE, membership.school)
    changes = _end(membership, last_day)
    with transaction.atomic():
        membership.save(update_fields=["starts_on", "ends_on", "updated_at"])
        audit.record(
            "member.ended", by=by, school_id=membership.school_id, target=membership, changes=changes
        )
    return membership


def _end(holding: Membership | RoleAppointment, last_day: date | None) -> dict[str, list[Any]]:
    """Sets the last day, yesterday unless said otherwise; what changed.

    What began today and ends today has no day on which it held: its first day moves too, and the audit has the truth.
    """
    ends_on = last_day or timezone.localdate() - timedelta(days=1)
    starts_on = min(holding.starts_on, ends_on)
    changes = audit.diff(holding, starts_on=starts_on, ends_on=ends_on)
    holding.starts_on, holding.ends_on = starts_on, ends_on
    return changes
