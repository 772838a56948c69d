"""Reminders to read: one e-mail for all, as often as the school says, caught up once; newcomers at once; owners of late rounds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.mail import render_mail
from core.models import AuditEvent, OutgoingMail
from policies import services
from policies.models import PolicyVersion, ReadingReminder
from policies.tasks import remind_of_reading
from policies.tests.factories import TESTS, make_in_force
from schools import services as people
from schools.enums import Role
from schools.tests.factories import make_member

MONDAY = date(2026, 11, 9)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2026-11-09 09:00", tick=False) as moved:
        yield moved


def reminded(member: Any) -> int:
    mails = OutgoingMail.objects.filter(recipient=member.user.email)
    return mails.filter(template="policies/reading_waits").count()


@pytest.mark.requirement("R023")
def test_everybody_gets_one_mail_a_week_for_all_that_waits(school, clock):
    reader, done = make_member(school, Role.STAFF), make_member(school, Role.STAFF)
    versions = [make_in_force(school, title, audience=["staff"]) for title in ("A", "B", "C")]
    for version in versions:
        services.acknowledge_version(version, by=done)

    sent = [services.remind_readers(school, MONDAY + timedelta(days=days)) for days in (0, 0, 3, 6, 7, 8)]

    assert sent == [1, 0, 0, 0, 1, 0]
    assert (reminded(reader), reminded(done)) == (2, 0)
    assert AuditEvent.objects.filter(action="reading_reminders.recorded").count() == 2


def test_weeks_without_a_scheduler_are_caught_up_with_one_mail(school, clock):
    reader = make_member(school, Role.STAFF)
    make_in_force(school, audience=["staff"])
    services.remind_readers(school, MONDAY)

    for day in (40, 40, 41, 46):
        services.remind_readers(school, MONDAY + timedelta(days=day))

    assert reminded(reader) == 2
    assert list(ReadingReminder.objects.values_list("on", flat=True)) == [MONDAY, MONDAY + timedelta(days=40)]


def test_how_often_is_the_schools_own_rule(school, clock):
    reader = make_member(school, Role.STAFF)
    make_in_force(school, audience=["staff"])
    people.set_rule(school, "acknowledge_reminder_days", "3", by=TESTS)

    for days in range(7):
        services.remind_readers(school, MONDAY + timedelta(days=days))

    assert reminded(reader) == 3


@pytest.mark.requirement("R023", "R024")
def test_who_comes_is_led_to_the_reading_list_at_once_and_once(school, clock):
    make_member(school, Role.STAFF)
    make_in_force(school, audience=["staff"])
    services.remind_readers(school, MONDAY)
    clock.move_to("2026-11-11 08:00")
    new = make_member(school, Role.STAFF)

    sent = [services.remind_readers(school, date(2026, 11, 11)) for _ in range(2)]

    assert sent == [1, 0]
    assert reminded(new) == 1


@pytest.mark.requirement("R023")
def test_the_owner_hears_of_late_readers_and_finds_them(school, clock, signed_in):
    owner, reader = make_member(school, Role.DSL), make_member(school, Role.STAFF)
    version = make_in_force(school, "Conduct", audience=["staff"])
    services.acknowledge_version(version, by=owner)
    assert services.remind_readers(school, MONDAY) == 1
    PolicyVersion.objects.update(acknowledge_by=MONDAY)
    clock.move_to("2026-11-16 09:00")

    assert services.remind_readers(school, date(2026, 11, 16)) == 2
    page = signed_in(owner).get(reverse("policies:reading_list", args=[school.slug]))
    none = signed_in(reader).get(reverse("policies:reading_list", args=[school.slug]))

    assert [(row["cells"][:2], row["url"].endswith("?state=late")) for row in page.context["late"]] == [
        (["Conduct", "1"], True)
    ]
    assert none.context["late"] == []


def test_the_mail_names_nobody_and_leads_to_the_list(school, clock):
    make_member(school, Role.STAFF, name="Robin Ashdown")
    make_in_force(school, audience=["staff"])

    assert remind_of_reading() == 1

    mail = OutgoingMail.objects.get(template="policies/reading_waits")
    assert "Ashdown" not in render_mail(mail).body
    assert mail.path == reverse("policies:reading_list", args=[school.slug])


def test_where_nobody_has_anything_to_read_it_is_looked_at_as_often_as_reminders_go_out(school, clock):
    reader = make_member(school, Role.STAFF)
    assert services.remind_readers(school, MONDAY) == 0

    with CaptureQueriesContext(connection) as asked:
        services.remind_readers(school, MONDAY + timedelta(days=1))
    make_in_force(school, audience=["staff"])
    sent = [services.remind_readers(school, MONDAY + timedelta(days=days)) for days in (1, 7)]

    assert not any("policies_policyversion" in query["sql"] for query in asked)
    assert (sent, reminded(reader)) == ([0, 1], 1)
    assert OutgoingMail.objects.filter(template="policies/to_acknowledge").count() == 1
