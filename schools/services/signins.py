"""What happens to a person's sign-in: written to the audit of each of their schools, and told to them by e-mail."""

from __future__ import annotations

import hashlib

from django.db import transaction

from core import audit, scope
from core.audit import Actor
from core.mail import queue_mail
from core.models import OutgoingMail
from schools.models import School, User
from schools.selectors import invitations_of, memberships_of, trusts_of


def record_sign_in_event(user: User, action: str, *, by: Actor) -> int:
    """Appends one entry to the chain of each school the person belongs to today; how many.

    Chains are locked in the order of their schools, so that two sign-ins at once cannot wait for each other.
    """
    with scope.acting(user=user.pk), scope.reading():
        schools = sorted(membership.school_id for membership in memberships_of(user))
    with scope.acting(schools=schools, user=user.pk), transaction.atomic():
        for school_id in schools:
            audit.record(action, by=by, school_id=school_id, target=user)
    return len(schools)


def mail_about_sign_in(user: User, template: str, *, cause: str, path: str) -> OutgoingMail | None:
    """Owes the person one e-mail, in the outbox of their first school, of one that waits for their answer, or of their trust.

    None for somebody who belongs to none.
    """
    with scope.acting(user=user.pk), scope.reading():
        membership = memberships_of(user).first() or invitations_of(user).first()
        led = School.objects.filter(trust__in=trusts_of(user)).order_by("name")
        school_id = membership.school_id if membership else led.values_list("pk", flat=True).first()
    if school_id is None:
        return None
    with scope.acting(schools=[school_id], user=user.pk), transaction.atomic():
        return queue_mail(
            template,
            to=user.email,
            school_id=school_id,
            cause=f"{template}:{hashlib.sha256(cause.encode()).hexdigest()[:32]}",
            path=path,
        )
