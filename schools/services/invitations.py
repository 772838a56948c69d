"""Inviting a person into a school: a membership that gives nothing until the person has said yes.

Whoever invites learns nothing about the address: the page is the same whether it has an account already or not.
"""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, scope
from core.audit import Actor
from core.errors import DomainError
from core.mail import queue_mail
from schools.enums import Permission
from schools.models import Membership, School, User
from schools.permissions import check_actor
from schools.services.people import appoint, close, end_posts

SALT = "schools.invitation"
INVITATION_DAYS = 7


def invite_member(
    school: School, email: str, name: str, role: str, *, by: Actor, **details: str
) -> Membership:
    """Invites a person with a first post, and mails them a link; the name is the one this school uses.

    `details` are group and job_title. Who left comes back to the same membership, with this post alone.
    Raises DomainError when they belong to the school, or have been invited, already.
    """
    check_actor(by, Permission.PEOPLE_MANAGE, school.pk)
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, name)
        membership = _open(school, user)
        new = {
            "name": name,
            "starts_on": timezone.localdate(),
            "ends_on": None,
            "accepted_at": None,
            **details,
        }
        changes = audit.diff(membership, **new)
        for field, value in new.items():
            setattr(membership, field, value)
        membership.full_clean()
        membership.save()
        end_posts(membership, by=by)
        _mail_link(membership)
        audit.record(
            "member.invited", by=by, school_id=school.pk, target=membership, label=name, changes=changes
        )
        appoint(membership, role, by=by)
    return membership


def _open(school: School, user: User) -> Membership:
    """A new membership, or the one that has ended. Raises DomainError where there is nothing to invite to."""
    there = Membership.objects.select_for_update().filter(school=school, user=user).first()
    if there is None:
        return Membership(school=school, user=user)
    if there.is_waiting:
        raise DomainError(
            "This address has been invited already. Open the person to send the invitation again."
        )
    if there.ends_on is None or there.ends_on >= timezone.localdate():
        raise DomainError(
            "A person with this e-mail address belongs to the school already. Give them another post instead."
        )
    return there


def _mail_link(membership: Membership) -> bool:
    """Owes the person one e-mail a day; whether there was none today."""
    owed = queue_mail(
        "schools/invited",
        to=membership.user.email,
        school_id=membership.school_id,
        cause=f"invited:{membership.pk}:{timezone.localdate()}",
        path=invitation_path(membership),
    )
    return owed is not None


def send_invitation_again(membership: Membership, *, by: Actor) -> Membership:
    """A new link, good for as long as the first was. Raises DomainError after the answer, and twice on one day."""
    check_actor(by, Permission.PEOPLE_MANAGE, membership.school_id)
    if not membership.is_waiting:
        raise DomainError("This invitation has been answered or withdrawn.")
    with transaction.atomic():
        if not _mail_link(membership):
            raise DomainError("They were sent an invitation today. Another can be sent tomorrow.")
        audit.record("member.invited_again", by=by, school_id=membership.school_id, target=membership)
    return membership


def invitation_path(membership: Membership) -> str:
    """The address of the link: signed, and good for INVITATION_DAYS days."""
    token = signing.dumps([membership.school_id.hex, membership.pk.hex], salt=SALT)
    return reverse("schools:invitation", args=[token])


def read_invitation(token: str) -> Membership | None:
    """The invitation that a link stands for, while it waits; None for any that does not hold.

    It does not when it is forged, too old, answered or withdrawn, or when the account is closed.
    """
    try:
        school_id, pk = signing.loads(token, salt=SALT, max_age=INVITATION_DAYS * 86400)
    except signing.BadSignature:
        return None
    with scope.acting(schools=[UUID(school_id)]), scope.reading():
        waiting = Membership.objects.waiting().filter(pk=UUID(pk), user__is_active=True)
        return waiting.select_related("user", "school").first()


def accept_invitation(membership: Membership, *, by: User) -> Membership:
    """The person's own yes: from here on the posts they were given hold."""
    with scope.acting(schools=[membership.school_id], user=by.pk), transaction.atomic():
        _take_turn(membership, by)
        membership.accepted_at = timezone.now()
        membership.save(update_fields=["accepted_at", "updated_at"])
        audit.record("member.accepted", by=by, school_id=membership.school_id, target=membership)
    return membership


def decline_invitation(membership: Membership, *, by: User) -> Membership:
    """The person's own no; the school can invite them again."""
    with scope.acting(schools=[membership.school_id], user=by.pk), transaction.atomic():
        _take_turn(membership, by)
        close(membership, by=by, action="member.declined")
    return membership


def _take_turn(membership: Membership, by: User) -> None:
    """Of two answers at once one counts. Raises DomainError for anybody else's invitation, and for one not waiting."""
    membership.refresh_from_db(from_queryset=Membership.objects.select_for_update())
    if membership.user_id != by.pk or not membership.is_waiting:
        raise DomainError("This invitation has been answered or withdrawn.")
