"""The procedure of a concern: begun at triage and kept, its steps recorded once, what it refuses refused by the services."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.errors import Conflict, DomainError, InvalidTransition, WrongValue
from incidents import procedures, services
from incidents.enums import EntryKind, StepState
from incidents.models import Concern, ProcedureVersion, StepRecord
from incidents.selectors.procedures import next_due, owed, standing, standings
from incidents.tests.factories import (
    closing,
    do_step,
    kinds,
    last_action,
    make_concern,
    make_open,
    make_triaged,
    triage_of,
)
from schools import services as schools
from schools.enums import Role
from schools.tests.factories import TESTS, make_member

pytestmark = pytest.mark.django_db
PICTURE = "data:image/png;base64,iVBORw0KGgo="


@pytest.fixture
def head(school):
    return make_member(school, Role.HEADTEACHER)


@pytest.fixture
def imagery(school, dsl):
    return make_triaged(school, dsl, "imagery", may_involve_imagery=True)


def now(concern):
    return Concern.objects.get(pk=concern.pk)


# --- Begun and kept


def test_the_kind_decides_which_procedure_begins_and_another_may_be_chosen(school, dsl):
    chosen = triage_of(dsl, procedure="hate", reason="Words about faith.")
    by_kind = make_triaged(school, dsl, "filtering_breach")
    other = services.triage_concern(make_concern(school), chosen, by=dsl)
    assert [one.procedure.key for one in (by_kind, other)] == ["filtering", "hate"]
    assert "Procedure, chosen instead of that of the kind: Hate" in other.entries.get().text
    with pytest.raises(WrongValue, match="Choose a procedure"):
        services.triage_concern(make_concern(school), triage_of(dsl, procedure="allegation"), by=dsl)


def test_a_record_keeps_the_procedure_that_it_began_with(school, head):
    old = make_triaged(school, head, "allegation", route="adult")
    schools.set_rule(school, "ofsted_notification_days", "7", by=TESTS)
    new = make_triaged(school, head, "allegation", route="adult")
    services.triage_concern(old, triage_of(head, category="allegation", reason="Again."), by=head)
    assert [standing(now(one), "ofsted").step.clock.amount for one in (old, new)] == [14, 7]
    make_triaged(school, head, "allegation", route="adult")
    assert ProcedureVersion.objects.filter(key="allegation").count() == 2


@pytest.mark.parametrize("model", [ProcedureVersion, StepRecord])
def test_no_version_and_no_record_of_a_step_is_ever_changed(imagery, dsl, model):
    do_step(imagery, "risk", by=dsl)
    for change in (lambda row: row.save(), lambda row: row.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(model.objects.first())


# --- Recorded


# Row, kind, steps that come before with their answers, the step, its answer, and what it must not go without.
ASKED = {
    "R212": ("hate", {"crime": "unclear"}, "advice_needed", "", ("person", "advice")),
    "R213": ("imagery", {"refer_now": "yes"}, "police", "", ("person", "reference", "advice")),
    "R210": ("imagery", {"refer_now": "yes"}, "social_care", "", ("threshold", "person", "reference")),
    "R233": ("imagery", {}, "viewing", "decided", ("who_looked", "present", "looked_at", "why", "decision")),
    "R235": ("imagery", {}, "secure_device", "held", ("device",)),
    "R236": ("imagery", {}, "block", "blocked", ("what",)),
    "R238": ("imagery", {"secure_device": "none", "refer_now": "no"}, "deletion", "confirmed", ("confirmed_by", "why")),
    "R230": ("imagery", {}, "again", "", ("what",)),
    "R133": ("filtering_breach", {}, "address", "", ("address", "account")),
    "R136": ("filtering_breach", {"illegal": "abuse_images"}, "iwf", "", ("reference",)),
    "R141": ("filtering_breach", {"why_came": "looked_for"}, "access", "", ("from_when", "until_when", "why", "restored_by")),
    "R242": ("intelligence", {}, "pass_on", "", ("passed_on", "person")),
    "R217": ("cyberbullying", {}, "support", "", ("what", "owner")),
    "R186": ("cyberbullying", {}, "test", "threat", ("why",)),
}  # fmt: skip


@pytest.mark.parametrize("row", [pytest.param(row, marks=pytest.mark.requirement(row)) for row in ASKED])
def test_a_step_asks_for_what_must_be_recorded_and_the_story_keeps_it(school, dsl, row):
    category, before, key, answer, asked = ASKED[row]
    concern = make_triaged(school, dsl, category)
    for one, given in before.items():
        do_step(concern, one, by=dsl, answer=given)
    full = {name: f"{name} of {key}" for name in asked}
    for missing in asked:
        some = {name: text for name, text in full.items() if name != missing}
        with pytest.raises(WrongValue) as refusal:
            services.record_step(concern, key, services.StepDone(answer=answer, why=some.pop("why", ""), written=some), by=dsl)  # fmt: skip
        assert refusal.value.about == missing
    do_step(concern, key, by=dsl, answer=answer)
    entry = StepRecord.objects.get(concern=concern, step=key).entry
    assert (entry.kind, entry.author, [text for text in full.values() if text not in entry.text]) == (
        EntryKind.STEP,
        dsl,
        [],
    )
    assert last_action() == "concern.step_done"


@pytest.mark.requirement("R070")
@pytest.mark.requirement("R167")
def test_an_allegation_goes_to_the_lado_within_a_working_day_and_to_the_police_where_a_crime_is_suspected(
    school, time_machine
):
    time_machine.move_to("2026-04-02T09:00:00+01:00", tick=False)  # the Thursday before Easter
    head = make_member(school, Role.HEADTEACHER)
    concern = make_triaged(school, head, "allegation", route="adult")
    assert [one.step.key for one in owed(concern)] == ["safe", "child_record", "threshold", "conflict"]
    do_step(concern, "threshold", by=head, answer="offence")
    due = {one.step.key: one.due for one in owed(now(concern))}
    assert due["lado"].isoformat() == "2026-04-07T15:30:00+01:00"
    assert (due["ofsted"] - concern.recorded_at, due["police"]) == (timedelta(days=14), timezone.now())
    told = timezone.now() - timedelta(minutes=30)
    for key in ("lado", "police"):
        do_step(concern, key, by=head, happened_at=told)
    assert {one.at for one in standings(now(concern)) if one.step.key in ("lado", "police")} == {told}


def test_a_step_that_is_not_needed_asks_why(imagery, dsl):
    with pytest.raises(WrongValue, match="Say why the step is not needed"):
        services.record_step(imagery, "block", services.StepDone(StepState.NOT_NEEDED), by=dsl)
    services.record_step(imagery, "block", services.StepDone(StepState.NOT_NEEDED, why="A phone."), by=dsl)
    assert (standing(now(imagery), "block").is_open, last_action()) == (False, "concern.step_not_needed")


def test_a_step_is_called_for_by_an_answer_and_only_then(imagery, dsl):
    with pytest.raises(InvalidTransition, match="not called for"):
        services.record_step(imagery, "police", services.StepDone(), by=dsl)
    do_step(imagery, "refer_now", by=dsl, answer="unclear")
    assert standing(now(imagery), "police").is_owed


def test_of_two_who_record_a_step_the_second_is_told_and_may_add_with_a_reason(imagery, dsl, deputy):
    first = do_step(imagery, "risk", by=dsl)
    with pytest.raises(Conflict, match="Margaret Sholto was first: this step was recorded on"):
        do_step(imagery, "risk", by=deputy)
    again = services.StepDone(written={"what": "More."})
    with pytest.raises(WrongValue, match="Say why it is recorded again"):
        services.record_step(imagery, "risk", again, by=deputy, seen=first.pk)
    services.record_step(imagery, "risk", services.StepDone(written={"what": "More."}, why="The school nurse rang."), by=deputy, seen=first.pk)  # fmt: skip
    assert list(StepRecord.objects.filter(step="risk").values_list("number", flat=True)) == [1, 2]


def test_a_form_that_is_sent_twice_records_a_step_once(imagery, dsl):
    ref, done = uuid4(), services.StepDone(written={"what": "Safe."})
    records = {services.record_step(imagery, "risk", done, by=dsl, client_ref=ref).pk for _ in range(2)}
    assert (len(records), kinds(imagery).count(EntryKind.STEP)) == (1, 1)


def test_a_step_that_was_entered_in_error_is_open_again(imagery, dsl):
    entry = do_step(imagery, "refer_now", by=dsl, answer="yes").entry
    services.mark_entered_in_error(entry, reason="Another child.", by=dsl)
    assert [standing(now(imagery), key).is_open for key in ("refer_now", "police")] == [True, False]
    do_step(imagery, "refer_now", by=dsl, answer="no")


def test_there_is_no_step_before_triage_and_none_of_another_procedure(school, dsl, imagery):
    with pytest.raises(InvalidTransition, match="Triage this concern first"):
        services.record_step(make_concern(school), "risk", services.StepDone(), by=dsl)
    with pytest.raises(DomainError, match="no such step"):
        services.record_step(imagery, "lado", services.StepDone(), by=dsl)


# --- Clocks


def test_the_clock_of_a_concern_is_that_of_its_next_owed_step(school, dsl):
    concern = make_open(school, dsl)
    assert (concern.due_at, concern.step_due_at) == (next_due(concern), next_due(concern))
    for key, answer in (("danger", "no"), ("parents", "told")):
        do_step(concern, key, by=dsl, answer=answer)
    found = now(concern)
    assert (found.step_due_at, found.due_at > concern.due_at) == (None, True)


# --- Refused


@pytest.mark.requirement("R214")
def test_nobody_is_told_or_questioned_before_it_is_decided_and_the_police_have_answered(imagery, dsl):
    talk = services.NewEntry("Asked her what happened.", EntryKind.TALK)
    told = {"answer": "told", "by": dsl}
    for steps in ((), (("refer_now", "yes"),)):
        for key, answer in steps:
            do_step(imagery, key, by=dsl, answer=answer)
        with pytest.raises(WrongValue, match="Nobody is questioned before") as refusal:
            services.add_entry(imagery, talk, by=dsl)
        with pytest.raises(WrongValue, match="Nobody outside is told before"):
            do_step(imagery, "parents", **told)
    assert refusal.value.about == "despite"
    do_step(imagery, "police", by=dsl)
    services.add_entry(imagery, talk, by=dsl)
    do_step(imagery, "parents", **told)


def test_what_has_happened_all_the_same_is_recorded_with_its_reason(imagery, dsl):
    entry = services.NewEntry("The mother rang.", EntryKind.CONTACT, despite="She knew already.")
    written = services.add_entry(imagery, entry, by=dsl)
    assert written.text.endswith("Before the procedure allowed it, because: She knew already.")


@pytest.mark.requirement("R234")
@pytest.mark.parametrize("category", ["imagery", "filtering_breach", "indecent_images", "indecent_devices"])
def test_no_picture_gets_into_the_record_of_such_a_concern_by_any_way(school, dsl, category):
    concern = make_triaged(school, dsl, category)
    action = services.NewAction(PICTURE, dsl, timezone.localdate())
    key = next(one.step.key for one in standings(concern) if one.is_owed)
    note = services.add_entry(concern, services.NewEntry("She told me."), by=dsl)
    for write in (
        lambda: services.correct_entry(note, "He told me.", reason=PICTURE, by=dsl),
        lambda: services.mark_entered_in_error(note, reason=PICTURE, by=dsl),
        lambda: services.add_entry(concern, services.NewEntry(f"See {PICTURE}", despite="x"), by=dsl),
        lambda: services.reply_to_reporter(concern, PICTURE, by=dsl),
        lambda: services.add_action(concern, action, by=dsl),
        lambda: do_step(concern, key, by=dsl, despite=PICTURE),
        lambda: services.close_concern(concern, closing(reason=PICTURE), by=dsl),
    ):
        with pytest.raises(DomainError, match="never kept here"):
            write()
    with pytest.raises(DomainError, match="never kept here"):
        make_concern(school, may_involve_imagery=True, narrative=PICTURE)


def test_closing_names_what_is_left_and_asks_why(school, dsl):
    concern = make_open(school, dsl)
    with pytest.raises(WrongValue, match="2 of the procedure's steps are still to do") as refusal:
        services.close_concern(concern, closing(steps_left=""), by=dsl)
    assert refusal.value.about == "steps_left"
    services.close_concern(concern, closing(steps_left="They moved abroad."), by=dsl)
    text = concern.entries.get(kind=EntryKind.CLOSING).text
    assert [part for part in ("Left: Is anybody in danger now", "Why left: They moved abroad.") if part not in text] == []  # fmt: skip


ANSWERS = {"illegal": "abuse_images", "refer_now": "yes", "viewing": "no", "threshold": "offence", "why_came": "looked_for", "crime": "yes", "offence": "yes"}  # fmt: skip


@pytest.mark.any_database
@pytest.mark.parametrize("key", procedures.keys())
def test_every_procedure_can_be_walked_to_its_end(school, dsl, head, key):
    route = "child" if key in procedures.keys_of("child") else "adult"
    by, kind = (dsl if route == "child" else head), next(k for k in procedures.kinds_of(route) if k.procedure == key)  # fmt: skip
    concern = make_triaged(school, by, kind.key, route=route)
    while left := owed(now(concern)):
        step = left[0].step
        given = ANSWERS.get(step.key, "")
        do_step(concern, step.key, by=by, answer=given if step.answer(given) else "")
    services.close_concern(concern, closing(steps_left=""), by=by)
    assert now(concern).status == "closed"
