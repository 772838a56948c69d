"""How the work on a concern ends: its actions, closing it, and opening it again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, InvalidTransition, WrongValue
from incidents import services
from incidents.enums import EntryKind, Status
from incidents.models import ChronologyEntry
from incidents.tests.factories import closing, kinds, last_action, make_concern, make_open

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R211")
def test_closing_records_outcome_why_parents_and_lessons(school, dsl):
    concern = make_open(school, dsl)
    services.close_concern(concern, closing(lessons="Ask earlier."), by=dsl, version=1)
    concern.refresh_from_db()
    assert (concern.status, concern.outcome, concern.parents_told, concern.closed_at is not None) == (
        Status.CLOSED,
        "support_in_school",
        "told",
        True,
    )
    text = ChronologyEntry.objects.get(concern=concern, kind=EntryKind.CLOSING).text
    assert [
        part for part in ("Rang the mother", "No further signs.", "Ask earlier.") if part not in text
    ] == []
    assert last_action() == "concern.closed"


@pytest.mark.requirement("R211")
@pytest.mark.parametrize(
    "change",
    [
        {"reason": ""},
        {"outcome": ""},
        {"outcome": "malicious"},
        {"parents_told": ""},
        {"parents_note": ""},
        {"parents_told": "not_told", "parents_note": ""},
    ],
)
def test_closing_asks_for_everything(school, dsl, change):
    concern = make_open(school, dsl)
    with pytest.raises(DomainError):
        services.close_concern(concern, closing(**change), by=dsl)
    concern.refresh_from_db()
    assert concern.status == Status.OPEN


def test_a_new_concern_is_triaged_before_it_is_closed(school, dsl):
    with pytest.raises(InvalidTransition, match="Triage this concern first"):
        services.close_concern(make_concern(school), closing(), by=dsl)


def test_a_concern_with_an_open_action_is_not_closed(school, dsl):
    concern = make_open(school, dsl)
    action = services.add_action(concern, services.NewAction("Ring back", dsl, timezone.localdate()), by=dsl)
    with pytest.raises(InvalidTransition, match="1 action is not done yet"):
        services.close_concern(concern, closing(), by=dsl)
    services.complete_action(action, by=dsl)
    services.close_concern(concern, closing(), by=dsl)


def test_an_action_is_for_today_or_a_later_day(school, dsl):
    concern, today = make_open(school, dsl), timezone.localdate()
    with pytest.raises(WrongValue, match=r"Choose today or a later day\.") as refusal:
        services.add_action(concern, services.NewAction("Ring back", dsl, today - timedelta(days=1)), by=dsl)
    assert (refusal.value.about, concern.actions.count()) == ("due_on", 0)
    services.add_action(concern, services.NewAction("Ring back", dsl, today), by=dsl)
    assert concern.actions.get().due_on == today


def test_an_action_that_is_sent_again_on_a_later_day_is_the_same(school, dsl, time_machine):
    concern, action = make_open(school, dsl), services.NewAction("Ring back", dsl, timezone.localdate())
    ref = uuid4()
    first = services.add_action(concern, action, by=dsl, client_ref=ref)
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert services.add_action(concern, action, by=dsl, client_ref=ref) == first


def test_of_two_who_close_one_wins(school, dsl, deputy):
    concern = make_open(school, dsl)
    services.close_concern(concern, closing(), by=dsl, version=1)
    with pytest.raises(Conflict, match=r"Margaret Sholto was first\. It is closed"):
        services.close_concern(concern, closing(reason="Other words."), by=deputy, version=1)
    assert kinds(concern).count(EntryKind.CLOSING) == 1


def test_reopening_asks_why_and_keeps_how_it_was_closed(school, dsl):
    concern = make_open(school, dsl)
    services.close_concern(concern, closing(), by=dsl)
    with pytest.raises(DomainError):
        services.reopen_concern(concern, " ", by=dsl)
    services.reopen_concern(concern, "It happened again.", by=dsl)
    concern.refresh_from_db()
    assert (concern.status, concern.outcome, concern.closed_at) == (Status.REOPENED, "", None)
    assert kinds(concern) == [EntryKind.DECISION, EntryKind.CLOSING, EntryKind.REOPENING]
    assert last_action() == "concern.reopened"
