"""Parents seen from the school: rounds and reminders, lists, paper, and links as the office keeps them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.audit import payload_of
from core.errors import DomainError, PermissionRefused
from core.models import AuditEvent, OutgoingMail
from policies import services
from policies.enums import Way
from policies.models import Acknowledgement, PolicyVersion
from policies.tests.factories import TESTS, make_in_force, typed
from policies.tests.homes.making import HOME, MONITORED, agree, asked, child
from schools import services as people
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = pytest.mark.django_db


# --- Rounds and reminders ---------------------------------------------------------------------------------------------


def test_a_minor_version_asks_nobody_again(version, path):
    agree(Client(), version, path)
    draft = services.start_version(version.policy, by=TESTS)
    minor = services.make_minor(draft, by=TESTS, reason="A name")
    services.bring_into_force(minor, by=TESTS)

    assert asked().count() == 1
    assert Client().get(path).context["waiting"] == 0


@pytest.mark.requirement("R023")
def test_parents_are_reminded_once_a_week_of_all_that_waits_and_by_the_same_link(
    school, family, version, path
):
    today = timezone.localdate()
    child(school, "Dan", "Robin", email="")
    other = child(school, "Eve", "Robin", email="other@home.example")
    make_in_force(school, "Second", audience=["parent"])

    sent = []
    for days in (0, 3, 3, 5, 10, 20):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            sent.append(services.remind_parents(school, today + timedelta(days=days)))
            if days == 10:
                for mail in asked():
                    token = mail.path.split("/")[-2]
                    for one in PolicyVersion.objects.all():
                        services.agree_by_link(token, one.pk, name="Kit")

    homes = {mail.recipient: mail.path for mail in asked()}
    assert sent == [0, 0, 0, 0, 2, 0]
    assert set(homes) == {HOME, other.email}
    assert {mail.path for mail in asked().filter(recipient=HOME)} == {path}


def test_two_schools_that_ask_no_parents_cost_one_question(school):
    make_in_force(school, audience=["staff"])

    with CaptureQueriesContext(connection) as put:
        assert services.remind_parents(school, date(2026, 11, 9)) == 0
    assert len(put) == 1


# --- The office -------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R023", "R049")
def test_the_lists_count_parents_by_class_and_say_who_gets_paper(school, family, version, path, signed_in):
    child(school, "Dan", "Heron", email="", parent="Lu Marsh")
    lost = child(school, "Eve", "Heron", email="lost@home.example", parent="Jo Lost")
    OutgoingMail.objects.create(
        school_id=school.pk,
        recipient=lost.email,
        cause="x",
        template="policies/parents_asked",
        status="quarantined",
    )
    agree(Client(), version, path)
    client = signed_in(make_member(school, Role.OFFICE))
    page = reverse("policies:version_readers", args=[school.slug, version.pk])

    summary = [row["cells"] for row in client.get(page).context["summary"]]
    paper = client.get(f"{page}?state=paper").context["rows"]

    assert summary == [
        ["Parents and carers", "5", "3"],
        ["Parents of class Heron", "3", "1"],
        ["Parents of class Wren", "2", "2"],
    ]
    assert [(row["cells"][0]["text"], row["cells"][4]) for row in paper] == [
        ("Lu Marsh, for Dan Ashdown", "On paper: no e-mail address"),
        ("Jo Lost, for Eve Ashdown", "On paper: the e-mail could not be sent"),
    ]


@pytest.mark.requirement("R049")
def test_a_parents_paper_copy_is_entered_by_the_office(school, version, signed_in):
    contact = child(school, "Dan", "Heron", email="")
    office = make_member(school, Role.OFFICE)
    sent = {"on": timezone.localdate(), "collected_by": office.pk, "people": [contact.pk]}

    answer = signed_in(office).post(reverse("policies:version_paper", args=[school.slug, version.pk]), sent)

    assert answer.status_code == 302
    row = Acknowledgement.objects.get()
    assert (row.contact, row.way, row.collected_by) == (contact, Way.PAPER, office)
    entry = AuditEvent.objects.get(action="policy_version.collected")
    assert payload_of(entry)["changes"]["told_before"] == [None, MONITORED]


def test_the_office_keeps_address_and_link(school, family, version, path, signed_in):
    client, contact = signed_in(make_member(school, Role.OFFICE)), child(school, "Dan", "Heron", email="")
    page = reverse("policies:parent", args=[school.slug, contact.pk])

    nowhere = client.post(f"{page}send/", follow=True).content.decode()
    wrong = client.post(page, {"email": "nobody"})
    client.post(page, typed(client.get(page), email="lu@home.example"))
    late = client.post(page, typed(wrong, email="other@home.example"))
    client.post(f"{page}send/")
    shown = client.get(page)
    client.post(f"{page}close/")

    assert "no e-mail address" in nowhere
    assert list(wrong.context["form"].errors) == ["email"]
    assert "It says now: “lu@home.example”" in late.content.decode()
    assert "other@home.example" in late.content.decode()
    assert asked().last().recipient == "lu@home.example"
    assert shown.context["is_open"]
    assert "It is closed" in client.get(page).content.decode()
    actions = AuditEvent.objects.filter(action__startswith="reading_link").values_list("action", flat=True)
    assert sorted(actions) == ["reading_link.closed", "reading_link.sent"]


def test_who_does_not_keep_the_records_sends_and_closes_nothing(school, family):
    teacher = make_member(school, Role.STAFF)
    for act in (services.send_link, services.close_link):
        with pytest.raises(PermissionRefused):
            act(family[0], by=teacher)
    people.set_contact_email(family[0], "", by=TESTS)
    family[0].refresh_from_db()
    with pytest.raises(DomainError, match="no e-mail address"):
        services.send_link(family[0], by=make_member(school, Role.OFFICE))


def test_pages_ask_as_often_with_thirty_families_as_with_one(school, family, version, path, signed_in):
    client, counts = signed_in(make_member(school, Role.OFFICE)), []
    pages = [
        (client, reverse("policies:version_readers", args=[school.slug, version.pk])),
        (client, reverse("policies:parent", args=[school.slug, family[0].pk])),
        (Client(), path),
    ]
    for count in (0, 30):
        for number in range(count):
            child(school, f"Child {number}", "Heron", email=f"p{number}@home.example")
        for who, page in pages:
            who.get(page)
        with CaptureQueriesContext(connection) as put:
            assert {who.get(page).status_code for who, page in pages} == {200}
        counts.append(len(put))

    assert counts[0] == counts[1]
