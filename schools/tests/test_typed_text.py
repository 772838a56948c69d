"""What somebody typed outlives their session: it is kept, sealed, and shown to them alone."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from schools import services
from schools.enums import Role
from schools.models import Draft
from schools.selectors import drafts_of
from schools.services import typed_text
from schools.tests.factories import make_member, sign_in

pytestmark = pytest.mark.django_db

POLL = {"X-Background": "1"}
STORY = "Robin said something that I wrote down for a long time."


def concern_page(school) -> str:
    return reverse("incidents:concern_create", args=[school.slug])


def token_on(page: bytes) -> str:
    """The draft token in the form."""
    return re.search(r'name="draft_token" value="([^"]+)"', page.decode())[1]


def test_a_form_sent_after_the_session_ended_is_kept_and_offered_after_sign_in(school, clock):
    member = make_member(school, Role.STAFF)
    client = sign_in(member.user)
    token = token_on(client.get(concern_page(school)).content)
    clock.shift(timedelta(minutes=16))

    answer = client.post(concern_page(school), {"draft_token": token, "narrative": STORY})

    assert answer.headers["Location"].endswith(f"?next={concern_page(school)}")
    assert answer.headers["Location"].startswith(reverse("account_login"))
    page = sign_in(member.user).get(concern_page(school)).content.decode()
    assert STORY in page


def test_what_is_kept_is_shown_to_nobody_else(school, clock):
    member, other = make_member(school, Role.STAFF), make_member(school, Role.DSL)
    token = services.draft_token(member.user, school, "incidents.concern")

    Client().post(concern_page(school), {"draft_token": token, "narrative": STORY})

    assert STORY not in sign_in(other.user).get(concern_page(school)).content.decode()
    assert Draft.objects.get().user_id == member.user_id


def test_a_form_whose_safety_token_no_longer_matches_is_kept_too(school, clock):
    member = make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "incidents.concern")
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(concern_page(school), {"draft_token": token, "narrative": STORY})

    assert answer.status_code == 403
    assert "What you typed is kept" in answer.content.decode()
    assert STORY in sign_in(member.user).get(concern_page(school)).content.decode()


def test_a_forged_or_old_draft_token_keeps_nothing(school, clock):
    member = make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "incidents.concern")
    Client().post(concern_page(school), {"draft_token": token[:-2] + "xx", "narrative": STORY})
    clock.shift(timedelta(days=3))

    Client().post(concern_page(school), {"draft_token": token, "narrative": STORY})

    assert Draft.objects.count() == 0


def test_autosave_after_the_session_ended_keeps_the_text_and_leads_nowhere(school, clock):
    member = make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "incidents.concern")

    answer = Client().post(
        reverse("schools:draft_save", args=[school.slug]),
        {"draft_token": token, "narrative": STORY},
        headers=POLL,
    )

    assert answer.status_code == 204
    assert typed_text(drafts_of(school, member.user_id, "incidents.concern")[1])["narrative"] == STORY


def test_one_person_cannot_autosave_into_the_draft_of_another(school):
    member, other = make_member(school, Role.STAFF), make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "incidents.concern")

    answer = sign_in(other.user).post(
        reverse("schools:draft_save", args=[school.slug]), {"draft_token": token, "narrative": STORY}
    )

    assert (answer.status_code, Draft.objects.count()) == (400, 0)


def test_drafts_are_sealed(school):
    member = make_member(school, Role.STAFF)
    services.keep_draft(services.draft_token(member.user, school, "x"), {"narrative": [STORY]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM schools_draft")
        raw = repr([bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()])

    assert "wrote down" not in raw
    assert json.loads(Draft.objects.get().content) == {"narrative": STORY}


def test_a_sent_concern_leaves_no_draft(school):
    member = make_member(school, Role.STAFF)
    client = sign_in(member.user)
    token = token_on(client.get(concern_page(school)).content)
    services.keep_draft(token, {"narrative": [STORY]})
    sent = {
        "narrative": STORY,
        "happened_at": "2026-01-05T10:30",
        "place": "on_site",
        "people": ["unsure"],
        "draft_token": token,
    }

    answer = client.post(concern_page(school), sent)

    assert (answer.status_code, Draft.objects.count()) == (302, 0)
