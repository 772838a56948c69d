"""Fields: typed, stored, filled in as things stand today wherever the text is read, and a clear gap where they cannot be."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies import services
from policies.fields import Value, fill, from_typed, to_typed
from policies.models import PolicyVersion
from policies.reading import read_policy
from policies.selectors import check_stored, document_text, exporting
from policies.selectors.comparing import parts_of
from policies.selectors.fields import all_fields, field_values
from policies.tests.factories import TESTS, TEXT, make_draft
from schools import services as schools
from schools.enums import Role
from schools.tests.factories import make_member

PARTS = st.sampled_from(
    ["{dsl}", "⟦dsl⟧", "\\", "{", "}", "⟦", "⟧", "{other}", "{word:learner}", "⟦rule:search_rule⟧", " text "]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PARTS, max_size=8).map("".join))
def test_a_stored_text_survives_being_edited(stored):
    assert from_typed(to_typed(stored)) == stored


def test_braces_that_came_with_a_file_are_no_fields(school):
    text = TEXT.replace("Smart watches stay at home.", "Ask {dsl} or {Name of school}.")

    draft = make_draft(school, text=text)

    clause = draft.clauses.get(label="2.2")
    assert clause.text == "Ask {dsl} or {Name of school}."
    assert to_typed(clause.text) == "Ask \\{dsl} or {Name of school}."


def test_a_field_is_filled_in_and_a_gap_says_what_is_missing():
    values = {"dsl": Value("Ada Hart", "Lead"), "chair": Value("", "Chair of governors")}

    said = fill("⟦dsl⟧ tells ⟦chair⟧ and ⟦word:nobody⟧.", values)

    assert said == "Ada Hart tells [Chair of governors: not known] and [no field word:nobody: not known]."


@pytest.fixture
def draft(school) -> PolicyVersion:
    """A draft with a field in a clause."""
    draft = make_draft(school)
    words = ("2.1", "Ask ⟦deputy_dsl⟧ about a ⟦word:learner⟧; within ⟦rule:acknowledge_within_days⟧.")
    services.reword_clause(draft, words, by=TESTS, clause=clause_of(draft))
    draft.refresh_from_db()
    return draft


def clause_of(draft: PolicyVersion) -> UUID:
    return draft.clauses.get(label="2.1").stable_id


def test_every_field_has_a_value_or_a_source(school):
    values = field_values(school, all_fields())

    assert set(values) == set(all_fields())
    assert all(value.source for value in values.values())


def test_a_new_deputy_changes_the_page_and_not_the_policy(school, draft, signed_in):
    first = make_member(school, Role.DEPUTY_DSL, name="Ada Hart")
    client = signed_in(make_member(school, Role.DSL))
    address = draft.get_absolute_url()
    assert "Ada Hart" in client.get(address).content.decode()
    stored = draft.clauses.get(label="2.1").text

    post = first.appointments.get()
    post.ends_on = timezone.localdate() - timedelta(days=1)
    post.starts_on = post.ends_on
    post.save()
    make_member(school, Role.DEPUTY_DSL, name="Bo Field")

    page = client.get(address).content.decode()
    assert "Bo Field" in page
    assert "Ada Hart" not in page
    assert "⟦" not in page
    assert draft.clauses.get(label="2.1").text == stored


def test_the_same_words_stand_in_print_in_a_comparison_and_on_the_public_page(school, draft, client):
    make_member(school, Role.DEPUTY_DSL, name="Ada Hart")
    said = "Ask Ada Hart about a learner; within 10 school days."

    assert said in [
        one.text for section in document_text(draft, "x")["sections"] for one in section.clauses.all()
    ]
    assert said in [one.text for one in parts_of(draft)]

    ratified = services.ratify_version(
        draft, by=TESTS, body="Governing Body", on="2026-10-12", next_review="2027-10"
    )
    services.publish_version(services.bring_into_force(ratified, by=TESTS), by=TESTS)
    page = client.get(reverse("published_policy", args=[school.slug, draft.policy_id])).content.decode()
    assert "Ada Hart" in page
    assert "⟦" not in page


def test_the_word_file_shows_the_words_and_keeps_the_field(school, draft):
    make_member(school, Role.DEPUTY_DSL, name="Ada Hart")

    data = exporting.word_file(draft)

    again = read_policy(data, "a.docx").documents[0]
    assert again.sections[1].clauses[0].text == draft.clauses.get(label="2.1").text
    assert "Ada Hart" not in again.sections[1].clauses[0].text


def test_an_empty_field_is_a_gap_on_the_page_and_found_by_the_check(school, draft, signed_in):
    page = signed_in(make_member(school, Role.DSL)).get(draft.get_absolute_url()).content.decode()
    found = [one for one in check_stored(draft, timezone.localdate()) if "{deputy_dsl}" in one.message]

    assert "Deputy Designated Safeguarding Lead: not known]" in page
    assert [(one.code, one.where) for one in found] == [("missing-text", "2.1")]

    make_member(school, Role.DEPUTY_DSL)
    again = check_stored(draft, timezone.localdate())
    assert not [one for one in again if "{deputy_dsl}" in one.message]


def test_fields_are_typed_in_braces_and_offered_beside_the_editor(school, draft, signed_in):
    client = signed_in(make_member(school, Role.DSL))
    address = reverse("policies:clause_edit", args=[school.slug, draft.pk, clause_of(draft)])
    schools.set_word(school, "learner", "pupil", by=TESTS)

    page = client.get(address)
    assert page.context["opened"].form.initial["text"].startswith("Ask {deputy_dsl} about a {word:learner};")
    assert "{word:learner}" in page.content.decode()
    assert "pupil" in page.content.decode()
    client.post(address, {"label": "2.1", "text": "Ask {chair} or \\{chair}.", "revision": draft.revision})

    assert draft.clauses.get(label="2.1").text == "Ask ⟦chair⟧ or {chair}."
