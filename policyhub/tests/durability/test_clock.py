"""Clocks jump: the trail is in the order of its numbers, leases follow the database's clock alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from core import audit, checks, mail
from core.models import AuditEvent, OutgoingMail
from schools.tests.factories import TESTS

pytestmark = pytest.mark.django_db
JUMPS = [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-7), timedelta(days=7)]


def owe(school) -> None:
    with transaction.atomic():
        mail.queue_mail("core/notice", to="dsl@school.example", school_id=school.pk, cause="clock")


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_jumps_leaves_order_and_chain(school, jump):
    for at in (timezone.now(), timezone.now() + jump, timezone.now()):
        with time_machine.travel(at), transaction.atomic():
            audit.record("test.done", by=TESTS, school_id=school.pk)

    seqs = list(AuditEvent.objects.order_by("seq").values_list("seq", flat=True))
    times = list(AuditEvent.objects.order_by("seq").values_list("at", flat=True))
    assert (seqs, audit.verify(school.pk).whole) == (list(range(1, len(seqs) + 1)), True)
    assert times != sorted(times)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_lease_holds_while_the_application_has_another_time(school, jump):
    owe(school)
    assert len(mail.claim()) == 1

    with time_machine.travel(timezone.now() + jump):
        assert mail.claim() == []


@pytest.mark.parametrize("jump", JUMPS)
def test_a_lease_expires_while_the_application_has_another_time(school, jump):
    owe(school)
    with time_machine.travel(timezone.now() + jump):
        mail.claim()
        OutgoingMail.objects.update(leased_until=Now() - timedelta(seconds=1))

        assert len(mail.claim()) == 1


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("seconds", "faults"), [(0, []), (1, []), (5, ["core.E040"]), (-3600, ["core.E040"])]
)
def test_a_start_with_clocks_apart_is_refused(seconds, faults):
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        assert [fault.id for fault in checks.check_clock()] == faults
