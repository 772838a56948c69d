"""A person's calendar: what stands in it, who can fetch it, and that the file is as RFC 5545 asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from policies import services
from policies.exports import calendar_file
from policies.models import CalendarFeed, Policy, PolicyVersion
from policies.selectors.feeds import DueDay, due_days
from policies.tests.factories import make_draft, make_in_force
from schools.enums import Role
from schools.models import Membership
from schools.tests.factories import make_member, sign_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


@pytest.fixture
def version(school):
    made = make_in_force(school, "Phones, watches; and cameras")
    PolicyVersion.objects.filter(pk=made.pk).update(acknowledge_by=date(2026, 12, 1))
    return made


def fetch(client, token: str) -> list[str]:
    found = client.get(reverse("calendar_file", args=[token]))
    assert (found.status_code, found["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert found.cookies == {}
    return found.content.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.requirement("R005")
def test_the_calendar_holds_reviews_of_owners_and_what_is_yet_to_be_read(client, school, dsl, version):
    make_draft(school, "A secret draft", next_review="2027-01-01")
    staff = make_member(school, Role.STAFF)

    own, theirs = (fetch(client, services.renew_calendar(by=one)) for one in (dsl, staff))

    reading = "SUMMARY:Read and acknowledge: Phones\\, watches\\; and cameras"
    review = "SUMMARY:Policy review due: Phones\\, watches\\; and cameras"
    assert [line for line in own if line.startswith("SUMMARY")] == [reading, review]
    assert [line for line in own if line.startswith("DTSTART")] == [
        "DTSTART;VALUE=DATE:20261201",
        "DTSTART;VALUE=DATE:20271031",
    ]
    assert [line for line in theirs if line.startswith("SUMMARY")] == [reading]
    assert f"URL:{settings.PUBLIC_URL}{version.get_absolute_url()}" in own
    assert "DESCRIPTION:The policy names the month\\; this is its last day." in own


def test_only_a_digest_of_the_address_is_kept(dsl):
    token = services.renew_calendar(by=dsl)

    assert token not in str(CalendarFeed.objects.values().get())


def test_an_address_ends_when_it_is_renewed_closed_or_its_person_leaves(client, school, dsl, version):
    first = services.renew_calendar(by=dsl)
    second = services.renew_calendar(by=dsl)
    third_person = make_member(school, Role.CHAIR)
    third = services.renew_calendar(by=third_person)
    for token in (second, third):
        fetch(client, token)

    services.close_calendar(by=dsl)
    services.close_calendar(by=dsl)
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(pk=third_person.pk).update(starts_on=yesterday, ends_on=yesterday)

    found = [
        client.get(reverse("calendar_file", args=[one])).status_code for one in (first, second, third, "x")
    ]
    assert found == [404] * 4
    assert list(
        AuditEvent.objects.filter(action__startswith="calendar.")
        .order_by("seq")
        .values_list("action", flat=True)
    ) == ["calendar.renewed"] * 3 + ["calendar.closed"]


def test_the_address_is_shown_once(school, other_school, dsl, version):
    client = sign_in(dsl.user)
    make_member(other_school, Role.STAFF, user=dsl.user)
    page = reverse("policies:calendar", args=[school.slug])

    assert client.post(reverse("policies:calendar_renew", args=[school.slug])).url == page
    elsewhere = client.get(reverse("policies:calendar", args=[other_school.slug]))
    assert (elsewhere.status_code, elsewhere.context["address"]) == (200, "")
    shown = client.get(page)
    shown, later = shown.context["address"], client.get(page)

    fetch(client, shown.rpartition("/")[2].removesuffix(".ics"))
    assert (later.context["address"], shown in later.content.decode()) == ("", False)
    assert client.post(reverse("policies:calendar_close", args=[school.slug])).url == page
    assert not CalendarFeed.objects.exists()


def test_a_file_that_calendar_programs_read():
    days = [
        DueDay(
            "review-1",
            date(2026, 12, 31),
            "Policy review due",
            "Schön\r\nBEGIN:VEVENT \\" + "é" * 80,
            "/s/a/",
        )
    ]

    content = calendar_file(days, address="https://hub.example", now=NOW)

    lines = content.split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert max(len(line.encode()) for line in lines) == 75
    assert lines.count("BEGIN:VEVENT") == 1
    whole = content.replace("\r\n ", "")
    assert "SUMMARY:Policy review due: Schön BEGIN:VEVENT \\\\" + "é" * 80 in whole
    assert "DTSTAMP:20260901T083000Z\r\nDTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101" in whole
    assert "UID:review-1@hub.example" in whole


def test_the_owning_post_is_reminded_only_where_no_owner_is_named_who_is_here(school, version, dsl):
    lead, named = make_member(school, Role.LEADERSHIP), make_member(school, Role.STAFF)
    Policy.objects.update(owner_role=Role.LEADERSHIP, owner=named)

    def reminded() -> list[Membership]:
        return [one for one in (lead, named) if any(row.key.startswith("review") for row in due_days(one))]

    assert reminded() == [named]
    Membership.objects.filter(pk=named.pk).update(
        starts_on=date(2026, 1, 1), ends_on=timezone.localdate() - timedelta(days=1)
    )
    assert lead in reminded()
