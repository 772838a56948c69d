"""The pages: who gets in, what they change, what they say when something is wrong."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from incidents import services
from incidents.enums import EntryKind, Status
from incidents.models import ChronologyEntry, Concern
from incidents.tests.counting import own_queries
from incidents.tests.factories import STORY, closing, make_concern, make_open
from incidents.tests.pages import WRITES, url
from schools.enums import Role
from schools.tests.factories import make_learner, make_member, make_school

pytestmark = pytest.mark.django_db

NEEDED = {
    "triage": "reason",
    "close": "reason",
    "reopen": "reason",
    "entry": "text",
    "reply": "text",
    "action": "text",
}


def ready(school, dsl, act):
    """A concern in the state in which the act makes sense, and what is sent."""
    concern = make_concern(school) if act == "triage" else make_open(school, dsl)
    if act == "reopen":
        services.close_concern(concern, closing(), by=dsl)
    more = {"lead": str(dsl.pk)} if act == "triage" else {"owner": str(dsl.pk)} if act == "action" else {}
    return concern, {**WRITES[act], **more, "version": str(Concern.objects.get(pk=concern.pk).version)}


def snapshot(concern):
    row = Concern.objects.filter(pk=concern.pk).values("status", "version", "lead", "risk", "outcome").get()
    return row, concern.entries.count(), concern.people.count(), concern.actions.count()


@pytest.mark.parametrize("act", list(WRITES))
def test_each_form_works_and_leads_back_to_the_concern(school, dsl, signed_in, act):
    concern, sent = ready(school, dsl, act)
    before = snapshot(concern)
    answer = signed_in(dsl).post(url(school, f"concern_{act}", concern.pk), sent)
    assert (answer.status_code, answer.headers.get("Location")) == (302, concern.get_absolute_url())
    assert snapshot(concern) != before


@pytest.mark.parametrize(
    "role", [Role.STAFF, Role.HEADTEACHER, Role.CHAIR, Role.GOVERNOR, Role.IT, Role.OFFICE]
)
def test_other_posts_get_403_and_change_nothing(school, dsl, signed_in, role):
    made = {act: ready(school, dsl, act) for act in WRITES}
    before = {act: snapshot(concern) for act, (concern, _) in made.items()}
    client = signed_in(make_member(school, role))
    for act, (concern, sent) in made.items():
        assert client.post(url(school, f"concern_{act}", concern.pk), sent).status_code == 403, act
    assert {act: snapshot(concern) for act, (concern, _) in made.items()} == before


@pytest.mark.parametrize("act", list(WRITES))
def test_a_lead_of_another_school_gets_404(school, dsl, signed_in, act):
    concern, sent = ready(school, dsl, act)
    before = snapshot(concern)
    other = make_school()
    client = signed_in(make_member(other, Role.DSL))
    for slug in (school.slug, other.slug):
        assert (
            client.post(reverse(f"incidents:concern_{act}", args=[slug, concern.pk]), sent).status_code == 404
        )
    assert snapshot(concern) == before


@pytest.mark.parametrize("act", list(NEEDED))
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(school, dsl, signed_in, act):
    concern, sent = ready(school, dsl, act)
    before, field = snapshot(concern), NEEDED[act]
    page = signed_in(dsl).post(url(school, f"concern_{act}", concern.pk), {**sent, field: ""})
    assert (page.status_code, snapshot(concern)) == (200, before)
    assert list(page.context["form"].errors) == [field]
    assert "Nothing that you typed is lost." in page.content.decode()


def test_nobody_is_given_an_action_unasked_and_a_day_gone_by_is_pointed_at(school, dsl, signed_in):
    concern, sent = ready(school, dsl, "action")
    client, address = signed_in(dsl), url(school, "concern_action", concern.pk)
    field = client.get(address).context["form"]["owner"]
    assert (field.value(), field.field.choices[0]) == (None, ("", "Choose who"))
    unsaid = client.post(address, {**sent, "owner": ""}).context["form"].errors
    late = client.post(address, {**sent, "due_on": "2020-01-05"}).context["form"].errors
    assert (unsaid, late) == (
        {"owner": ["Choose who does it."]},
        {"due_on": ["Choose today or a later day."]},
    )
    assert concern.actions.count() == 0


@pytest.mark.parametrize(
    ("act", "status"),
    [("close", Status.NEW), ("reopen", Status.OPEN), ("entry", Status.CLOSED), ("triage", Status.CLOSED)],
)
def test_a_step_that_does_not_fit_is_refused_with_a_sentence(school, dsl, signed_in, act, status):
    _, sent = ready(school, dsl, act)
    concern = make_concern(school) if status == Status.NEW else make_open(school, dsl)
    if status == Status.CLOSED:
        services.close_concern(concern, closing(), by=dsl)
    before = snapshot(concern)
    page = signed_in(dsl).post(url(school, f"concern_{act}", concern.pk), {**sent, "version": ""})
    assert (page.status_code, snapshot(concern), len(page.context["form"].non_field_errors())) == (
        200,
        before,
        1,
    )


@pytest.mark.parametrize("act", ["triage", "close", "reopen"])
def test_a_stale_page_is_refused_says_who_was_first_and_keeps_the_words(school, dsl, signed_in, act):
    concern, sent = ready(school, dsl, act)
    first = make_member(school, Role.DEPUTY_DSL, name="Dev Hartley")
    if act == "reopen":
        services.reopen_concern(concern, "Mine.", by=first)
    else:
        services.assign_concern(concern, first, by=first)
    before = snapshot(concern)
    page = signed_in(dsl).post(
        url(school, f"concern_{act}", concern.pk), {**sent, "reason": "My careful words."}
    )
    text = page.content.decode()
    assert (page.status_code, snapshot(concern)) == (200, before)
    assert "Dev Hartley was first." in text
    assert "My careful words." in text


def test_a_form_sent_twice_makes_one_entry(school, dsl, signed_in):
    concern, sent = ready(school, dsl, "entry")
    client, sent = signed_in(dsl), {**sent, "client_ref": str(uuid4())}
    for _ in range(2):
        assert client.post(url(school, "concern_entry", concern.pk), sent).status_code == 302
    assert concern.entries.filter(kind=EntryKind.NOTE).count() == 1


@pytest.mark.parametrize(
    ("act", "change", "kept"),
    [
        ("entry", {"text": "Other words."}, "Spoke to the class teacher."),
        ("entry", {"kind": "talk"}, "Note"),
        ("action", {"due_on": "2030-02-05"}, "5 January 2030"),
        ("reply", {"text": "Other words."}, "Thank you."),
    ],
)
def test_a_form_sent_again_with_other_words_is_answered_with_both(school, dsl, signed_in, act, change, kept):
    concern, sent = ready(school, dsl, act)
    client, sent = signed_in(dsl), {**sent, "client_ref": str(uuid4())}
    client.post(url(school, f"concern_{act}", concern.pk), sent)
    before, reads = snapshot(concern), AuditEvent.objects.filter(action="concern.read").count()
    page = client.post(url(school, f"concern_{act}", concern.pk), {**sent, **change})
    table = re.search(r"Sent first, and kept.*?</table>", page.content.decode(), re.DOTALL)[0]
    assert (page.status_code, kept in table, snapshot(concern)) == (409, True, before)
    assert AuditEvent.objects.filter(action="concern.read").count() == reads + 1
    again = {**sent, **change, "client_ref": page.context["form"].data["client_ref"]}
    assert client.post(url(school, f"concern_{act}", concern.pk), again).status_code == 302
    assert snapshot(concern) != before


@pytest.mark.requirement("R208")
def test_a_correction_and_its_original_are_both_on_the_page(school, dsl, signed_in):
    concern, client = make_open(school, dsl), signed_in(dsl)
    entry = services.add_entry(concern, services.NewEntry("At 14:00."), by=dsl)
    client.post(
        url(school, "concern_correct", concern.pk, entry.pk), {"text": "At 16:00.", "reason": "Wrong time."}
    )
    text = client.get(url(school, "concern_detail", concern.pk)).content.decode()
    assert [part for part in ("At 14:00.", "At 16:00.", "Why: Wrong time.") if part not in text] == []


def test_what_was_entered_in_error_is_put_away_with_its_reason(school, dsl, signed_in):
    concern, client = make_open(school, dsl), signed_in(dsl)
    entry = services.add_entry(concern, services.NewEntry("Another child."), by=dsl)
    client.post(url(school, "concern_error", concern.pk, entry.pk), {"reason": "Wrong record."})
    text = client.get(url(school, "concern_detail", concern.pk)).content.decode()
    assert (
        text.index("Why: Wrong record.") < text.index("Show what was put away") < text.index("Another child.")
    )


def test_an_entry_of_another_concern_is_not_found(school, dsl, signed_in):
    one, other = make_open(school, dsl), make_open(school, dsl)
    entry = ChronologyEntry.objects.get(concern=other)
    answer = signed_in(dsl).post(
        url(school, "concern_correct", one.pk, entry.pk), {"text": "x", "reason": "y"}
    )
    assert (answer.status_code, other.entries.count()) == (404, 1)


def test_an_action_is_marked_as_done_on_its_page(school, dsl, signed_in):
    concern = make_open(school, dsl)
    action = services.add_action(concern, services.NewAction("Ring.", dsl, timezone.localdate()), by=dsl)
    signed_in(dsl).post(url(school, "concern_done", concern.pk, action.pk), {"note": "Done."})
    action.refresh_from_db()
    assert action.done_by == dsl


# --- Reading


@pytest.mark.requirement("R043")
@pytest.mark.parametrize("page", ["detail", "triage", "close", "entry", "reply", "action", "person"])
def test_each_reading_appends_one_audit_entry_and_a_refused_one_none(school, dsl, signed_in, page):
    concern = make_open(school, dsl)
    address, before = url(school, f"concern_{page}", concern.pk), AuditEvent.objects.count()
    assert STORY in signed_in(dsl).get(address).content.decode().replace("&#x27;", "'")
    event = AuditEvent.objects.order_by("seq").last()
    assert (AuditEvent.objects.count() - before, event.action, event.object_id, event.actor_id) == (
        1,
        "concern.read",
        str(concern.pk),
        str(dsl.user_id),
    )
    assert signed_in(make_member(school, Role.STAFF)).get(address).status_code == 403
    assert AuditEvent.objects.filter(action="concern.read").count() == 1


def test_opening_a_concern_notes_that_it_was_read(school, dsl, signed_in):
    concern = make_concern(school)
    signed_in(dsl).get(url(school, "concern_detail", concern.pk))
    concern.refresh_from_db()
    assert (concern.is_seen, concern.seen_at is not None) == (True, True)


def test_the_page_has_a_neutral_title_and_says_who_can_see_it(school, dsl, signed_in):
    concern = make_concern(school, learners=[make_learner(school)])
    text = signed_in(dsl).get(url(school, "concern_detail", concern.pk)).content.decode()
    assert "<title>Concern</title>" in text
    assert "Robin Ashdown" in text
    assert text.index("Who can see this") < text.index("Margaret Sholto", text.index("Who can see this"))


def test_script_in_a_story_stays_text(school, dsl, signed_in):
    concern = make_concern(school, narrative="<script>alert(1)</script>", names=["<img src=x>"])
    text = signed_in(dsl).get(url(school, "concern_detail", concern.pk)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert(1)" not in text
    assert "<img src=x>" not in text


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_a_concern_takes_the_same_queries_however_long(school, dsl, signed_in, rows):
    concern = make_open(school, dsl, learners=[make_learner(school)])
    for _ in range(rows):
        services.add_entry(concern, services.NewEntry("Entry."), by=dsl)
        services.add_action(concern, services.NewAction("Act.", dsl, timezone.localdate()), by=dsl)
        services.add_person(concern, "witness", make_learner(school), by=dsl)
    client = signed_in(dsl)
    client.get(url(school, "concern_detail", concern.pk))
    with CaptureQueriesContext(connection) as seen:
        client.get(url(school, "concern_detail", concern.pk))
    assert own_queries(seen) == 10


def test_a_late_report_says_so(school, dsl, signed_in):
    concern = make_concern(school, happened_at=timezone.now() - timedelta(days=3))
    assert "Recorded late" in signed_in(dsl).get(url(school, "concern_detail", concern.pk)).content.decode()


@pytest.mark.parametrize("act", [*NEEDED, "person", "detail", "list"])
def test_each_form_carries_the_token_against_forgery(school, dsl, signed_in, act):
    concern, _ = ready(school, dsl, "triage" if act in ("detail", "list") else act)
    ids = [] if act == "list" else [concern.pk]
    page = signed_in(dsl).get(url(school, f"concern_{act}", *ids)).content.decode()
    forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)
    assert len(forms) > 1
    assert [form for form in forms if "csrfmiddlewaretoken" not in form] == []


def test_a_closed_concern_says_so_once_and_asks_for_nothing_more(school, dsl, signed_in):
    concern = make_open(school, dsl)
    address, client = concern.get_absolute_url(), signed_in(dsl)
    said = ["What this calls for" in client.get(address).content.decode()]
    services.close_concern(concern, closing(), by=dsl)
    page = client.get(address).content.decode()
    head = page[page.index("<h1") : page.index("The story")]
    said.append("What this calls for" in page)
    assert (said, head.count("Closed")) == ([True, False], 1)
