"""Consultation on a draft: who is asked, what they say, what is done about it, and that the text rests meanwhile."""

from __future__ import annotations

from copy import copy
from datetime import timedelta

import pytest
from django.urls import reverse

from core import audit
from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused, WrongValue
from core.models import AuditEvent, OutgoingMail
from policies import selectors, services
from policies.enums import VersionState as V
from policies.models import Comment, Consultation, Consulted
from policies.tests.consulting.means import TODAY, mine, state
from policies.tests.factories import make_draft
from schools.enums import Role
from schools.tests.factories import make_member


@pytest.mark.requirement("R007")
def test_it_keeps_what_was_asked_of_whom_and_until_when_and_mails_each_once(school, draft, dsl, teacher):
    governor = make_member(school, Role.GOVERNOR)

    made = services.open_consultation(
        draft,
        by=dsl,
        question=" Is it clear? ",
        until=TODAY(),
        posts=[Role.STAFF],
        members=[governor, teacher],
    )

    kept = Consultation.objects.get(pk=made.pk)
    assert (kept.question, kept.posts, kept.until, kept.opened_by) == (
        "Is it clear?",
        ["staff"],
        TODAY(),
        dsl,
    )
    assert set(kept.consulted.values_list("member", "stake")) == {
        (teacher.pk, "staff"),
        (governor.pk, "staff"),
    }
    assert state(draft) == V.CONSULTATION
    mails = OutgoingMail.objects.filter(template="policies/to_comment")
    assert sorted(mails.values_list("recipient", flat=True)) == sorted(
        [teacher.user.email, governor.user.email]
    )
    assert AuditEvent.objects.filter(action="consultation.opened", actor_id=dsl.actor_id).count() == 1


@pytest.mark.requirement("R007")
def test_what_people_say_of_a_clause_and_what_was_done_stays_with_the_version(opened, draft, dsl, teacher):
    clause = draft.clauses.get(label="2.1")
    one = services.say(mine(opened, teacher), by=teacher, clause=clause.stable_id, text="Which office?")
    whole = services.say(mine(opened, teacher), by=teacher, clause=None, text="Good.")
    services.close_consultation(opened, by=dsl)
    services.answer_comment(one, by=dsl, answer="accepted", reason="It says the main office now.")
    services.answer_comment(whole, by=dsl, answer="partly", reason="Thank you.")
    draft.refresh_from_db()

    services.reword_clause(draft, ("2.1", "At the main office."), by=dsl, clause=clause.stable_id)

    kept = {row.clause: row for row in Comment.objects.all()}
    assert kept[clause.stable_id].about == "2.1 Phones are handed in at the office when the day begins."
    assert (kept[clause.stable_id].answer, kept[clause.stable_id].reason) == (
        "accepted",
        "It says the main office now.",
    )
    assert kept[None].answered_by == dsl


def test_the_text_rests_while_people_comment(opened, draft, dsl):
    draft.refresh_from_db()
    clause = draft.clauses.first()

    with pytest.raises(InvalidTransition, match="only a draft can be written"):
        services.reword_clause(draft, ("1", "Other words."), by=dsl, clause=clause.stable_id)

    services.close_consultation(opened, by=dsl)
    assert state(draft) == V.DRAFT


def test_people_change_and_take_back_their_own_words_until_it_ends(opened, dsl, teacher):
    asked = mine(opened, teacher)
    services.say(asked, by=teacher, clause=None, text="First thoughts.")
    services.say(asked, by=teacher, clause=None, text="Second thoughts.")
    assert [one.text for one in Comment.objects.all()] == ["Second thoughts."]
    services.say(asked, by=teacher, clause=None, text=" ")
    assert not Comment.objects.exists()
    services.say(asked, by=teacher, clause=None, text="Third thoughts.")

    services.close_consultation(opened, by=dsl)

    with pytest.raises(InvalidTransition, match="has ended"):
        services.say(asked, by=teacher, clause=None, text="Fourth thoughts.")
    assert [one.text for one in Comment.objects.all()] == ["Third thoughts."]


def test_what_was_answered_stays_and_nobody_speaks_for_another(opened, dsl, teacher):
    asked = mine(opened, teacher)
    comment = services.say(asked, by=teacher, clause=None, text="Hm.")
    services.answer_comment(comment, by=dsl, answer="accepted", reason="Done.")

    with pytest.raises(WrongValue, match="This was answered, so it stays"):
        services.say(asked, by=teacher, clause=None, text="")
    for somebody in (dsl, None):
        with pytest.raises(PermissionRefused, match="Only the person who was asked"):
            services.say(asked, by=somebody, clause=None, text="Yes.")
    assert Comment.objects.get().answer == "accepted"


def test_nothing_is_taken_after_the_last_day_or_once_the_draft_is_withdrawn(opened, draft, teacher, dsl):
    Consultation.objects.update(until=TODAY() - timedelta(days=1))
    with pytest.raises(InvalidTransition, match="has ended"):
        services.say(mine(opened, teacher), by=teacher, clause=None, text="Late.")
    Consultation.objects.update(until=TODAY())
    draft.refresh_from_db()

    services.withdraw_version(draft, by=dsl, reason="Not needed.")

    with pytest.raises(InvalidTransition, match="has ended"):
        services.say(mine(opened, teacher), by=teacher, clause=None, text="Late.")
    assert not selectors.waiting_for(teacher)


@pytest.mark.requirement("R007")
def test_words_that_came_another_way_are_entered_with_whose_they_are(opened, dsl):
    services.record_word(
        opened, by=dsl, name="School council", stake="learner", clause=None, text="We like it."
    )
    services.record_word(
        opened,
        by=dsl,
        name="School council",
        stake="learner",
        clause=opened.version.clauses.first().stable_id,
        text="Too long.",
    )

    council = Consulted.objects.get(member=None)
    assert (council.called, council.stake) == ("School council", "learner")
    assert {one.text for one in council.comments.all()} == {"We like it.", "Too long."}
    assert {one.entered_by for one in council.comments.all()} == {dsl}


def test_a_version_goes_on_once_every_comment_has_an_answer_or_a_reason_why_not(opened, draft, dsl, teacher):
    comment = services.say(mine(opened, teacher), by=teacher, clause=None, text="Hm.")
    services.say(mine(opened, teacher), by=teacher, clause=draft.clauses.first().stable_id, text="Hm.")
    services.close_consultation(opened, by=dsl)
    comment = services.answer_comment(comment, by=dsl, answer="declined", reason="It is the law.")
    head, ratified = make_member(draft.school, Role.HEADTEACHER), {"body": "Governors", "on": "2026-10"}
    draft.refresh_from_db()

    with pytest.raises(DomainError, match="One comment has no answer yet"):
        services.ratify_version(draft, by=head, **ratified)
    opened.refresh_from_db()
    services.leave_unanswered(opened, by=dsl, reason="It was about another policy.")
    services.ratify_version(draft, by=head, **ratified)

    assert state(draft) == V.RATIFIED
    with pytest.raises(InvalidTransition, match="stands"):
        services.answer_comment(comment, by=dsl, answer="accepted", reason="After all.")


def test_what_makes_no_sense_is_refused(draft, dsl, teacher, opened):
    soon = TODAY() + timedelta(days=1)
    other = make_draft(draft.school, "Trips")
    with pytest.raises(WrongValue, match="what you want to know"):
        services.open_consultation(other, by=dsl, question=" ", until=soon)
    with pytest.raises(WrongValue, match="from today on"):
        services.open_consultation(other, by=dsl, question="Well?", until=TODAY() - timedelta(days=1))
    with pytest.raises(PermissionRefused):
        services.open_consultation(other, by=teacher, question="Well?", until=soon)
    with pytest.raises(Conflict, match="now out for consultation"):
        services.open_consultation(draft, by=dsl, question="Again?", until=soon)
    with pytest.raises(WrongValue, match="does not stand"):
        services.say(mine(opened, teacher), by=teacher, clause=other.pk, text="What?")
    with pytest.raises(InvalidTransition, match="Close the consultation first"):
        services.leave_unanswered(opened, by=dsl, reason="No time.")
    services.close_consultation(opened, by=dsl)
    with pytest.raises(Conflict, match="closed already"):
        services.close_consultation(opened, by=dsl)


def test_an_entry_of_the_audit_tells_what_was_done_about_a_comment(opened, dsl, teacher):
    comment = services.say(mine(opened, teacher), by=teacher, clause=None, text="Hm.")

    services.answer_comment(comment, by=dsl, answer="accepted", reason="Done.")

    said = AuditEvent.objects.get(action="consultation.commented")
    entry = AuditEvent.objects.get(action="consultation.answered")
    assert said.actor_id == teacher.actor_id
    assert audit.payload_of(entry)["changes"]["answer"] == ["", "accepted"]


def test_an_answer_stands_for_the_words_that_were_answered(opened, dsl, teacher):
    comment = services.say(mine(opened, teacher), by=teacher, clause=None, text="Good.")
    services.answer_comment(comment, by=dsl, answer="accepted", reason="Thank you.")

    services.say(mine(opened, teacher), by=teacher, clause=None, text="Good. ")
    comment.refresh_from_db()
    assert (comment.answer, comment.answered_by) == ("accepted", dsl)

    services.say(mine(opened, teacher), by=teacher, clause=None, text="Not good at all.")
    comment.refresh_from_db()
    assert (comment.answer, comment.reason, comment.answered_by) == ("", "", None)


def test_people_of_another_school_are_neither_asked_nor_approvers(other_school, draft, dsl):
    outsider = make_member(other_school, Role.HEADTEACHER)

    with pytest.raises(DomainError, match="people of this school"):
        services.ask_for_approval(draft, [outsider], by=dsl, in_order=True)
    with pytest.raises(DomainError, match="people of this school"):
        services.open_consultation(draft, by=dsl, question="Clear?", until=TODAY(), members=[outsider])

    draft.refresh_from_db()
    assert (draft.state, OutgoingMail.objects.filter(recipient=outsider.user.email).exists()) == (
        V.DRAFT,
        False,
    )


def test_of_two_who_answer_the_second_is_told_what_stands_and_overwrites_nothing(opened, dsl, teacher):
    comment = services.say(mine(opened, teacher), by=teacher, clause=None, text="Hm.")
    other = copy(comment)
    services.answer_comment(comment, by=dsl, answer="accepted", reason="It says so now.")

    with pytest.raises(Conflict, match="It says now: “Hm"):
        services.answer_comment(other, by=dsl, answer="declined", reason="Never.")
    services.close_consultation(opened, by=dsl)
    with pytest.raises(Conflict, match="Somebody else saved this"):
        services.leave_unanswered(opened, by=dsl, reason="No time.")

    assert Comment.objects.get().answer == "accepted"


def test_more_members_are_asked_while_it_runs_each_once(opened, dsl, teacher):
    new = make_member(opened.school, Role.STAFF, name="Ash Wren")

    assert services.ask_more(opened, [teacher, new], by=dsl) == 1

    assert opened.consulted.filter(member=new, stake="staff").exists()
    mails = OutgoingMail.objects.filter(recipient=new.user.email)
    assert mails.count() == 1
    with pytest.raises(WrongValue, match="not asked yet"):
        services.ask_more(opened, [teacher, new], by=dsl)
    with pytest.raises(PermissionRefused):
        services.ask_more(opened, [new], by=teacher)
    services.close_consultation(opened, by=dsl)
    with pytest.raises(InvalidTransition, match="has ended"):
        services.ask_more(opened, [make_member(opened.school)], by=dsl)


def test_a_page_asks_more_members_and_shows_only_those_who_are_not_asked(opened, dsl, teacher, signed_in):
    new = make_member(opened.school, Role.STAFF, name="Ash Wren")
    client, address = (
        signed_in(dsl),
        reverse("policies:consultation_ask", args=[opened.school.slug, opened.pk]),
    )

    page = client.get(address)
    done = client.post(address, {"members": [str(new.pk)]}, follow=True)

    groups = dict(page.context["form"].fields["members"].choices)
    assert (str(new.pk), "Ash Wren") in groups["Staff"]
    assert str(teacher.pk) not in {pk for people in groups.values() for pk, _ in people}
    assert "1 more is asked." in done.content.decode()
