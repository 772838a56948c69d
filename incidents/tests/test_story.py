"""The chronology, actions and people of a concern, and who may write them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused
from incidents import services
from incidents.enums import Audience, EntryKind, PersonRole, Route
from incidents.models import Action, ChronologyEntry, ConcernPerson
from incidents.tests.factories import (
    closing,
    kinds,
    last_action,
    mails,
    make_adult_concern,
    make_concern,
    make_open,
    triage_of,
)
from schools.enums import Role
from schools.services import end_membership
from schools.tests.factories import TESTS, make_learner, make_member, make_school

pytestmark = pytest.mark.django_db


# --- The story


@pytest.mark.requirement("R208")
def test_an_entry_has_its_own_time_and_a_late_one_says_so(school, dsl):
    concern = make_open(school, dsl)
    then = timezone.now() - timedelta(days=3)
    entry = services.add_entry(
        concern, services.NewEntry("Spoke to the mother.", EntryKind.CONTACT, then), by=dsl
    )
    assert (entry.happened_at, entry.is_late, last_action()) == (then, True, "concern.entry_added")
    assert not services.add_entry(concern, services.NewEntry("Now."), by=dsl).is_late


def test_an_entry_sent_twice_is_one(school, dsl):
    concern, ref = make_open(school, dsl), uuid4()
    first = services.add_entry(concern, services.NewEntry("Rang."), by=dsl, client_ref=ref)
    assert services.add_entry(concern, services.NewEntry("Rang."), by=dsl, client_ref=ref) == first
    with pytest.raises(Conflict):
        services.add_entry(concern, services.NewEntry("Other."), by=dsl, client_ref=ref)
    assert kinds(concern) == [EntryKind.DECISION, EntryKind.NOTE]


def test_a_closed_concern_takes_no_entries_until_it_is_reopened(school, dsl):
    concern = make_open(school, dsl)
    services.close_concern(concern, closing(), by=dsl)
    with pytest.raises(InvalidTransition, match="Reopen it first"):
        services.add_entry(concern, services.NewEntry("More."), by=dsl)


def test_a_correction_stands_beside_the_original(school, dsl):
    concern = make_open(school, dsl)
    entry = services.add_entry(concern, services.NewEntry("At 14:00."), by=dsl)
    fix = services.correct_entry(entry, "At 16:00.", reason="Wrong time.", by=dsl)
    entry = ChronologyEntry.objects.get(pk=entry.pk)
    assert (entry.text, fix.text, fix.reason, fix.corrects) == (
        "At 14:00.",
        "At 16:00.",
        "Wrong time.",
        entry,
    )
    with pytest.raises(InvalidTransition):
        services.correct_entry(fix, "x", reason="y", by=dsl)


def test_entered_in_error_asks_why_and_happens_once(school, dsl):
    entry = services.add_entry(make_open(school, dsl), services.NewEntry("Another child."), by=dsl)
    with pytest.raises(DomainError):
        services.mark_entered_in_error(entry, reason="", by=dsl)
    mark = services.mark_entered_in_error(entry, reason="Wrong record.", by=dsl)
    assert (mark.kind, ChronologyEntry.objects.get(pk=entry.pk).text) == (EntryKind.ERROR, "Another child.")
    with pytest.raises(Conflict):
        services.mark_entered_in_error(entry, reason="Again.", by=dsl)


def test_a_reply_reaches_the_reporter_by_mail_without_its_words(school, dsl):
    concern = make_concern(school)
    services.reply_to_reporter(concern, "Thank you; the family has help now.", by=dsl)
    assert mails("reply_written") == [concern.reporter.user.email]
    assert last_action() == "concern.replied"


def test_no_reply_goes_to_a_reporter_who_turned_out_to_be_part_of_it(school):
    head, reporter = make_member(school, Role.HEADTEACHER), make_member(school, Role.STAFF)
    concern = make_adult_concern(school, make_member(school, Role.STAFF), by=reporter)
    services.add_person(concern, PersonRole.ALLEGED, reporter, by=head)
    with pytest.raises(DomainError, match="part of this concern now"):
        services.reply_to_reporter(concern, "Thank you.", by=head)


# --- Actions and people


def test_an_action_is_done_once_and_the_story_says_so(school, dsl, deputy):
    concern = make_open(school, dsl)
    action = services.add_action(
        concern, services.NewAction("Ring back", deputy, timezone.localdate()), by=dsl
    )
    services.complete_action(action, "No answer.", by=deputy)
    with pytest.raises(Conflict, match="Dev Hartley"):
        services.complete_action(action, by=dsl)
    assert (Action.objects.get().done_by, kinds(concern)[-2:]) == (
        deputy,
        [EntryKind.ACTION, EntryKind.ACTION_DONE],
    )
    assert last_action() == "concern.action_done"


def test_an_action_never_goes_to_whom_the_concern_is_about(school):
    head, about = make_member(school, Role.HEADTEACHER), make_member(school, Role.STAFF)
    concern = make_adult_concern(school, about)
    with pytest.raises(DomainError):
        services.add_action(concern, services.NewAction("x", about, timezone.localdate()), by=head)


def test_people_have_a_role_in_this_concern_alone(school, dsl):
    concern, learner = make_open(school, dsl), make_learner(school)
    services.add_person(concern, PersonRole.WITNESS, learner, by=dsl)
    services.add_person(concern, PersonRole.OTHER, "A neighbour", by=dsl)
    with pytest.raises(Conflict):
        services.add_person(concern, PersonRole.WITNESS, learner, by=dsl)
    assert [(one.role, one.name) for one in ConcernPerson.objects.order_by("created_at")] == [
        ("witness", ""),
        ("other", "A neighbour"),
    ]


def test_naming_the_head_moves_a_concern_to_the_chair(school):
    head, second, chair = (
        make_member(school, role) for role in (Role.HEADTEACHER, Role.HEAD_OF_SCHOOL, Role.CHAIR)
    )
    concern = make_adult_concern(school, make_member(school, Role.STAFF))
    services.add_person(concern, PersonRole.ALLEGED, second, by=head)
    concern.refresh_from_db()
    assert (concern.audience, concern.lead) == (Audience.CHAIR, None)
    assert chair.user.email in mails("concern_logged")
    with pytest.raises(PermissionRefused):
        services.add_entry(concern, services.NewEntry("Mine."), by=head)


def test_a_lead_named_in_a_concern_about_a_child_is_shut_out_of_it(school, dsl, deputy):
    concern = make_concern(school)
    services.add_person(concern, PersonRole.ALLEGED, dsl, by=deputy)
    with pytest.raises(PermissionRefused):
        services.add_entry(concern, services.NewEntry("Nothing to see."), by=dsl)


# --- Who may


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.DSL, Role.DEPUTY_DSL)])
def test_no_other_post_works_a_concern_about_a_child(school, dsl, role):
    concern, other = make_open(school, dsl), make_member(school, role)
    entry = ChronologyEntry.objects.get(concern=concern)
    tries = [
        lambda: services.triage_concern(concern, triage_of(dsl), by=other),
        lambda: services.assign_concern(concern, dsl, by=other),
        lambda: services.close_concern(concern, closing(), by=other),
        lambda: services.reopen_concern(concern, "x", by=other),
        lambda: services.add_entry(concern, services.NewEntry("x"), by=other),
        lambda: services.correct_entry(entry, "x", reason="y", by=other),
        lambda: services.mark_entered_in_error(entry, reason="y", by=other),
        lambda: services.reply_to_reporter(concern, "x", by=other),
        lambda: services.add_action(concern, services.NewAction("x", dsl, timezone.localdate()), by=other),
        lambda: services.add_person(concern, PersonRole.OTHER, "x", by=other),
    ]
    for attempt in tries:
        with pytest.raises(PermissionRefused):
            attempt()
    assert kinds(concern) == [EntryKind.DECISION]


def test_a_lead_of_another_school_works_nothing_here(school, dsl):
    concern, stranger = make_open(school, dsl), make_member(make_school(), Role.DSL)
    with pytest.raises(PermissionRefused):
        services.add_entry(concern, services.NewEntry("x"), by=stranger)


def test_routes_have_their_own_outcomes(school):
    head = make_member(school, Role.HEADTEACHER)
    concern = make_adult_concern(school, make_member(school, Role.STAFF))
    services.triage_concern(concern, triage_of(head, category="low_level_concern"), by=head)
    done = services.close_concern(
        concern, closing(outcome="unfounded", parents_told="not_concerned"), by=head
    )
    assert (done.route, done.outcome) == (Route.ADULT, "unfounded")


def test_a_reporter_who_has_left_is_sent_nothing_and_the_reply_stands(school, dsl):
    teacher = make_member(school, Role.STAFF)
    concern = make_concern(school, by=teacher)
    end_membership(teacher, by=TESTS)
    services.reply_to_reporter(concern, "Thank you.", by=dsl)
    assert (mails("reply_written"), kinds(concern)) == ([], [EntryKind.REPLY])
