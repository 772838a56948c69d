"""The procedure on the page of a concern: what it shows, and the form by which a step is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.templatetags.ui import moment
from incidents import services
from incidents.enums import EntryKind
from incidents.models import StepRecord
from incidents.tests.factories import do_step, make_concern, make_open, make_triaged
from incidents.tests.pages import ENTRY, TRIAGE, url
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = pytest.mark.django_db
RISK = {"answer": "done", "what": "Safe at home tonight.", "happened_at": "2026-01-05T10:00"}


@pytest.fixture
def imagery(school, dsl):
    return make_triaged(school, dsl, "imagery")


@pytest.fixture
def ask(school, imagery, dsl, signed_in):
    """Opens, or sends, a page of the concern as the designated lead."""
    client = signed_in(dsl)

    def send(what, *more, sent=None):
        address = url(school, f"concern_{what}", imagery.pk, *more)
        return client.get(address) if sent is None else client.post(address, sent)

    return send


def test_the_page_says_what_to_do_who_by_when_and_what_is_not_allowed_now(ask):
    said = ask("detail").context["procedure"]
    first = said["steps"][0]
    assert (first["who"], first["clock"]["state"], said["left"]) == (
        "Designated Safeguarding Lead or a deputy",
        "soon",
        10,
    )
    assert "Nobody is questioned before it is decided whether the police come in." in said["refused"]
    assert [row["label"][:9] for row in said["steps"] if row["state"] == "doing"] == ["Secure th"]
    assert "UKCIS, Sharing nudes and semi-nudes (11 March 2024)" in said["sources"]
    assert said["more"][0]["label"].startswith("Are children of other schools")
    page = ask("detail").content.decode()
    assert '<a href="#procedure">What this calls for: 10 steps to do</a>' in page
    assert 'id="procedure"' in page


def test_a_step_is_recorded_on_its_form_and_shown_with_who_and_when(ask, dsl):
    assert ask("step", "risk").context["form"]["what"].help_text == "For “Done”."
    answer = ask("step", "risk", sent=RISK)
    record = StepRecord.objects.get()
    assert (answer.status_code, record.entry.author) == (302, dsl)
    (row,) = ask("detail").context["procedure"]["done"]
    assert (row["done_by"], moment(row["done_at"])) == ("Margaret Sholto", "5 January 2026, 10:00")
    assert f'id="{row["entry"]}"' in ask("detail").content.decode()


@pytest.mark.parametrize(
    ("key", "change", "field"),
    [
        ("risk", {"what": ""}, "what"),
        ("risk", {"answer": ""}, "answer"),
        ("risk", {"answer": "not_needed"}, "why"),
        ("viewing", {"answer": "decided", "why": "No other way."}, "who_looked"),
        ("parents", {"answer": "told", "how": "By telephone", "response": "Calm."}, "despite"),
    ],
)
def test_what_is_missing_or_refused_is_said_at_its_field_and_nothing_typed_is_lost(ask, key, change, field):
    answer = ask("step", key, sent={**RISK, **change})
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), StepRecord.objects.count()) == (200, [field], 0)
    assert [form.data[name] for name in change] == list(change.values())


def test_whoever_is_second_is_told_keeps_the_words_and_can_add_them_with_a_reason(ask, imagery, deputy):
    do_step(imagery, "risk", by=deputy)
    answer = ask("step", "risk", sent=RISK)
    form = answer.context["form"]
    assert "Dev Hartley was first" in form.non_field_errors()[0]
    assert "Safe at home tonight." in answer.content.decode()
    ask("step", "risk", sent={**RISK, "seen": form.data["seen"], "why": "Mine is later."})
    assert StepRecord.objects.count() == 2


def test_a_step_that_was_done_and_is_not_called_for_any_more_is_shown_without_a_way_to_record_it(
    ask, imagery, dsl
):
    asked = do_step(imagery, "refer_now", by=dsl, answer="yes")
    do_step(imagery, "police", by=dsl)
    services.mark_entered_in_error(asked.entry, reason="Another child.", by=dsl)
    (row,) = ask("detail").context["procedure"]["done"]
    assert (row["state"], "url" in row) == ("done", False)


@pytest.mark.parametrize("key", ["police", "lado", "nothing"])
def test_a_step_that_is_not_called_for_has_no_page(ask, key):
    assert ask("step", key).status_code == 404


def test_while_questions_are_refused_an_entry_that_tells_of_one_asks_why(ask, imagery):
    talk = {**ENTRY, "kind": "talk"}
    answer = ask("entry", sent=talk)
    assert "Nobody is questioned" in answer.context["form"].errors["despite"][0]
    ask("entry", sent={**talk, "despite": "She began to speak of it herself."})
    assert imagery.entries.filter(kind=EntryKind.TALK).count() == 1


def test_another_procedure_can_be_chosen_when_a_concern_is_decided_about(school, dsl, signed_in):
    concern = make_concern(school)
    sent = {**TRIAGE, "lead": str(dsl.pk), "procedure": "hate"}
    client = signed_in(dsl)
    client.post(url(school, "concern_triage", concern.pk), sent)
    said = client.get(concern.get_absolute_url()).context["procedure"]
    assert said["title"] == "Hate, on or offline"


def test_closing_asks_about_what_is_left_only_where_something_is(school, dsl, signed_in):
    concern, client = make_open(school, dsl), signed_in(dsl)
    asked = ["steps_left" in client.get(url(school, "concern_close", concern.pk)).context["form"].fields]
    for key in ("danger", "parents"):
        do_step(concern, key, by=dsl)
    asked.append("steps_left" in client.get(url(school, "concern_close", concern.pk)).context["form"].fields)
    assert asked == [True, False]


def test_the_head_records_steps_of_a_concern_about_an_adult(school, signed_in):
    head = make_member(school, Role.HEADTEACHER)
    concern = make_triaged(school, head, "allegation", route="adult")
    sent = {**RISK, "what": "Nobody is alone with him."}
    answer = signed_in(head).post(url(school, "adult_concern_step", concern.pk, "safe"), sent)
    assert (answer.status_code, StepRecord.objects.count()) == (302, 1)


def test_the_queue_shows_whose_next_step_is_overdue(school, dsl, signed_in, time_machine):
    make_triaged(school, dsl, "imagery")
    time_machine.move_to(timezone.now() + timedelta(hours=30))
    row = signed_in(dsl).get(url(school, "concern_list") + "?tab=overdue").context["rows"][0]
    assert (row["clock"]["what"], row["clock"]["state"]) == ("to the next step", "over")


def test_a_closed_concern_keeps_its_procedure_without_forms(school, ask, imagery, dsl):
    do_step(imagery, "risk", by=dsl)
    services.close_concern(imagery, _closing(), by=dsl)
    said = ask("detail").context["procedure"]
    assert [row for row in (*said["steps"], *said["more"], *said["done"]) if "url" in row] == []


def _closing():
    return services.Closing("police", "Theirs now.", "not_concerned", steps_left="The police lead.")
