"""The draft of a form: loaded, offered, kept and dropped for every form in the same way."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict

from core.forms import HouseForm
from schools.enums import Role
from schools.models import Draft
from schools.services import FormDraft, draft_token, keep_draft
from schools.tests.factories import make_member

pytestmark = pytest.mark.django_db


class Note(HouseForm, forms.Form):
    text = forms.CharField()


@pytest.fixture
def user(school):
    return make_member(school, Role.STAFF).user


@pytest.fixture
def draft(school, user):
    return FormDraft(school, user, "tests.note")


def keep(school, user, *, late=False, **fields):
    token = draft_token(user, school, "tests.note")
    typed = {"draft_token": [token], **{name: [value] for name, value in fields.items()}}
    keep_draft(token, typed, by=None if late else user)


def test_what_was_kept_stands_in_the_form_and_the_form_says_so(school, user, draft):
    keep(school, user, text="Half a sent")

    data, typed = draft.begin(None)
    form = Note(data, initial=typed)
    draft.watch(form)

    assert (form["text"].value(), form.kept, form.is_bound) == ("Half a sent", True, False)
    assert form.autosave_url == f"/s/{school.slug}/drafts/"
    assert form["draft_token"].value()


def test_form_without_a_draft_does_not_say_that_something_was_kept(draft):
    data, typed = draft.begin(None)
    form = Note(data, initial=typed)
    draft.watch(form)

    assert (typed, form.kept) == ({}, False)


def test_version_and_signature_of_a_draft_are_not_used_again(school, user, draft):
    keep(school, user, text="Words", version="3", signature="Pat Ashdown", client_ref="r")

    assert draft.begin(None)[1] == {"text": "Words", "client_ref": "r"}


def test_what_was_sent_is_checked_and_the_draft_is_left_alone(school, user, draft):
    keep(school, user, text="Half a sent")
    sent = QueryDict("text=Whole")

    assert draft.begin(sent) == (sent, {})
    assert (draft.kept, Draft.objects.count()) == (False, 1)


def test_search_brings_back_what_was_typed_unchecked(draft):
    data, typed = draft.begin(QueryDict("text=Whole&kinds=a&kinds=b&people_find=1"), search="people_find")

    assert (data, typed["text"], typed["kinds"]) == (None, "Whole", ["a", "b"])


def test_empty_form_that_was_asked_for_forgets_the_draft(school, user, draft):
    keep(school, user, text="Half a sent")

    assert draft.begin(QueryDict("draft_drop=1")) == (None, {})
    assert Draft.objects.count() == 0


def test_draft_of_another_form_or_person_is_not_offered(school, user):
    keep(school, user, text="Half a sent")
    others = [
        FormDraft(school, make_member(school).user, "tests.note"),
        FormDraft(school, user, "tests.other"),
    ]

    assert [other.begin(None) for other in others] == [(None, {})] * 2


def test_what_came_after_the_sign_in_had_ended_is_offered_beside_the_draft(school, user, draft):
    keep(school, user, text="Half a sent")
    keep(school, user, late=True, text="Half a sentence")

    assert (draft.begin(None)[1], draft.kept, draft.late) == ({"text": "Half a sent"}, True, True)
    assert draft.begin(QueryDict("draft_late=1")) == (None, {"text": "Half a sentence"})
    assert (draft.kept, draft.late, Draft.objects.count()) == (True, False, 2)
    draft.drop()
    assert Draft.objects.count() == 0


def test_what_came_late_stands_in_the_form_where_it_is_all_there_is(school, user, draft):
    keep(school, user, late=True, text="Half a sentence")

    assert (draft.begin(None)[1], draft.kept, draft.late) == ({"text": "Half a sentence"}, True, False)
