"""A task that runs three times at once, or is killed, leaves the same end; one poisoned mail keeps no other back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from multiprocessing import Barrier
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from celery import current_app
from django.core import mail as sent
from django.db import InterfaceError, OperationalError, connections, transaction
from django.db.models.functions import Now
from django.utils import timezone

from core import audit, mail, scope
from core.models import AuditEvent, OutgoingMail
from core.tasks import deliver_mail
from policies import services
from policies.enums import VisitorKind
from policies.models import (
    Consultation,
    PolicyVersion,
    ReadingReminder,
    ReviewReminder,
    SignedDocument,
    Visit,
)
from policies.tasks import (
    erase_old_visits,
    prepare_document,
    remind_of_comments,
    remind_of_reading,
    remind_of_reviews,
)
from policies.tests.factories import make_draft, make_in_force, make_ratified
from policyhub.tests.durability import ground
from schools.enums import Role
from schools.tasks import send_audit_heads
from schools.tests.factories import make_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
COVERED = {
    "core.tasks.deliver_mail",
    "policies.tasks.prepare_document",
    "policies.tasks.remind_of_reviews",
    "policies.tasks.remind_of_reading",
    "policies.tasks.remind_of_comments",
    "policies.tasks.erase_old_visits",
    "schools.tasks.send_audit_heads",
}


@pytest.fixture
def posts(school: Any) -> list[Any]:
    with transaction.atomic():
        return [make_member(school, role) for role in (Role.DSL, Role.HEADTEACHER, Role.CHAIR)]


def thrice(school: Any, task: Callable[..., Any], **arguments: str) -> None:
    for result in ground.at_once(school, *[lambda: task(**arguments)] * 3):
        assert not isinstance(result, Exception)


def rows(model: Any, *names: str) -> list[Any]:
    with scope.reading():
        return sorted(model.objects.values_list(*names), key=str)


def test_every_task_of_ours_is_among_those_tried():
    ours = (
        "core.",
        "schools.",
        "policies.",
        "registers.",
        "incidents.",
        "devices.",
        "reports.",
        "policyhub.",
    )

    assert {name for name in current_app.tasks if name.startswith(ours)} == COVERED


def test_mail_delivered_by_three_at_once_goes_out_once(school):
    with transaction.atomic():
        for number in range(30):
            mail.queue_mail("core/notice", to=f"p{number}@school.example", school_id=school.pk, cause="x")
        transaction.get_connection().run_on_commit.clear()  # nobody is woken before the three

    thrice(school, deliver_mail)

    assert Counter(Counter(tuple(one.to) for one in sent.outbox).values()) == {1: 30}
    assert rows(OutgoingMail, "status", "attempts") == [("sent", 1)] * 30


def test_heads_sent_by_three_at_once_are_owed_once(school, posts):
    thrice(school, send_audit_heads)

    assert rows(OutgoingMail, "recipient") == sorted([(one.user.email,) for one in posts[1:]])


def test_reminders_of_three_at_once_are_those_of_one(school, posts):
    make_due(school, 1)

    thrice(school, remind_of_reviews)

    once = rows(ReviewReminder, "version_id", "due_on", "recipient_id", "state")
    thrice(school, remind_of_reviews)
    assert (len(once), rows(ReviewReminder, "version_id", "due_on", "recipient_id", "state")) == (
        len(set(once)),
        once,
    )


def test_readers_reminded_by_three_at_once_are_written_to_once(school, posts):
    make_due(school, 1)

    thrice(school, remind_of_reading)
    once = rows(OutgoingMail, "recipient", "cause")
    thrice(school, remind_of_reading)

    assert rows(ReadingReminder, "reminded") == [(len(posts),)]
    assert rows(OutgoingMail, "recipient", "cause") == once


def test_people_reminded_of_a_consultation_by_three_at_once_are_written_to_once(school, posts):
    with transaction.atomic():
        until = timezone.localdate() + timedelta(days=2)
        services.open_consultation(
            make_draft(school), by=posts[0], question="Is it clear?", until=until, members=posts[1:]
        )
        Consultation.objects.update(created_at=timezone.now() - timedelta(days=1))
    before = len(rows(OutgoingMail, "pk"))

    thrice(school, remind_of_comments)

    assert len(rows(OutgoingMail, "pk")) - before == len(posts[1:])
    assert Counter(rows(AuditEvent, "action"))[("consultation.reminded",)] == 1


def test_old_visits_are_erased_once(school, posts):
    with transaction.atomic():
        make_in_force(school, "For visitors", audience=["visitor"])
        desk = services.open_desk("Front desk", by=posts[1])
    arrival = services.Arrival(VisitorKind.VISITOR, "Ash Quill", "Dr Fern")
    with time_machine.travel(timezone.now() - timedelta(days=4000)):
        assert services.sign_in_visitor(desk, arrival, client_ref=uuid4())

    thrice(school, erase_old_visits)

    assert rows(Visit, "pk") == []
    assert Counter(rows(AuditEvent, "action"))[("visits.erased",)] == 1


def test_a_document_prepared_by_three_at_once_is_one(school):
    with transaction.atomic():
        version = make_ratified(school)

    thrice(school, prepare_document, school_id=str(school.pk), version_id=str(version.pk))

    with scope.reading():
        assert SignedDocument.objects.filter(version=version).count() == 1


def test_one_poisoned_mail_keeps_no_other_back(school, soak):
    count = 1000 if soak else 100
    with transaction.atomic():
        mail.queue_mail("core/absent", to="a@b.example", school_id=school.pk, cause="poison")
        for number in range(count - 1):
            mail.queue_mail("core/notice", to=f"p{number}@school.example", school_id=school.pk, cause="x")
        transaction.get_connection().run_on_commit.clear()
    for _ in range(mail.MAX_ATTEMPTS + 1):
        deliver_mail()
        with transaction.atomic():
            OutgoingMail.objects.filter(status="pending").update(due_at=Now())

    ends = Counter(rows(OutgoingMail, "status"))
    ground.report("poison", mails=count, sent=ends[("sent",)], quarantined=ends[("quarantined",)])
    assert ends == {("sent",): count - 1, ("quarantined",): 1}


# --- Schedulers -------------------------------------------------------------------------------------------------------


def make_due(school: Any, count: int) -> None:
    """Policies whose review is long due."""
    with transaction.atomic():
        for number in range(count):
            version = make_in_force(school, f"Policy {number}")
            PolicyVersion.objects.filter(pk=version.pk).update(
                in_force_from=date(2025, 1, 1), next_review="2026-01", next_review_on=date(2026, 1, 31)
            )


def remind_together(let_go: Any) -> None:
    let_go.wait()
    remind_of_reviews()


def remind_forever(number: int, file: Path) -> None:
    while True:
        ground.acknowledge(file, "begun")
        try:
            remind_of_reviews()
        except (OperationalError, InterfaceError):
            connections.close_all()


def reminded(school: Any) -> list[Any]:
    with scope.acting(schools=[school.pk]):
        return rows(ReviewReminder, "version_id", "due_on", "recipient_id")


def test_sixteen_schedulers_and_killed_ones_remind_once(school, posts, tmp_path, soak):
    make_due(school, 60 if soak else 3)
    with ground.kept_alive(remind_forever, 2, tmp_path / "begun") as kill:
        kill(30 if soak else 2)
    let_go = Barrier(16)

    codes = ground.together(remind_together, [(let_go,)] * 16)

    found = reminded(school)
    ground.report("schedulers", at_once=16, reminders=len(found), duplicates=len(found) - len(set(found)))
    assert (codes, len(found) - len(set(found)), len(found) > 0) == ([0] * 16, 0, True)
    with transaction.atomic():
        assert Counter(rows(OutgoingMail, "recipient", "cause")).most_common(1)[0][1] == 1
        assert audit.verify(school.pk).whole
    remind_of_reviews()
    assert reminded(school) == found
