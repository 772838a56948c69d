"""The pages of writing: one form at a time in the text, what is kept, what is refused, with script and without."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies import services
from policies.models import PolicyVersion
from policies.presenters.writing import next_label
from policies.tests.factories import TESTS, make_draft, make_in_force
from schools.enums import Role
from schools.tests.factories import make_member

HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(school):
    return make_draft(school)


@pytest.fixture
def client(school, signed_in):
    return signed_in(make_member(school, Role.DSL))


def url(name: str, version: PolicyVersion, *parts) -> str:
    return reverse(f"policies:{name}", args=[version.school.slug, version.pk, *parts])


def clause(version: PolicyVersion, label: str):
    return version.clauses.get(label=label)


def test_a_policy_is_written_from_nothing(school, client):
    page = client.post(
        reverse("policies:policy_create", args=[school.slug]),
        {"title": "Trips", "kind": "other", "owner_role": "dsl", "audience": ["staff"]},
        follow=True,
    )
    version = PolicyVersion.objects.get()
    assert "Nothing is written yet" in page.content.decode()

    form = client.get(url("section_add", version)).context["opened"].form
    assert form.initial["label"] == "1."
    client.post(url("section_add", version), {**form.initial, "heading": "Aims", "status": "in use"})
    section = version.sections.get()
    form = client.get(url("clause_begin", version, section.pk)).context["opened"].form
    assert form.initial["label"] == "1.1"
    page = client.post(
        url("clause_begin", version, section.pk), {**form.initial, "text": "We plan every trip."}, follow=True
    )

    assert (section.heading, clause(version, "1.1").text) == ("Aims", "We plan every trip.")
    assert "We plan every trip." in page.content.decode()


def test_a_new_version_is_begun_from_the_reading_page(school, client):
    old = make_in_force(school)
    assert "Begin a new version" in client.get(old.get_absolute_url()).content.decode()

    page = client.post(reverse("policies:policy_revise", args=[school.slug, old.policy_id]), follow=True)

    draft = PolicyVersion.objects.get(state="draft")
    assert page.request["PATH_INFO"] == url("version_write", draft)


def test_a_clause_opens_in_its_place_and_is_saved(client, draft):
    address = url("clause_edit", draft, clause(draft, "2.1").stable_id)
    page = client.get(address, headers=HTMX)
    form = page.context["opened"].form
    assert form.initial["text"] == clause(draft, "2.1").text

    response = client.post(address, {"label": "2.1", "text": "Kept at the office.", "revision": 0})

    assert response.url.startswith(url("version_write", draft))
    assert clause(draft, "2.1").text == "Kept at the office."


def test_a_new_clause_below_proposes_the_next_label_unless_it_is_taken(client, draft):
    def proposed(label):
        address = url("clause_add", draft, clause(draft, label).stable_id, "below")
        return client.get(address).context["opened"].form.initial["label"]

    assert [proposed("2.2"), proposed("2.1")] == ["2.3", ""]


def test_somebody_who_was_later_keeps_their_words_and_can_save_them_then(client, draft):
    address = url("clause_edit", draft, clause(draft, "2.1").stable_id)
    services.reword_clause(draft, ("1.1", "Other words."), by=TESTS, clause=clause(draft, "1.1").stable_id)
    sent = {"label": "2.1", "text": "My own words.", "revision": 0}

    page = client.post(address, sent)

    form = page.context["opened"].form
    assert "Somebody else changed this draft" in page.content.decode()
    assert (form["text"].value(), form["revision"].value()) == ("My own words.", "1")
    assert "Other words." in page.content.decode()
    client.post(address, {**sent, "revision": 1})
    assert clause(draft, "2.1").text == "My own words."


def test_words_for_a_clause_that_somebody_deleted_are_not_lost(client, draft):
    gone = clause(draft, "2.1").stable_id
    services.delete_clause(draft, by=TESTS, clause=gone)

    page = client.post(
        url("clause_edit", draft, gone), {"label": "2.1", "text": "My own words.", "revision": 1}
    )

    assert "Somebody else deleted this clause" in page.content.decode()
    assert "My own words." in page.content.decode()
    assert client.get(url("clause_edit", draft, gone)).status_code == 404


def test_what_is_typed_is_kept_and_offered_again_with_the_revision_of_now(school, client, draft):
    address = url("clause_edit", draft, clause(draft, "2.1").stable_id)
    form = client.get(address).context["opened"].form
    sent = {"label": "2.1", "text": "Half a sen", "revision": 0, "draft_token": form.initial["draft_token"]}
    kept = client.post(form.autosave_url, sent, headers={"X-Background": "1"})
    assert kept.status_code == 204
    services.delete_clause(draft, by=TESTS, clause=clause(draft, "1.1").stable_id)

    again = client.get(address).context["opened"].form

    assert (again.initial["text"], again.initial["revision"], again.kept) == ("Half a sen", 1, True)


def test_an_empty_clause_is_refused_and_nothing_changes(client, draft):
    address = url("clause_edit", draft, clause(draft, "2.1").stable_id)

    page = client.post(address, {"label": "2.1", "text": " ", "revision": 0})

    assert page.context["opened"].form.errors["text"]
    assert clause(draft, "2.1").text


def test_moving_leaves_the_clause_open_and_says_what_stands_against_it(client, draft):
    identity = clause(draft, "1.1").stable_id

    page = client.post(url("clause_move", draft, identity), {"direction": "up", "revision": 0}, follow=True)

    assert page.request["PATH_INFO"] == url("clause_edit", draft, identity)
    assert "It stands first already." in page.content.decode()


def test_what_is_no_draft_any_more_is_not_written(client, draft):
    services.ratify_version(draft, by=TESTS, body="Governing Body", on="2026-10-12", next_review="2027-10")

    page = client.get(url("version_write", draft))

    assert page.status_code == 409
    assert "only a draft can be written" in page.content.decode()


def test_the_details_are_edited_in_lines(client, draft):
    address = url("version_details", draft)
    form = client.get(address).context["form"]
    sent = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    sent |= {
        "guidance": "Searching | 2022\nWorking together",
        "people": "staff\n\nlearners",
        "written": "May 2026",
    }

    client.post(address, sent)

    draft.refresh_from_db()
    assert draft.guidance == [
        {"title": "Searching", "edition": "2022"},
        {"title": "Working together", "edition": None},
    ]
    assert (draft.scope["people"], draft.written) == (["staff", "learners"], "2026-05")
    assert draft.key_details["dsl"] == ["Marit Tolland"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2.1", "2.2"), ("9.", "10."), ("(b)", "(c)"), ("iv.", "v."), ("(i)", "(ii)"), ("Appendix A", "Appendix B"),
        ("4.9", "4.10"), ("", ""), ("Note", ""), ("(z)", ""),
    ],
)  # fmt: skip
def test_the_next_label_is_proposed(before, after):
    assert next_label(before) == after


def test_the_page_takes_the_same_queries_for_one_clause_and_for_thirty(school, client, draft):
    lines = "\n".join(f"1.{number} Clause number {number} says something." for number in range(1, 31))
    long = make_draft(school, "Long", text=f"Long Policy\n\n1. All of it\n{lines}\n")

    def queries(version):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url("version_write", version)).status_code == 200
        return len(caught)

    queries(draft), queries(long)  # the first requests of a session ask for more
    assert queries(draft) == queries(long)


def test_a_new_version_is_begun_where_it_makes_sense(school, signed_in):
    client, old = signed_in(make_member(school, Role.DSL)), make_in_force(school)

    def offered(version):
        page = client.get(version.get_absolute_url()).context
        return page["begins"]

    assert offered(old) == "Begin a new version"
    draft = services.start_version(old.policy, by=TESTS)
    assert (offered(old), offered(draft)) == ("Go to version 2", "")
    services.withdraw_version(draft, by=TESTS, reason="Not needed")
    assert (offered(old), offered(draft)) == ("Begin a new version", "")
