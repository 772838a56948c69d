"""The e-mail outbox: written in the transaction that causes it, sent by a worker at least once.

An e-mail is a postcard: a constant subject, a reference and a link. Nobody gets two for the same cause.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.template.loader import render_to_string

from core import scope
from core.models import OutgoingMail

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=150)  # longer than a batch of mails may take with a slow server
LONGEST_WAIT = timedelta(hours=4)
BATCH = 1000


def queue_mail(
    template: str, *, to: str, school_id: UUID, cause: str, path: str = "", reference: str = ""
) -> OutgoingMail | None:
    """Owes `to` one e-mail for this cause; None when it is owed or sent already.

    `template` is the base name under templates/emails/. `cause` names what happened and its object, e.g.
    "concern-logged:<id>". `path` is where the link leads. Nothing else reaches the text.
    """
    mails = queue_mails(template, to=[to], school_id=school_id, cause=cause, path=path, reference=reference)
    return OutgoingMail.objects.filter(pk=mails[0].pk).first()


def queue_mails(
    template: str, *, to: Iterable[str], school_id: UUID, cause: str, path: str = "", reference: str = ""
) -> list[OutgoingMail]:
    """Owes each of these addresses one e-mail for this cause, in one statement; who is owed it already gets no second."""
    mails = [
        OutgoingMail(
            school_id=school_id, recipient=one, cause=cause, template=template, path=path, reference=reference
        )
        for one in to
    ]
    return queue_each(mails)


def queue_each(mails: list[OutgoingMail]) -> list[OutgoingMail]:
    """Owes these e-mails, each for a cause of its own, as `queue_mails` does."""
    OutgoingMail.objects.bulk_create(mails, batch_size=BATCH, ignore_conflicts=True)
    if mails and not any(wake is _wake_worker for _, wake, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(_wake_worker, robust=True)
    return mails


def _wake_worker() -> None:
    """Only a wake-up, one for all mails of a transaction: without a broker the mail goes out with the next beat."""
    current_app.tasks["core.tasks.deliver_mail"].delay()


def render_mail(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The message as it is sent. Its id follows from the row, so that a second copy can be dropped by the receiver."""
    context = {"reference": mail.reference, "url": f"{settings.PUBLIC_URL}{mail.path}"}
    base = f"emails/{mail.template}"
    subject = " ".join(render_to_string(f"{base}.subject", {}).split())
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{base}.txt", context),
        to=[mail.recipient],
        headers={"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"{base}.html", context), "text/html")
    return message


def message_id(mail: OutgoingMail) -> str:
    """A Message-ID that is the same for every copy of this mail."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{hashlib.sha256(str(mail.pk).encode()).hexdigest()[:32]}@{host}>"


def claim(limit: int = 5) -> list[tuple[UUID, UUID]]:
    """Leases up to `limit` waiting mails across all schools by the database's clock; (school id, mail id) of each."""
    with scope.acting_as_jobs(), transaction.atomic():
        waiting = OutgoingMail.objects.filter(
            Q(leased_until=None) | Q(leased_until__lt=Now()),
            status=OutgoingMail.Status.PENDING,
            due_at__lte=Now(),
        )
        rows = list(
            waiting.order_by("due_at")
            .select_for_update(skip_locked=True)
            .values_list("school_id", "id")[:limit]
        )
        OutgoingMail.objects.filter(id__in=[pk for _, pk in rows]).update(
            leased_until=Now() + LEASE, attempts=F("attempts") + 1
        )
    return rows


def deliver(school_id: UUID, mail_id: UUID) -> bool:
    """Sends one leased mail, marks it and forgets its link, which may open an account.

    A mail that cannot be built or sent waits longer, then is set aside.
    """
    with scope.acting(schools=[school_id]):
        with scope.reading():
            mail = OutgoingMail.objects.filter(pk=mail_id, status=OutgoingMail.Status.PENDING).first()
        if mail is None:
            return False
        try:
            with scope.reading():
                message = render_mail(mail)
            message.send()
        except Exception:
            logger.exception("mail was not sent", extra={"object_id": mail.pk, "attempts": mail.attempts})
            _postpone(mail)
            return False
        with transaction.atomic():
            OutgoingMail.objects.filter(pk=mail.pk).update(
                status=OutgoingMail.Status.SENT, sent_at=Now(), leased_until=None, path=None
            )
    return True


def _postpone(mail: OutgoingMail) -> None:
    wait = min(timedelta(minutes=2**mail.attempts), LONGEST_WAIT)
    change = (
        {"status": OutgoingMail.Status.QUARANTINED}
        if mail.attempts >= MAX_ATTEMPTS
        else {"due_at": Now() + wait}
    )
    with transaction.atomic():
        OutgoingMail.objects.filter(pk=mail.pk).update(leased_until=None, **change)
