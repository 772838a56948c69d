"""E-mail workers are killed and the mail server has bad moments: every mail arrives, few arrive twice, none three times."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTPException
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, transaction
from django.db.models.functions import Now

from core import mail, scope
from core.models import OutgoingMail
from core.tasks import deliver_mail
from policyhub.testing.servers import free_port
from policyhub.tests.durability import ground

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WORKERS = 4
REFUSED_EVERY = 20


class Postbox:
    """What a mail server does: takes mails; says 451 (try later) to one in twenty."""

    def __init__(self, file: Path) -> None:
        self.asked, self.refused, self.file = 0, 0, file

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the name aiosmtpd calls
        self.asked += 1
        if self.asked % REFUSED_EVERY == 0:
            self.refused += 1
            return "451 Try again later"
        headers = envelope.content.decode().split("\r\n\r\n")[0].splitlines()
        ids = [line.split(": ", 1)[1] for line in headers if line.lower().startswith("message-id:")]
        ground.acknowledge(self.file, ids[0])
        return "250 OK"


@pytest.fixture
def postbox(tmp_path: Path) -> Iterator[Postbox]:
    """A real SMTP server on this machine."""
    box = Postbox(tmp_path / "arrived")
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_PORT, before = server.port, settings.EMAIL_PORT
    yield box
    settings.EMAIL_PORT = before
    server.stop()


def owe(school: Any, count: int) -> list[str]:
    """So many mails to as many people; their Message-IDs."""
    ids = []
    with transaction.atomic():
        for number in range(count):
            owed = mail.queue_mail(
                "core/notice", to=f"p{number}@school.example", school_id=school.pk, cause="x"
            )
            ids.append(mail.message_id(owed))
    return ids


def send_forever(number: int, file: Path) -> None:
    """What a Celery worker does when it is woken, again and again."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    while True:
        try:
            deliver_mail()
        except (OperationalError, InterfaceError):
            connections.close_all()
        time.sleep(0.02)


def waiting(school: Any) -> int:
    with scope.acting(schools=[school.pk]), scope.reading():
        return OutgoingMail.objects.exclude(status="sent").count()


def bring_forward(school: Any) -> None:
    """Instead of an hour's waiting: leases of the killed have run out, and what was refused is due."""
    with scope.acting(schools=[school.pk]), transaction.atomic():
        OutgoingMail.objects.filter(status="pending").update(leased_until=None, due_at=Now())


def test_killed_workers_lose_no_mail_and_double_few(school, postbox, soak):
    kills = 250 if soak else 5
    with transaction.atomic():
        ids = owe(school, 10_000 if soak else 150)
        transaction.get_connection().run_on_commit.clear()  # nobody sends while they are written
    with ground.kept_alive(send_forever, WORKERS, postbox.file) as kill:
        kill(kills)
    for _ in range(mail.MAX_ATTEMPTS):
        bring_forward(school)
        herd = [ground.start(drain) for _ in range(WORKERS)]
        for process in herd:
            process.join()

    copies = Counter(ground.acknowledged(postbox.file))
    doubled = sum(times - 1 for times in copies.values())
    ground.report(
        "outbox",
        mails=len(ids),
        kills=kills,
        answered_451=postbox.refused,
        lost=len(set(ids) - set(copies)),
        duplicates=doubled,
        most_copies=max(copies.values()),
    )
    assert (set(copies), waiting(school)) == (set(ids), 0)
    assert doubled <= kills + WORKERS  # those that work at the end are killed as well
    assert max(copies.values()) <= 2


def drain() -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    deliver_mail()


def send_without_outbox(number: int, file: Path, todo: Path) -> None:
    """A worker that takes a message off a list before it has done it, as a queue without acknowledgement does."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    for task in sorted(todo.glob(f"{number}-*")):
        name = task.read_text()
        task.unlink()
        owed = OutgoingMail(recipient="p@school.example", template="core/notice")
        message = mail.render_mail(owed)
        message.extra_headers["Message-ID"] = name
        try:
            message.send()
        except SMTPException:
            task.write_text(name)


def test_without_the_outbox_killed_workers_lose_mail(postbox, tmp_path):
    """The control: the same kills, and at each place nothing but the queue remembers what is to be done."""
    todo = tmp_path / "todo"
    todo.mkdir()
    for number in range(2 * 400):
        (todo / f"{number % 2}-{number:04}").write_text(f"<{number}@school.example>")
    with ground.kept_alive(send_without_outbox, 2, postbox.file, todo) as kill:
        kill(10)

    arrived, left = set(ground.acknowledged(postbox.file)), {task.read_text() for task in todo.iterdir()}
    lost = 2 * 400 - len(arrived) - len(left)
    ground.report("without the outbox", mails=2 * 400, kills=10, lost=lost)
    assert lost > 0
