"""The link of a parent: what stands behind it, what it gives away, and when it leads nowhere."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core import scope
from core.audit import payload_of
from core.errors import InvalidTransition
from core.mail import render_mail
from core.models import AuditEvent
from policies import services
from policies.enums import Way
from policies.models import Acknowledgement, ReadingLink
from policies.tests.factories import TESTS, make_in_force
from policies.tests.homes.making import MONITORED, agree, asked
from schools import services as people
from schools.enums import Role
from schools.tests.factories import make_learner, make_member

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R047", "R049", "R054")
def test_a_parent_of_three_children_gets_one_link_and_agrees_once_for_all_of_them(family, version, path):
    client = Client()

    shown = client.get(f"{path}{version.pk}/").content.decode()
    answer = agree(client, version, path)
    after = client.get(path)

    assert shown.index(MONITORED) < shown.index('name="agreed"')
    assert "talked about it with my child" in shown
    for told in ("belongs to the home-school agreement", "do not share pictures or messages from it"):
        assert shown.index(told) < shown.index('name="agreed"')
    assert (answer.status_code, answer.url) == (302, path)
    assert {(row.contact_id, row.way, row.typed_name) for row in Acknowledgement.objects.all()} == {
        (one.pk, Way.LINK, "Kit Ashdown") for one in family
    }
    assert after.context["waiting"] == 0
    entry = AuditEvent.objects.get(action="policy_version.agreed_by_link")
    assert payload_of(entry)["changes"]["told_before"] == [None, MONITORED]


def test_no_name_stands_in_e_mail_address_title_or_page(version, path):
    mail = render_mail(asked().get())
    pages = [Client().get(one).content.decode() for one in (path, f"{path}{version.pk}/")]

    for text in (mail.subject, mail.body, *pages):
        assert [name for name in ("Ashdown", "Kit", "Ann ", "Heron", "Wren") if name in text] == []
    assert "Acceptable use" not in mail.body
    assert all("<title>To read and agree · PolicyHub</title>" in page for page in pages)


def test_only_a_digest_of_the_secret_is_kept_and_the_address_is_sealed(version, path):
    stored = str(ReadingLink.objects.values().get())

    assert path.split("/")[-2] not in stored
    assert b"home.example" not in bytes(ReadingLink.objects.values_list("address", flat=True).get().data)


def test_what_is_behind_a_link_is_kept_nowhere_and_sets_no_cookie(version, path):
    for page in (Client().get(path), Client().get(f"{path}{version.pk}/"), Client().get("/read/none/")):
        assert page.headers["Cache-Control"] == "private, no-store"
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.cookies == {}


def test_a_form_that_says_too_little_comes_back_with_what_was_typed(version, path):
    page = Client().post(f"{path}{version.pk}/", {"name": "Kit  Ashdown"})

    assert list(page.context["form"].errors) == ["agreed"]
    assert "Kit  Ashdown" in page.content.decode()
    assert not Acknowledgement.objects.exists()


def test_sending_the_form_twice_is_one_record(family, version, path):
    for _ in range(2):
        assert agree(Client(), version, path).status_code == 302

    assert Acknowledgement.objects.count() == len(family)
    assert AuditEvent.objects.filter(action="policy_version.agreed_by_link").count() == 1


def test_every_link_that_leads_nowhere_says_the_same(school, family, version, path):
    office = make_member(school, Role.OFFICE)
    services.close_link(family[0], by=office)
    closed = Client().get(path)
    services.send_link(family[0], by=office)
    replaced, fresh = Client().get(path), Client().get(asked().last().path)
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        late = Client().get(asked().last().path)
    wrong = [Client().get("/read/nobody/"), Client().get(f"/read/nobody/{version.pk}/")]
    for one in family:
        people.set_contact_email(one, "", by=TESTS)
    nobodys = Client().get(asked().last().path)

    gone = [closed, replaced, late, nobodys, *wrong]
    assert fresh.status_code == 200
    assert [page.status_code for page in gone] == [404] * len(gone)
    assert len({page.content for page in gone}) == 1
    assert not services.agree_by_link(path.split("/")[-2], version.pk, name="Kit")


def test_a_link_leads_to_policies_of_its_own_school_that_ask_this_family(school, other_school, version, path):
    with scope.acting(schools=[other_school.pk]):
        elsewhere = make_in_force(other_school, "Elsewhere", audience=["parent"])
    staff = make_in_force(school, "Staff only", audience=["staff"])
    robins = make_in_force(school, "Robins", audience=["parent"])
    services.set_audience(robins.policy, by=TESTS, audience=["parent"], classes=["Robin"])

    assert [row["title"] for row in Client().get(path).context["rows"]] == ["Acceptable use"]
    for one in (elsewhere, staff, robins):
        assert Client().get(f"{path}{one.pk}/").status_code == 404
        agree(Client(), one, path)
    assert not Acknowledgement.objects.exists()


def test_a_version_that_was_replaced_while_somebody_read_it_is_not_agreed_to(version, path):
    services.withdraw_version(version, by=TESTS, reason="Wrong text")

    assert agree(Client(), version, path).status_code == 404
    with pytest.raises(InvalidTransition):
        services.agree_by_link(path.split("/")[-2], version.pk, name="Kit")


def test_too_many_tries_are_refused(version):
    address = f"/read/{uuid4().hex}/"
    with time_machine.travel(timezone.now(), tick=False):
        assert [Client().get(address).status_code for _ in range(31)] == [404] * 30 + [429]


def test_a_neighbour_on_the_list_of_contacts_is_no_parent(school):
    learner = make_learner(school, "Wren", "Ashdown")
    for relationship, email in (("other", "neighbour@home.example"), ("carer", "carer@home.example")):
        people.add_contact(learner, "Kim Vale", by=TESTS, email=email, relationship=relationship)

    make_in_force(school, "For parents", audience=["parent"])

    assert [mail.recipient for mail in asked()] == ["carer@home.example"]
