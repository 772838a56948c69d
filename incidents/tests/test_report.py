"""Logging a concern: the form, with and without script, the draft, the receipt, and what the reporter follows."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import OutgoingMail
from incidents.models import Concern, ConcernPerson
from incidents.tests.factories import make_open
from schools.enums import Role
from schools.models import Draft
from schools.services import draft_token
from schools.tests.factories import make_learner, make_member, make_school

pytestmark = pytest.mark.django_db

STORY = "Robin said that he had not eaten since Saturday."


@pytest.fixture
def teacher(school):
    return make_member(school, Role.STAFF)


def form_url(school, adult=""):
    return reverse(f"incidents:{adult}concern_create", args=[school.slug])


def sent(**changes):
    usual = {
        "people": ["unsure"],
        "happened_at": "2026-01-05T10:30",
        "place": "on_site",
        "narrative": STORY,
        "client_ref": str(uuid4()),
    }
    return {**usual, **changes}


def test_the_form_shows_eight_questions_four_of_them_required(school, teacher, dsl, signed_in):
    form = signed_in(teacher).get(form_url(school)).context["form"]
    folded = {
        "unlisted_name",
        "happened_note",
        "place_note",
        "service",
        "category",
        "client_ref",
        "draft_token",
    }
    shown = [name for name in form.fields if name not in folded]
    assert len(shown) == 8
    assert [name for name in shown if form.fields[name].required] == [
        "people",
        "happened_at",
        "place",
        "narrative",
    ]


@pytest.mark.parametrize("role", list(Role))
def test_everybody_in_the_school_can_log_a_concern(school, signed_in, role):
    answer = signed_in(make_member(school, role)).post(form_url(school), sent())
    assert (answer.status_code, Concern.objects.count()) == (302, 1)


def test_strangers_and_members_of_other_schools_cannot(school, signed_in):
    assert signed_in(make_member(make_school(), Role.STAFF)).post(form_url(school), sent()).status_code == 404
    assert Client().post(form_url(school), sent()).status_code == 302
    assert Concern.objects.count() == 0


def test_the_form_says_who_will_read_and_whom_to_ring(school, teacher, dsl, signed_in):
    text = signed_in(teacher).get(form_url(school)).content.decode()
    assert [
        part for part in ("Margaret Sholto", "will read this. Nobody else will.", "999") if part not in text
    ] == []


@pytest.mark.requirement("R234")
def test_the_form_takes_no_file_and_says_why_for_images(school, teacher, signed_in):
    page = signed_in(teacher).get(form_url(school))
    text = page.content.decode()
    assert ('type="file"' in text, page.context["form"].is_multipart()) == (False, False)
    assert "nothing can be attached" in text


@pytest.mark.parametrize("missing", ["people", "happened_at", "place", "narrative"])
def test_what_is_missing_is_asked_for_and_the_words_stay(school, teacher, signed_in, missing):
    page = signed_in(teacher).post(
        form_url(school),
        sent(already_done="Sat with him.", **{missing: ""} if missing != "people" else {"people": []}),
    )
    assert (page.status_code, list(page.context["form"].errors), Concern.objects.count()) == (
        200,
        [missing],
        0,
    )
    assert "Sat with him." in page.content.decode()


def test_a_time_to_come_is_refused_at_the_field(school, teacher, signed_in):
    later = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    page = signed_in(teacher).post(form_url(school), sent(happened_at=later))
    assert list(page.context["form"].errors) == ["happened_at"]


def test_the_hour_that_the_clocks_skip_is_refused_with_a_sentence(school, teacher, signed_in):
    page = signed_in(teacher).post(form_url(school), sent(happened_at="2026-03-29T01:30"))
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["happened_at"])


@pytest.mark.parametrize("forged", ["other school", "made up", "no id"])
def test_a_forged_learner_is_refused(school, teacher, signed_in, forged, other_school):
    value = {
        "other school": str(make_learner(other_school).pk),
        "made up": str(uuid4()),
        "no id": "1 or 1=1",
    }[forged]
    page = signed_in(teacher).post(form_url(school), sent(people=[value]))
    assert (list(page.context["form"].errors), Concern.objects.count()) == (["people"], 0)


def test_without_script_find_brings_learners_to_choose_and_keeps_the_words(school, teacher, signed_in):
    learner = make_learner(school, "Alfie", "Thistlewood", class_name="Heron")
    page = signed_in(teacher).post(form_url(school), sent(people_query="thist", people_find="1", people=[]))
    text = page.content.decode()
    assert (page.status_code, Concern.objects.count(), page.context["form"].errors) == (200, 0, {})
    assert [part for part in (f'value="{learner.pk}"', "Alfie Thistlewood", STORY) if part not in text] == []


def test_nobody_found_is_said_while_somebody_is_chosen_already(school, teacher, signed_in):
    chosen = make_learner(school, "Alfie", "Thistlewood")
    search = reverse("schools:learner_search", args=[school.slug])
    client, said = signed_in(teacher), []
    for query in ("zzz", "thist"):
        text = client.post(search, {"people_query": query, "people": [str(chosen.pk)]}).content.decode()
        said.append(("Nobody found" in text, "Alfie Thistlewood" in text))
    assert said == [(True, True), (False, True)]


def test_whose_post_finds_no_learners_is_shown_no_search(school, teacher, signed_in):
    governor = make_member(school, Role.GOVERNOR)
    pages = [signed_in(by).get(form_url(school)).content.decode() for by in (teacher, governor)]
    assert ['type="search"' in page for page in pages] == [True, False]
    assert "write the name" in pages[1]


def test_no_place_is_chosen_beforehand_and_the_help_fits_the_form(school, teacher, signed_in):
    pages = [signed_in(teacher).get(form_url(school, adult)) for adult in ("", "adult_")]
    assert [page.context["form"]["place"].value() for page in pages] == [None, None]
    assert ["The child&#x27;s own words" in page.content.decode() for page in pages] == [True, False]
    assert ["Up to 50,000 characters." in page.content.decode() for page in pages] == [True, True]


def test_several_children_and_someone_not_listed(school, teacher, signed_in):
    one, two = make_learner(school), make_learner(school)
    signed_in(teacher).post(
        form_url(school),
        sent(people=[str(one.pk), str(two.pk), "unlisted"], unlisted_name="A boy in a red coat"),
    )
    people = {(row.learner_id, row.name) for row in ConcernPerson.objects.all()}
    assert people == {(one.pk, ""), (two.pk, ""), (None, "A boy in a red coat")}


def test_someone_not_listed_needs_a_name(school, teacher, signed_in):
    page = signed_in(teacher).post(form_url(school), sent(people=["unlisted"]))
    assert list(page.context["form"].errors) == ["unlisted_name"]
    assert "of the person who is not listed" in page.content.decode()


def test_what_is_folded_opens_where_something_is_wrong(school, teacher, signed_in):
    page = signed_in(teacher).post(form_url(school), sent(place_note="x" * 500))
    assert list(page.context["form"].errors) == ["place_note"]
    assert '<details class="field more-fields" open>' in page.content.decode()


def test_sending_twice_makes_one_record_and_one_mail(school, teacher, dsl, signed_in):
    client, data = signed_in(teacher), sent()
    first, second = client.post(form_url(school), data), client.post(form_url(school), data)
    assert first.headers["Location"] == second.headers["Location"]
    assert (Concern.objects.count(), OutgoingMail.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "kept", "now"),
    [
        ({"narrative": "Other words."}, STORY, "Other words."),
        ({"place": "online"}, "On site", "Online"),
        ({"people": ["unlisted"], "unlisted_name": "A boy in a red coat"}, "Nothing", "A boy in a red coat"),
        ({"immediate_danger": "on"}, "No", "Yes"),
    ],
)
def test_the_same_form_with_other_words_is_answered_with_both_and_sent_again_it_is_a_new_one(
    school, teacher, signed_in, change, kept, now
):
    client, data = signed_in(teacher), sent()
    client.post(form_url(school), data)
    page = client.post(form_url(school), {**data, **change})
    text = page.content.decode()
    differs = re.findall(r'<tr class="unseen">.*?</tr>', text, re.DOTALL)
    assert (page.status_code, len(differs), kept in differs[0], now in differs[0]) == (409, 1, True, True)
    assert ["Differs" in row for row in differs] == [True]
    assert (Concern.objects.get().narrative, STORY in text) == (STORY, True)
    client.post(form_url(school), {**data, **change, "client_ref": page.context["form"].data["client_ref"]})
    assert Concern.objects.count() == 2


# --- Drafts


def test_words_typed_after_the_sign_in_ended_are_offered_again(school, teacher, signed_in):
    token = draft_token(teacher.user, school, "incidents.concern")
    answer = Client().post(form_url(school), {**sent(), "draft_token": token})
    assert (answer.status_code, Concern.objects.count()) == (302, 0)
    page = signed_in(teacher).get(form_url(school))
    assert (STORY in page.content.decode(), page.context["form"].kept) == (True, True)


def test_a_kept_draft_is_offered_to_nobody_else_and_gone_when_sent(school, teacher, signed_in):
    client, token = signed_in(teacher), draft_token(teacher.user, school, "incidents.concern")
    client.post(reverse("schools:draft_save", args=[school.slug]), {**sent(), "draft_token": token})
    assert STORY not in signed_in(make_member(school, Role.STAFF)).get(form_url(school)).content.decode()
    client.post(form_url(school), sent())
    assert (Draft.objects.count(), STORY in client.get(form_url(school)).content.decode()) == (0, False)


def test_words_typed_while_deciding_are_offered_again(school, dsl, signed_in):
    concern = make_open(school, dsl)
    url = reverse("incidents:concern_close", args=[school.slug, concern.pk])
    token = draft_token(dsl.user, school, f"incidents.close.{concern.pk}")
    Client().post(url, {"reason": "Long thought of.", "draft_token": token})
    assert "Long thought of." in signed_in(dsl).get(url).content.decode()


# --- Adults


@pytest.mark.requirement("R166")
def test_a_concern_about_an_adult_goes_to_the_head_with_its_own_receipt(school, signed_in, teacher):
    make_member(school, Role.HEADTEACHER, name="Helen Carrick")
    about = make_member(school, Role.STAFF, name="Sam Cobbold")
    page = signed_in(teacher).post(form_url(school, "adult_"), sent(people=[str(about.pk)]), follow=True)
    text = page.content.decode()
    assert ("Helen Carrick" in text, "Sam Cobbold" in text) == (True, False)


def test_the_receipt_sends_the_reporter_outside_when_nobody_here_is_free_of_it(school, teacher, signed_in):
    head = make_member(school, Role.HEADTEACHER)
    page = signed_in(teacher).post(form_url(school, "adult_"), sent(people=[str(head.pk)]), follow=True)
    assert "Ring the officer for allegations (LADO)" in page.content.decode()


def test_adults_are_found_by_name_or_job_without_script(school, teacher, signed_in):
    make_member(school, Role.STAFF, name="Sam Cobbold")
    page = signed_in(teacher).post(
        f"{reverse('incidents:adult_search', args=[school.slug])}?multiple=1", {"people_query": "cobb"}
    )
    assert "Sam Cobbold" in page.content.decode()
    page = signed_in(teacher).post(
        form_url(school, "adult_"), sent(people_query="cobb", people_find="1", people=[])
    )
    assert "Sam Cobbold" in page.content.decode()
