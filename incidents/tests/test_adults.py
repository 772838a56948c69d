"""Concerns about adults: who works them, and who finds no trace of them."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest

from core.models import AuditEvent
from incidents.enums import Status
from incidents.tests.factories import make_adult_concern, make_concern
from incidents.tests.pages import CLOSE, TRIAGE, WRITES, plain, url
from schools.enums import Role
from schools.tests.factories import make_learner, make_member

pytestmark = pytest.mark.django_db


def test_the_head_works_a_concern_about_an_adult_from_queue_to_close(school, signed_in):
    head, about = make_member(school, Role.HEADTEACHER), make_member(school, Role.STAFF, name="Sam Cobbold")
    concern, client = make_adult_concern(school, about), signed_in(head)
    assert "Sam Cobbold" in client.get(url(school, "adult_concern_list")).content.decode()
    sent = {**TRIAGE, "category": "low_level_concern", "decision": "conduct", "lead": str(head.pk)}
    assert client.post(url(school, "adult_concern_triage", concern.pk), sent).status_code == 302
    done = {**CLOSE, "outcome": "conduct", "parents_told": "not_concerned"}
    assert client.post(url(school, "adult_concern_close", concern.pk), done).status_code == 302
    concern.refresh_from_db()
    assert concern.status == Status.CLOSED


@pytest.mark.requirement("R166")
def test_whoever_it_is_about_finds_no_trace_of_it(school, signed_in):
    about = make_member(school, Role.HEADTEACHER, Role.CHAIR, name="Sam Cobbold")
    chair = make_member(school, Role.CHAIR)
    empty = signed_in(about).get(url(school, "adult_concern_list"))
    concern = make_adult_concern(school, about, narrative="Sam Cobbold took a picture.")
    assert concern.reference in signed_in(chair).get(url(school, "adult_concern_list")).content.decode()
    client = signed_in(about)
    assert plain(client.get(url(school, "adult_concern_list"))) == plain(empty)
    for act in ("detail", *WRITES):
        real, random = (client.get(url(school, f"adult_concern_{act}", pk)) for pk in (concern.pk, uuid4()))
        assert (real.status_code, plain(real)) == (404, plain(random))


def test_the_list_is_read_with_a_fresh_second_factor_leaves_an_entry_and_does_not_refresh_itself(
    school, signed_in
):
    head, dsl = make_member(school, Role.HEADTEACHER), make_member(school, Role.DSL)
    adults = url(school, "adult_concern_list")
    asked = signed_in(head, factor_minutes_ago=11).get(adults)
    page = signed_in(head).get(adults).content.decode()
    queue = signed_in(dsl).get(url(school, "concern_list")).content.decode()

    listed = AuditEvent.objects.filter(action="concern.listed").values_list("actor_id", flat=True)
    assert (asked.status_code, list(listed)) == (302, [str(head.user_id)])
    assert ("every 60s" in page, "every 60s" in queue) == (False, True)


@pytest.mark.parametrize("act", ["detail", *WRITES])
def test_a_route_does_not_open_what_belongs_to_the_other(school, signed_in, act):
    everything = make_member(school, Role.DSL, Role.HEADTEACHER)
    child, adult = make_concern(school), make_adult_concern(school, make_member(school, Role.STAFF))
    client = signed_in(everything)
    assert client.get(url(school, f"concern_{act}", adult.pk)).status_code == 404
    assert client.get(url(school, f"adult_concern_{act}", child.pk)).status_code == 404


@pytest.mark.parametrize("role", [Role.DSL, Role.DEPUTY_DSL, Role.STAFF, Role.GOVERNOR, Role.ADMIN])
def test_concerns_about_adults_are_closed_to_other_posts(school, signed_in, role):
    concern = make_adult_concern(school, make_member(school, Role.STAFF))
    client = signed_in(make_member(school, role))
    assert client.get(url(school, "adult_concern_detail", concern.pk)).status_code == 403
    assert client.get(url(school, "adult_concern_list")).status_code == 403


def test_the_chair_reads_only_what_is_about_a_head(school, signed_in):
    head, chair = make_member(school, Role.HEADTEACHER), make_member(school, Role.CHAIR)
    ordinary, about_head = (
        make_adult_concern(school, make_member(school, Role.STAFF)),
        make_adult_concern(school, head),
    )
    client = signed_in(chair)
    codes = [
        client.get(url(school, "adult_concern_detail", one.pk)).status_code for one in (ordinary, about_head)
    ]
    assert codes == [404, 200]


def test_the_chair_does_not_search_the_learners_and_adds_those_on_the_record_or_a_name(school, signed_in):
    chair, head = make_member(school, Role.CHAIR), make_member(school, Role.HEADTEACHER)
    known, other = make_learner(school, "Alfie", "Thistlewood"), make_learner(school, "Wilfred", "Tarnside")
    concern = make_adult_concern(school, head, learners=[known])
    client, address = signed_in(chair), url(school, "adult_concern_person", concern.pk)
    found = client.post(address, {"people_query": "tarn", "people_find": "1"}).content.decode()
    assert ("Tarnside" in found, "Alfie Thistlewood" in found) == (False, True)
    codes = [
        client.post(address, {"people": str(one.pk), "role": "witness", "version": "0"}).status_code
        for one in (other, known)
    ]
    assert (codes, [one.learner for one in concern.people.filter(role="witness")]) == ([200, 302], [known])


def test_the_head_whose_post_finds_learners_does(school, signed_in):
    head, learner = make_member(school, Role.HEADTEACHER), make_learner(school, "Wilfred", "Tarnside")
    concern = make_adult_concern(school, make_member(school, Role.STAFF))
    client, address = signed_in(head), url(school, "adult_concern_person", concern.pk)
    found = client.post(address, {"people_query": "tarn", "people_find": "1"}).content.decode()
    answer = client.post(address, {"people": str(learner.pk), "role": "witness", "version": "0"})
    assert ("Wilfred Tarnside" in found, answer.status_code) == (True, 302)


def test_words_sent_with_a_stale_second_factor_arrive_once_it_is_given(school, signed_in):
    head = make_member(school, Role.HEADTEACHER)
    concern = make_adult_concern(school, make_member(school, Role.STAFF))
    client = signed_in(head, factor_minutes_ago=11)
    address = url(school, "adult_concern_entry", concern.pk)
    asked = client.post(address, {**WRITES["entry"], "version": "0"})
    assert (asked.status_code, concern.entries.count()) == (302, 0)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session.save()
    assert client.get(address).status_code == 302
    assert [entry.text for entry in concern.entries.all()] == [WRITES["entry"]["text"]]
