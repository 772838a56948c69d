"""The outbox: once per cause, no names, at least once, set aside when it cannot be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as sent
from django.db import connection, transaction
from django.utils import timezone

from core import mail
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db
CONTROL = [chr(number) for number in (*range(1, 32), 127, 0x85, 0x2028, 0x2029)]


def owe(school, cause: str = "test:1", to: str = "dsl@school.example", **details: str) -> OutgoingMail | None:
    with transaction.atomic():
        return mail.queue_mail(
            "core/notice",
            to=to,
            school_id=school.pk,
            cause=cause,
            path="/s/x/",
            reference="K7QD-4MXP",
            **details,
        )


def deliver_all() -> int:
    return sum(mail.deliver(school_id, pk) for school_id, pk in mail.claim(limit=50))


def test_mail_goes_out_once(school):
    owe(school)

    assert (deliver_all(), deliver_all()) == (1, 0)
    assert [message.to for message in sent.outbox] == [["dsl@school.example"]]


def test_the_link_of_a_sent_mail_is_not_kept(school):
    owe(school)

    deliver_all()

    assert "/s/x/" in sent.outbox[0].body
    assert OutgoingMail.objects.get().path is None


def test_the_link_of_a_waiting_mail_is_not_readable_in_the_database(school):
    owe(school)

    with connection.cursor() as cursor:
        cursor.execute("SELECT path FROM core_outgoingmail")
        stored = bytes(cursor.fetchone()[0])
    assert b"/s/x/" not in stored
    assert OutgoingMail.objects.get().path == "/s/x/"


def test_second_mail_for_the_same_cause_is_not_owed(school):
    owe(school)

    assert owe(school) is None
    assert OutgoingMail.objects.count() == 1


def test_same_cause_reaches_each_person(school):
    owe(school)
    owe(school, to="deputy@school.example")

    assert deliver_all() == 2


def test_rolled_back_change_owes_nothing(school):
    with pytest.raises(RuntimeError, match="undone"), transaction.atomic():
        owe(school)
        raise RuntimeError("undone")

    assert OutgoingMail.objects.count() == 0


def test_leased_mail_is_not_claimed_by_another_worker(school):
    owe(school)

    assert len(mail.claim()) == 1
    assert mail.claim() == []


def test_lease_of_a_killed_worker_runs_out(school):
    owe(school)
    mail.claim()
    OutgoingMail.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    assert deliver_all() == 1


def test_every_copy_has_the_same_message_id(school):
    owed = owe(school)

    assert mail.render_mail(owed).extra_headers == mail.render_mail(OutgoingMail.objects.get()).extra_headers


def test_poison_mail_is_set_aside_and_the_others_go_out(school):
    owe(school)
    with transaction.atomic():
        mail.queue_mail("core/absent", to="a@b.example", school_id=school.pk, cause="poison")
    for _ in range(mail.MAX_ATTEMPTS):
        OutgoingMail.objects.filter(status="pending").update(
            due_at=timezone.now() - timedelta(days=1), leased_until=None
        )
        deliver_all()

    assert set(OutgoingMail.objects.values_list("cause", "status")) == {
        ("test:1", "sent"),
        ("poison", "quarantined"),
    }


@pytest.mark.parametrize("control", CONTROL)
def test_control_characters_make_no_header_line(school, control):
    owed = OutgoingMail(
        school_id=school.pk,
        recipient="dsl@school.example",
        template="core/notice",
        reference=f"A{control}{control}Bcc: x@y.example",
    )

    headers = mail.render_mail(owed).message().as_bytes().split(b"\n\n")[0]

    assert b"x@y.example" not in headers
