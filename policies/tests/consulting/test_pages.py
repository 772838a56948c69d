"""The pages of a consultation: for those who are asked, for those who ask, and for those who govern."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from policies import selectors, services
from policies.enums import VersionState as V
from policies.models import Consulted
from policies.tests.consulting.means import TODAY, mine, state, url
from policies.tests.factories import TESTS, typed
from schools.enums import Role
from schools.tests.factories import make_member


def test_who_is_asked_finds_it_at_home_comments_on_a_clause_and_sees_their_own_words_alone(
    school, opened, draft, teacher, signed_in
):
    other = make_member(school, Role.STAFF)
    Consulted.objects.create(school=school, consultation=opened, member=other, stake="staff")
    services.say(mine(opened, other), by=other, clause=None, text="Nobody else's business.")
    clause, client = draft.clauses.get(label="2.1"), signed_in(teacher)
    assert [(one.what, one.url) for one in selectors.waiting_for(teacher)] == [
        ("Comment on", url("consultation_read", opened))
    ]

    done = client.post(
        url("comment_clause", opened, clause.stable_id), {"text": "Which office?"}, follow=True
    )

    page = done.content.decode()
    assert clause.text in page
    assert "Which office?" in page
    assert "Nobody else" not in page
    assert not selectors.waiting_for(teacher)
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_a_later_text_of_a_draft_is_not_shown_to_who_was_asked_about_an_earlier_one(
    opened, draft, dsl, teacher, signed_in
):
    clause, client = draft.clauses.get(label="2.1"), signed_in(teacher)
    comment = services.say(mine(opened, teacher), by=teacher, clause=clause.stable_id, text="Which office?")
    assert clause.text in client.get(url("consultation_read", opened)).content.decode()
    services.close_consultation(opened, by=dsl)
    services.answer_comment(comment, by=dsl, answer="declined", reason="There is one.")
    draft.clauses.filter(pk=clause.pk).update(text="A later thought.")

    page = client.get(url("consultation_read", opened)).content.decode()
    late = client.post(url("comment_clause", opened, clause.stable_id), {"text": "Half an hour typed."})

    for words in ("Which office?", "There is one.", "The time for comments is over"):
        assert words in page
    assert "Out for consultation" not in page
    for shown in (page, late.content.decode()):
        assert "A later thought." not in shown
    assert "Half an hour typed." in late.content.decode()
    assert "has ended" in late.content.decode()


def test_who_is_not_asked_finds_nothing(school, other_school, opened, draft, signed_in):
    clause = draft.clauses.first().stable_id
    for client in (
        signed_in(make_member(school, Role.OFFICE)),
        signed_in(make_member(other_school, Role.DSL)),
    ):
        for name, args in (("consultation_read", ()), ("comment_whole", ()), ("comment_clause", (clause,))):
            assert client.get(url(name, opened, *args)).status_code == 404


@pytest.mark.requirement("R007")
def test_those_who_govern_read_the_results_once_it_is_closed(school, opened, dsl, teacher, signed_in):
    governor = signed_in(make_member(school, Role.GOVERNOR))
    comment = services.say(mine(opened, teacher), by=teacher, clause=None, text="Too long for us.")
    assert governor.get(url("consultation_detail", opened)).status_code == 404
    services.close_consultation(opened, by=dsl)
    services.answer_comment(comment, by=dsl, answer="accepted", reason="Cut by half.")

    page = governor.get(url("consultation_detail", opened)).content.decode()
    sheet = governor.get(url("consultation_pdf", opened))

    for words in ("Is it clear?", "Bo Pine", "Too long for us.", "Accepted", "Cut by half."):
        assert words in page
    assert "Change the answer" not in page
    assert sheet.content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(action="consultation.exported").count() == 1
    assert signed_in(teacher).get(url("consultation_detail", opened)).status_code == 403


def test_the_owner_sees_who_is_silent_answers_and_closes_on_the_page(opened, dsl, teacher, signed_in):
    client = signed_in(dsl)
    page = client.get(url("consultation_detail", opened))
    assert [one.called for one in page.context["came"].silent] == ["Bo Pine"]
    comment = services.say(mine(opened, teacher), by=teacher, clause=None, text="Hm.")

    client.post(url("consultation_close", opened))
    address = reverse("policies:comment_answer", args=[opened.version.school.slug, comment.pk])
    refused = client.post(address, {"answer": "accepted", "reason": " "})
    client.post(address, typed(client.get(address), answer="declined", reason="It is the law."))

    comment.refresh_from_db()
    assert list(refused.context["form"].errors) == ["reason"]
    assert (comment.answer, comment.reason) == ("declined", "It is the law.")
    assert state(opened.version) == V.DRAFT


def test_a_draft_goes_out_on_its_page_and_what_was_typed_is_kept(draft, dsl, teacher, signed_in):
    client = signed_in(dsl)
    address = reverse("policies:consultation_open", args=[draft.school.slug, draft.pk])
    sent = {
        "revision": draft.revision, "question": "Is it clear?", "until": "2020-01-01", "members": [str(teacher.pk)]
    }  # fmt: skip

    refused = client.post(address, sent)
    done = client.post(address, {**sent, "until": str(TODAY())}, follow=True)

    assert refused.context["form"].errors["until"] == ["Give a day from today on, within a year."]
    assert "Is it clear?" in refused.content.decode()
    assert [one["people"][0]["name"] for one in done.context["asked"]] == ["Bo Pine"]


@pytest.mark.parametrize("name", ["consultation_detail", "consultation_read"])
def test_pages_ask_as_many_questions_with_thirty_comments_as_with_one(
    school, opened, draft, dsl, teacher, signed_in, name
):
    services.say(mine(opened, teacher), by=teacher, clause=None, text="Hm.")
    client = signed_in(dsl if name == "consultation_detail" else teacher)
    client.get(url(name, opened))
    with CaptureQueriesContext(connection) as one:
        client.get(url(name, opened))
    for number in range(6):
        other = Consulted.objects.create(
            school=school, consultation=opened, member=make_member(school, Role.STAFF), stake="staff"
        )
        for clause in draft.clauses.all():
            services.say(other, by=other.member, clause=clause.stable_id, text=f"Comment {number}")
    for clause in draft.clauses.all():
        services.say(mine(opened, teacher), by=teacher, clause=clause.stable_id, text="Mine")
    with CaptureQueriesContext(connection) as many:
        client.get(url(name, opened))

    assert len(many) == len(one)


@pytest.mark.requirement("R007")
def test_the_page_on_how_a_version_came_about_leads_to_what_was_asked(school, opened, draft, dsl, signed_in):
    governor, page = signed_in(make_member(school, Role.GOVERNOR)), url("consultation_detail", opened)
    address = reverse("policies:version_record", args=[school.slug, draft.pk])
    services.close_consultation(opened, by=dsl)
    assert page in signed_in(dsl).get(address).content.decode()
    assert governor.get(address).status_code == 404
    draft.refresh_from_db()

    services.ratify_version(draft, by=TESTS, body="Governors", on="2026-10")

    assert page in governor.get(address).content.decode()
