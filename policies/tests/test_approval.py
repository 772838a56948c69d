"""The approvers of a version: in order or together, each for themselves, and anew after every change of the text."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused, WrongValue
from core.models import AuditEvent, OutgoingMail
from policies import selectors, services
from policies.enums import VersionState as V
from policies.models import ApprovalRound, Approver
from policies.tests.factories import TESTS, make_draft
from schools.enums import Role
from schools.services import set_rule
from schools.tests.factories import make_member

RATIFIED = {"body": "Governors", "on": "2026-10"}


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL, name="Ada Hart")


@pytest.fixture
def head(school):
    return make_member(school, Role.HEADTEACHER, name="Bo Pine")


@pytest.fixture
def teacher(school):
    return make_member(school, Role.STAFF, name="Cy Dale")


@pytest.fixture
def draft(school):
    return make_draft(school)


def send(draft, approvers, dsl, *, in_order=True):
    draft.refresh_from_db()
    services.ask_for_approval(draft, approvers, by=dsl, in_order=in_order)
    draft.refresh_from_db()
    return draft


def url(name, version):
    return reverse(f"policies:{name}", args=[version.school.slug, version.pk])


def mailed(template):
    return list(
        OutgoingMail.objects.filter(template=f"policies/{template}").values_list("recipient", flat=True)
    )


def test_in_order_each_is_asked_after_the_one_before_and_the_last_yes_lets_it_go_on(
    draft, dsl, head, teacher
):
    send(draft, [teacher, head], dsl)
    assert (draft.state, mailed("to_approve")) == (V.APPROVAL, [teacher.user.email])
    with pytest.raises(PermissionRefused, match="not your turn"):
        services.approve_version(draft, by=head)

    services.approve_version(draft, by=teacher, note="Clear now.")
    assert set(mailed("to_approve")) == {teacher.user.email, head.user.email}
    services.approve_version(draft, by=head)

    draft.refresh_from_db()
    assert draft.state == V.APPROVED
    assert mailed("approved") == [dsl.user.email]
    assert Approver.objects.get(member=teacher).reason == "Clear now."
    services.ratify_version(draft, by=head, **RATIFIED)


def test_together_they_are_asked_at_once_and_say_yes_in_any_order(draft, dsl, head, teacher):
    send(draft, [teacher, head], dsl, in_order=False)
    assert set(mailed("to_approve")) == {teacher.user.email, head.user.email}

    services.approve_version(draft, by=head)
    services.approve_version(draft, by=teacher)

    draft.refresh_from_db()
    assert draft.state == V.APPROVED


def test_nobody_approves_for_another_or_twice(draft, dsl, head, teacher):
    send(draft, [head, teacher], dsl)
    for somebody in (dsl, teacher):
        with pytest.raises(PermissionRefused):
            services.approve_version(draft, by=somebody)
    services.approve_version(draft, by=head)
    with pytest.raises(PermissionRefused, match="done so already"):
        services.approve_version(draft, by=head)


def test_whoever_holds_no_post_any_more_neither_approves_nor_sends_back(draft, dsl, teacher):
    send(draft, [teacher], dsl)
    teacher.appointments.all().delete()
    gone = type(teacher).objects.get(pk=teacher.pk)

    for decide in (
        lambda: services.approve_version(draft, by=gone),
        lambda: services.send_back(draft, by=gone, reason="No."),
    ):
        with pytest.raises(PermissionRefused, match="Your post"):
            decide()

    draft.refresh_from_db()
    assert draft.state == V.APPROVAL


def test_who_sends_it_back_says_why_and_the_next_round_begins_anew(draft, dsl, head, teacher):
    send(draft, [teacher, head], dsl)
    services.approve_version(draft, by=teacher)

    services.send_back(draft, by=head, reason="Section 2 is not what we do.")

    draft.refresh_from_db()
    assert (draft.state, mailed("sent_back")) == (V.DRAFT, [dsl.user.email])
    send(draft, [teacher, head], dsl)
    first, second = ApprovalRound.objects.all()
    assert (first.ended_reason, second.ended_at) == ("Bo Pine sent it back.", None)
    assert [one.decision for one in first.approvers.all()] == ["approved", "sent_back"]
    assert [one.decision for one in second.approvers.all()] == ["", ""]


@pytest.mark.parametrize("approved", [False, True])
def test_text_that_changes_after_approval_is_approved_anew(draft, dsl, head, approved):
    send(draft, [head], dsl)
    if approved:
        services.approve_version(draft, by=head)
        draft.refresh_from_db()
    clause = draft.clauses.first()
    with pytest.raises(InvalidTransition, match="only a draft can be written"):
        services.reword_clause(draft, ("1.1", "Other words."), by=dsl, clause=clause.stable_id)

    services.take_back(draft, by=dsl, reason="A sentence is missing.")

    draft.refresh_from_db()
    services.reword_clause(draft, ("1.1", "Other words."), by=dsl, clause=clause.stable_id)
    with pytest.raises(InvalidTransition, match="nobody's approval is asked for"):
        services.approve_version(draft.policy.versions.get(), by=head)
    assert ApprovalRound.objects.get().ended_reason == "Taken back: A sentence is missing."


def test_of_two_who_act_on_what_they_read_the_second_is_told(draft, dsl, head):
    send(draft, [head], dsl)
    services.take_back(draft, by=dsl, reason="A sentence is missing.")

    with pytest.raises(Conflict, match="version 1 is now draft"):
        services.approve_version(draft, by=head)


def test_the_place_of_an_approver_who_left_is_given_away_with_a_record(draft, dsl, head, teacher):
    send(draft, [head], dsl)
    place = Approver.objects.get()

    services.replace_approver(place, teacher, by=dsl, reason="The head has left.")

    assert teacher.user.email in mailed("to_approve")
    assert [(one.member, bool(one.replaced_at)) for one in Approver.objects.all()] == [
        (head, True),
        (teacher, False),
    ]
    assert AuditEvent.objects.filter(action="policy_version.approver_replaced").count() == 1
    with pytest.raises(PermissionRefused):
        services.approve_version(draft, by=head)
    with pytest.raises(InvalidTransition, match="not free"):
        services.replace_approver(place, dsl, by=dsl, reason="Again.")
    services.approve_version(draft, by=teacher)
    draft.refresh_from_db()
    assert draft.state == V.APPROVED


def test_a_school_with_a_route_ratifies_no_draft_and_one_without_does(school, draft, dsl, head):
    set_rule(school, "policy_approvers", "dsl,headteacher", by=TESTS)
    assert not [one for one in selectors.waiting_for(head) if one.what == "Ratify"]
    with pytest.raises(InvalidTransition, match="approved before it is ratified"):
        services.ratify_version(draft, by=head, **RATIFIED)

    set_rule(school, "policy_approvers", "none", by=TESTS)

    assert [one.title for one in selectors.waiting_for(head) if one.what == "Ratify"] == [draft.title]
    assert services.ratify_version(draft, by=head, **RATIFIED).state == V.RATIFIED


def test_the_form_starts_with_the_route_of_the_school(school, draft, dsl, head, signed_in):
    set_rule(school, "policy_approvers", "dsl,headteacher", by=TESTS)
    set_rule(school, "policy_approval_order", "together", by=TESTS)
    client = signed_in(dsl)
    form = client.get(url("approval_ask", draft)).context["form"]
    assert [form.initial.get(name) for name in ("first", "second", "third", "order")] == [
        str(dsl.pk),
        str(head.pk),
        None,
        "together",
    ]

    client.post(url("approval_ask", draft), {**form.initial})

    round_ = ApprovalRound.objects.get()
    assert [one.member for one in round_.approvers.all()] == [dsl, head]
    assert not round_.in_order


def test_comments_without_an_answer_hold_it_back(draft, dsl, head):
    consultation = services.open_consultation(
        draft, by=dsl, question="Well?", until=timezone.localdate(), members=[head]
    )
    services.say(consultation.consulted.get(), by=head, clause=None, text="Hm.")
    services.close_consultation(consultation, by=dsl)

    with pytest.raises(DomainError, match="One comment has no answer yet"):
        send(draft, [head], dsl)


def test_what_makes_no_sense_is_refused(draft, dsl, head, teacher):
    with pytest.raises(DomainError, match="Choose who approves"):
        send(draft, [], dsl)
    with pytest.raises(DomainError, match="each approver once"):
        send(draft, [head, head], dsl)
    with pytest.raises(PermissionRefused):
        send(draft, [head], teacher)
    send(draft, [head], dsl)
    with pytest.raises(WrongValue, match="why you send it back"):
        services.send_back(draft, by=head, reason=" ")
    with pytest.raises(WrongValue, match="what has to change"):
        services.take_back(draft, by=dsl, reason=" ")
    with pytest.raises(WrongValue, match="has a place"):
        services.replace_approver(Approver.objects.get(), head, by=dsl, reason="Why not.")


def test_an_approver_without_a_post_that_prepares_finds_it_at_home_reads_it_and_decides(
    draft, dsl, teacher, signed_in
):
    client = signed_in(teacher)
    assert client.get(draft.get_absolute_url()).status_code == 404
    send(draft, [teacher], dsl)
    assert [(one.what, one.url) for one in selectors.waiting_for(teacher)] == [
        ("Approve", url("version_decide", draft))
    ]
    assert "Phones are handed in" in client.get(draft.get_absolute_url()).content.decode()
    assert client.get(url("version_decide", draft)).context["summary"] is not None

    sent = {"revision": draft.revision, "decision": "sent_back", "reason": ""}
    refused = client.post(url("version_decide", draft), sent)
    client.post(url("version_decide", draft), {**sent, "decision": "approved"})

    assert refused.context["form"].errors["reason"] == ["Say why you send it back."]
    draft.refresh_from_db()
    assert draft.state == V.APPROVED
    assert not selectors.waiting_for(teacher)


def test_who_has_no_place_has_no_page_to_decide_on(school, draft, dsl, head, signed_in):
    send(draft, [dsl], dsl)

    assert signed_in(head).get(url("version_decide", draft)).status_code == 404
    assert signed_in(make_member(school, Role.STAFF)).get(url("version_decide", draft)).status_code == 404


def test_the_page_of_the_version_shows_each_round_and_whose_turn_it_is(draft, dsl, head, teacher, signed_in):
    send(draft, [teacher, head], dsl)
    services.send_back(draft, by=teacher, reason="Too long.")
    send(draft, [teacher, head], dsl)

    rounds = signed_in(dsl).get(draft.get_absolute_url()).context["life"]["rounds"]

    assert [one["number"] for one in rounds] == [2, 1]
    assert [one["status"]["word"] for one in rounds[0]["approvers"]] == ["Asked now", "Not asked yet"]
    assert [one["status"]["word"] for one in rounds[1]["approvers"]] == ["Sent back", "Was not asked"]


def test_the_page_asks_as_many_questions_with_many_rounds_as_with_one(draft, dsl, head, signed_in):
    send(draft, [head, dsl], dsl)
    client, address = signed_in(dsl), draft.get_absolute_url()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(8):
        services.send_back(draft, by=head, reason=f"No {number}")
        send(draft, [head, dsl], dsl)
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(one)
