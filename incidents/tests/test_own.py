"""What a reporter follows of their own concern, and what they never learn."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from core.models import AuditEvent
from incidents import services
from incidents.models import Concern
from incidents.tests.factories import closing, make_adult_concern, make_concern
from schools.enums import Role
from schools.tests.factories import make_learner, make_member

pytestmark = pytest.mark.django_db

STORY = "Robin said that he had not eaten since Saturday."


@pytest.fixture
def teacher(school):
    return make_member(school, Role.STAFF)


def test_the_reporter_sees_received_read_closed_and_the_reply_and_nothing_else(
    school, teacher, dsl, signed_in
):
    concern, client = (
        make_concern(school, by=teacher, narrative=STORY, learners=[make_learner(school)]),
        signed_in(teacher),
    )
    own = reverse("incidents:own_list", args=[school.slug])
    words = ["Received" in client.get(own).content.decode()]
    services.mark_seen(concern)
    words.append(">Read<" in client.get(own).content.decode())
    services.triage_concern(
        concern, services.Triage("neglect", "high", "social_care", "Secret reason.", dsl), by=dsl
    )
    services.reply_to_reporter(concern, "Thank you, the family has help.", by=dsl)
    services.close_concern(concern, closing(), by=dsl)
    page = client.get(reverse("incidents:own_detail", args=[school.slug, concern.pk])).content.decode()
    words += ["Closed" in page, "Thank you, the family has help." in page]
    assert words == [True] * 4
    hidden = ("Robin", "Secret reason", "Neglect", "High", "social care", STORY)
    assert [part for part in hidden if part in page] == []


def test_a_reply_entered_in_error_is_taken_back(school, teacher, dsl, signed_in):
    concern = make_concern(school, by=teacher)
    reply = services.reply_to_reporter(concern, "Meant for another.", by=dsl)
    services.mark_entered_in_error(reply, reason="Wrong record.", by=dsl)
    page = (
        signed_in(teacher)
        .get(reverse("incidents:own_detail", args=[school.slug, concern.pk]))
        .content.decode()
    )
    assert "Meant for another." not in page
    assert (
        "There is a reply"
        not in signed_in(teacher).get(reverse("incidents:own_list", args=[school.slug])).content.decode()
    )


@pytest.mark.parametrize("page", ["own_detail", "concern_receipt"])
def test_nobody_follows_another_persons_concern(school, teacher, dsl, signed_in, page):
    concern = make_concern(school, by=teacher)
    for member in (dsl, make_member(school, Role.STAFF), make_member(school, Role.HEADTEACHER)):
        assert (
            signed_in(member).get(reverse(f"incidents:{page}", args=[school.slug, concern.pk])).status_code
            == 404
        )


def test_a_reporter_who_becomes_part_of_it_loses_every_trace(school, teacher, signed_in):
    head = make_member(school, Role.HEADTEACHER)
    concern = make_adult_concern(school, make_member(school, Role.STAFF), by=teacher)
    services.add_person(concern, "alleged", teacher, by=head)
    client = signed_in(teacher)
    assert (
        concern.reference
        not in client.get(reverse("incidents:own_list", args=[school.slug])).content.decode()
    )
    for page in ("own_detail", "concern_receipt"):
        assert client.get(reverse(f"incidents:{page}", args=[school.slug, concern.pk])).status_code == 404


def test_reading_a_reply_is_recorded_once(school, teacher, dsl, signed_in):
    concern = make_concern(school, by=teacher)
    services.reply_to_reporter(concern, "Thank you.", by=dsl)
    signed_in(teacher).get(reverse("incidents:own_detail", args=[school.slug, concern.pk]))
    assert list(
        AuditEvent.objects.filter(actor_id=str(teacher.user_id), action__endswith=".read").values_list(
            "object_id", flat=True
        )
    ) == [str(concern.pk)]


def test_the_receipt_and_the_page_of_a_concern_about_an_adult_lead_to_the_page_for_adults(
    school, teacher, signed_in
):
    make_member(school, Role.HEADTEACHER)
    adult = make_adult_concern(school, make_member(school, Role.STAFF), by=teacher)
    child, client, links = make_concern(school, by=teacher), signed_in(teacher), []
    for concern in (adult, child):
        for page in ("own_detail", "concern_receipt"):
            main = client.get(reverse(f"incidents:{page}", args=[school.slug, concern.pk])).content.decode()
            links.append(reverse("incidents:adult_concern_create", args=[school.slug]) in main)
    assert links == [True, True, False, False]


def test_a_form_that_comes_again_says_nothing_of_a_concern_that_turned_out_to_be_about_its_reporter(
    school, signed_in
):
    head, reporter = make_member(school, Role.HEADTEACHER), make_member(school, Role.STAFF)
    client, form = signed_in(reporter), reverse("incidents:adult_concern_create", args=[school.slug])
    sent = {
        "people": [str(make_member(school, Role.STAFF).pk)], "happened_at": "2026-01-05T10:00", "place": "on_site",
        "narrative": "He shouted at a child.", "client_ref": str(uuid4()),
    }  # fmt: skip
    assert client.post(form, sent).status_code == 302
    services.add_person(Concern.objects.get(), "alleged", reporter, by=head)
    answers = [client.post(form, {**sent, **change}) for change in ({}, {"narrative": "He was loud."})]
    assert [one.status_code for one in answers] == [200, 200]
    assert all(
        "This form was sent before. Please write on a fresh page." in str(one.content) for one in answers
    )
    assert "He shouted" not in answers[1].content.decode()
