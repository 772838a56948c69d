"""People without an account who are asked about a draft: what their link leads to, and when it leads nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import InvalidTransition, WrongValue
from core.mail import render_mail
from core.models import AuditEvent, OutgoingMail
from policies import services
from policies.enums import VersionState as V
from policies.models import Comment, Consultation, ConsultationLink, Consulted
from policies.tasks import remind_of_comments
from policies.tests.factories import TEXT, make_draft
from schools.enums import Role
from schools.tests.factories import make_member


@pytest.fixture
def opened(school, dsl):
    other = make_member(school, Role.STAFF, name="Bo Pine")
    until = timezone.localdate() + timedelta(days=7)
    made = services.open_consultation(
        make_draft(school), by=dsl, question="Is it clear?", until=until, members=[other]
    )
    services.say(made.consulted.get(), by=other, clause=None, text="Nobody else's business.")
    return made


def invite(opened, dsl, email="kit@home.example"):
    guest = services.invite_guest(opened, by=dsl, name="Kit Heron", email=email, stake="parent")
    return guest, OutgoingMail.objects.get(recipient=email).path


def whole(path):
    return f"{path}whole/"


@pytest.mark.requirement("R007")
def test_a_link_leads_to_the_draft_and_the_question_and_takes_comments(opened, dsl):
    clause = opened.version.clauses.get(label="2.1")
    guest, path = invite(opened, dsl)
    client = Client()

    page = client.get(path).content.decode()
    for address, text in ((f"{path}{clause.stable_id}/", "Which office?"), (whole(path), "Good.")):
        assert client.post(address, {"text": text}).status_code == 302
    client.post(whole(path), {"text": "Very good."})
    after = client.get(path).content.decode()

    assert clause.text in page
    assert "Is it clear?" in page
    assert {one.text for one in guest.comments.all()} == {"Which office?", "Very good."}
    assert "Which office?" in after
    for words in ("s business", "Bo Pine", "Ada Hart"):
        assert words not in page + after
    assert AuditEvent.objects.filter(
        action="consultation.commented", actor_id="job:consultation-link"
    ).exists()


def test_the_page_sets_no_cookie_and_is_kept_found_and_told_nowhere(opened, dsl):
    _, path = invite(opened, dsl)
    client = Client(enforce_csrf_checks=True)

    for answer in (client.get(path), client.get(whole(path)), client.post(whole(path), {"text": "Good."})):
        assert answer.cookies == {}
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "no-referrer"
    assert Comment.objects.filter(consulted__member=None).exists()


def test_only_a_digest_of_the_address_is_kept_and_the_mail_names_nobody(opened, dsl):
    guest, path = invite(opened, dsl)
    token = path.strip("/").rpartition("/")[2]

    assert token not in str(list(ConsultationLink.objects.values()))
    message = render_mail(OutgoingMail.objects.get(recipient="kit@home.example"))
    for words in ("Kit", "Heron", "Ada", opened.version.title, "Is it clear?"):
        assert words not in message.subject + message.body
    assert (guest.stake, outbox.outbox) == ("parent", [])


@pytest.mark.parametrize("end", ["closed", "over", "removed", "withdrawn"])
def test_a_link_ends_with_the_consultation_or_when_it_is_taken_back(opened, dsl, end):
    guest, path = invite(opened, dsl)
    assert Client().get(path).status_code == 200
    version = opened.version
    version.refresh_from_db()
    {
        "closed": lambda: services.close_consultation(opened, by=dsl),
        "over": lambda: Consultation.objects.update(until=timezone.localdate() - timedelta(days=1)),
        "removed": lambda: services.remove_guest(guest, by=dsl),
        "withdrawn": lambda: services.withdraw_version(version, by=dsl, reason="By mistake."),
    }[end]()

    found = [Client().get(path), Client().post(whole(path), {"text": "Late."}), Client().get("/comment/x/")]

    assert [one.status_code for one in found] == [404] * 3
    assert found[0].content == found[2].content
    assert "What you wrote is not saved" in (late := found[1].content.decode())
    assert "Late." in late
    assert not guest.comments.exists()


def test_an_address_is_asked_too_often_no_more(opened, dsl, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "secret_link": "2/m/key"}
    _, path = invite(opened, dsl)
    client = Client()

    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]


def test_the_same_address_is_asked_once_and_nobody_once_it_is_over(opened, dsl):
    invite(opened, dsl)
    with pytest.raises(WrongValue, match="asked already"):
        services.invite_guest(opened, by=dsl, name="Kit", email="KIT@home.example", stake="parent")
    services.close_consultation(opened, by=dsl)
    with pytest.raises(InvalidTransition, match="time for comments is over"):
        services.invite_guest(opened, by=dsl, name="Kim", email="kim@home.example", stake="parent")


def test_who_is_silent_is_reminded_once_a_day_and_once_before_the_end_at_the_same_address(
    school, opened, dsl
):
    guest, path = invite(opened, dsl)
    OutgoingMail.objects.update(path=None)
    silent = make_member(school, Role.STAFF)
    Consulted.objects.create(school=school, consultation=opened, member=silent, stake="staff")

    assert [services.remind_silent(opened, by=dsl) for _ in range(2)] == [2, 2]
    reminders = OutgoingMail.objects.filter(path__isnull=False)
    assert {(one.recipient, one.template) for one in reminders} == {
        ("kit@home.example", "policies/guest_asked"),
        (silent.user.email, "policies/to_comment"),
    }
    assert reminders.get(recipient="kit@home.example").path == path

    assert remind_of_comments() == 0
    Consultation.objects.update(until=timezone.localdate() + timedelta(days=2))
    assert remind_of_comments() == 0, "they were asked today"
    Consultation.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert [remind_of_comments() for _ in range(2)] == [2, 0]
    assert guest.links.count() == 1


def test_where_nobody_is_silent_or_who_was_has_left_nobody_is_reminded_and_nothing_recorded(
    school, opened, dsl
):
    today = timezone.localdate()
    Consultation.objects.update(
        until=today + timedelta(days=2), created_at=timezone.now() - timedelta(days=2)
    )
    gone = make_member(school, Role.STAFF)
    Consulted.objects.create(school=school, consultation=opened, member=gone, stake="staff")
    gone.starts_on, gone.ends_on = today - timedelta(days=9), today - timedelta(days=1)
    gone.save()

    assert [remind_of_comments(), services.remind_silent(opened, by=dsl)] == [0, 0]
    assert not OutgoingMail.objects.filter(recipient=gone.user.email).exists()
    assert not AuditEvent.objects.filter(action="consultation.reminded").exists()


def test_a_guest_is_asked_and_taken_off_on_the_page(school, opened, dsl, signed_in):
    client = signed_in(dsl)
    sent = {"name": "Kit Heron", "email": "no address", "stake": "parent"}
    address = reverse("policies:guest_invite", args=[school.slug, opened.pk])
    refused = client.post(address, sent)
    page = client.post(address, {**sent, "email": "kit@home.example"}, follow=True).content.decode()
    guest = Consulted.objects.get(member=None)

    client.post(reverse("policies:guest_remove", args=[school.slug, guest.pk]))
    client.post(reverse("policies:consultation_remind", args=[school.slug, opened.pk]))

    guest.refresh_from_db()
    assert list(refused.context["form"].errors) == ["email"]
    assert "Kit Heron" in page
    assert guest.removed_at
    opened.version.refresh_from_db()
    assert opened.version.state == V.CONSULTATION


def test_each_row_of_a_table_is_commented_on_for_itself(school, dsl):
    text = TEXT + "\n5. Times\n| When | Where |\n| Morning | Office |\n"
    draft = make_draft(school, text=text)
    until = timezone.localdate() + timedelta(days=1)
    opened = services.open_consultation(draft, by=dsl, question="Well?", until=until)
    guest, path = invite(opened, dsl)
    row = draft.clauses.get(text__contains="Morning")

    form = Client().get(f"{path}{row.stable_id}/").content.decode()
    Client().post(f"{path}{row.stable_id}/", {"text": "Earlier."})

    assert "Morning" in form
    assert "| Morning" not in form
    page = Client().get(path).content.decode()
    assert "<table>" in page
    assert "Earlier." in page
    assert guest.comments.get().clause == row.stable_id
