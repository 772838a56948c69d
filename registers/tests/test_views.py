"""Registers as people of each post use them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import scope
from core.models import AuditEvent
from registers import selectors, services
from registers.models import RegisterEntry
from registers.tests.factories import add, check, meeting
from schools.enums import Role
from schools.tests.factories import make_member, without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


@pytest.fixture
def governor(school):
    return make_member(school, Role.NAMED_GOVERNOR)


def url(name, school, *args):
    return reverse(f"registers:{name}", args=[school.slug, *args])


def answers(dsl, governor, **changes):
    return {
        "happened_on": timezone.localdate().isoformat(), "done_by": dsl.pk, "second": governor.pk, "notes": "Talked.",
        "actions": "", "client_ref": uuid4(), **changes,
    }  # fmt: skip


@pytest.mark.requirement("R268")
def test_meeting_is_added_and_shown(school, dsl, governor, signed_in):
    client = signed_in(dsl)

    page = client.post(url("entry_create", school, "governor-meetings"), answers(dsl, governor), follow=True)

    assert page.request["PATH_INFO"] == url("entry_detail", school, RegisterEntry.objects.get().pk)
    assert "Talked." in page.content.decode()


def test_form_keeps_what_was_typed_when_something_is_missing(school, dsl, governor, signed_in):
    page = signed_in(dsl).post(
        url("entry_create", school, "governor-meetings"),
        answers(dsl, governor, happened_on="", notes="Long talk."),
    )

    assert page.context["form"].errors.keys() == {"happened_on"}
    assert page.context["form"]["notes"].value() == "Long talk."


def test_correction_shows_both_with_the_reason(school, dsl, governor, signed_in):
    entry, client = add(dsl, meeting(dsl, governor)), signed_in(dsl)

    page = client.post(
        url("entry_correct", school, entry.pk),
        answers(dsl, governor, notes="As it was.", reason="Wrong notes."),
        follow=True,
    )

    assert [row["kind"] for row in page.context["story"]] == ["Entry", "Correction"]
    assert "Wrong notes." in page.content.decode()


@pytest.mark.parametrize("name", ["entry_create", "entry_correct"])
def test_text_typed_when_the_sign_in_had_ended_is_offered_until_it_is_sent(
    school, dsl, governor, signed_in, name
):
    entry, client = add(dsl, meeting(dsl, governor)), signed_in(dsl)
    address = url(name, school, "governor-meetings" if name == "entry_create" else entry.pk)
    token = client.get(address).context["form"]["draft_token"].value()

    Client().post(address, answers(dsl, governor, notes="Long talk.", reason="New.", draft_token=token))

    form = client.get(address).context["form"]
    assert (form["notes"].value(), form["second"].value(), form.kept) == (
        "Long talk.",
        str(governor.pk),
        True,
    )
    assert form.autosave_url
    client.post(address, answers(dsl, governor, notes="Long talk.", reason="New."))
    assert client.get(address).context["form"].kept is False


@pytest.mark.parametrize("name", ["entry_create", "entry_correct"])
def test_form_sent_again_with_other_words_shows_both(school, dsl, governor, signed_in, name):
    entry, client = add(dsl, meeting(dsl, governor)), signed_in(dsl)
    address = url(name, school, "governor-meetings" if name == "entry_create" else entry.pk)
    sent = answers(dsl, governor, notes="Talked.", reason="Wrong.")
    made = client.post(address, sent).headers["Location"]
    assert client.post(address, sent).headers["Location"] == made

    page = client.post(address, {**sent, "notes": "Talked long."})

    assert (page.status_code, RegisterEntry.objects.count()) == (409, 2)
    assert {"label": "Notes", "first": "Talked.", "now": "Talked long."} in page.context["form"].twice["rows"]
    assert made in page.content.decode()


SEES_NOTES = {Role.DSL: True, Role.HEADTEACHER: True, Role.GOVERNOR: False, Role.CLERK: False, Role.IT: False}


@pytest.mark.parametrize(("role", "sees"), SEES_NOTES.items())
def test_notes_are_for_those_who_keep_the_register(school, dsl, governor, signed_in, role, sees):
    entry = add(dsl, meeting(dsl, governor, notes="CANARY-NOTES", actions="CANARY-ACTIONS"))

    page = signed_in(make_member(school, role)).get(url("entry_detail", school, entry.pk)).content.decode()

    assert ("CANARY-NOTES" in page, "CANARY-ACTIONS" in page) == (sees, sees)


def test_governor_who_was_there_sees_the_notes(school, dsl, governor, signed_in):
    entry = add(dsl, meeting(dsl, governor, notes="What we said."))

    assert "What we said." in signed_in(governor).get(url("entry_detail", school, entry.pk)).content.decode()


def test_reading_an_entry_leaves_one_entry_in_the_audit(school, dsl, governor, signed_in):
    entry = add(dsl, meeting(dsl, governor))

    signed_in(governor).get(url("entry_detail", school, entry.pk))

    assert AuditEvent.objects.filter(action="register.read", object_id=str(entry.pk)).count() == 1


LADDER = {
    "index": {Role.DSL: 200, Role.NAMED_GOVERNOR: 200, Role.IT: 200, Role.STAFF: 403, Role.OFFICE: 403},
    "entry_list": {Role.DSL: 200, Role.GOVERNOR: 200, Role.STAFF: 403},
    "entry_create": {Role.DSL: 200, Role.LEADERSHIP: 200, Role.NAMED_GOVERNOR: 403, Role.IT: 200, Role.STAFF: 403},
    "entry_detail": {Role.DSL: 200, Role.CLERK: 200, Role.OFFICE: 403},
    "entry_correct": {Role.DSL: 200, Role.CHAIR: 403, Role.IT: 403},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "role", "status"), [(n, r, s) for n, row in LADDER.items() for r, s in row.items()]
)
def test_each_page_is_for_its_posts(school, dsl, governor, signed_in, name, role, status):
    entry = add(dsl, meeting(dsl, governor))
    args = {"index": [], "entry_list": ["governor-meetings"], "entry_create": ["filtering-checks"]}.get(
        name, [entry.pk]
    )

    assert signed_in(make_member(school, role)).get(url(name, school, *args)).status_code == status


def test_register_that_does_not_exist_is_not_found(school, dsl, signed_in):
    assert signed_in(dsl).get(url("entry_list", school, "nonsense")).status_code == 404


def test_entry_of_another_school_is_as_unknown_as_any(school, dsl, other_school, signed_in):
    with scope.acting(schools=[other_school.pk]):
        theirs = make_member(other_school, Role.DSL)
        foreign = add(theirs, check(theirs))
    client = signed_in(dsl)

    pages = [client.get(url("entry_detail", school, pk)) for pk in (foreign.pk, uuid4())]

    assert [page.status_code for page in pages] == [404, 404]
    assert without_tokens(pages[0].content) == without_tokens(pages[1].content)


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("name", ["index", "entry_list"])
def test_pages_need_the_same_queries_however_long_the_register(
    school, dsl, signed_in, name, count, django_assert_max_num_queries
):
    for _ in range(count):
        add(dsl, check(dsl))
    client, args = signed_in(dsl), [] if name == "index" else ["filtering-checks"]

    with django_assert_max_num_queries(20) as counted:
        client.get(url(name, school, *args))

    ours = ("registers_", "schools_rule", "schools_term", "schools_word", "schools_closure")
    assert len([q for q in counted if any(table in q["sql"] for table in ours)]) <= 6


def test_a_technician_keeps_the_checks_of_filtering_and_no_other_register(school, dsl, governor, signed_in):
    it = make_member(school, Role.IT)
    theirs, talk, client = add(dsl, check(dsl)), add(dsl, meeting(dsl, governor)), signed_in(it)
    sent = {
        "happened_on": timezone.localdate().isoformat(), "done_by": it.pk, "checked": ["learner"], "result": "works",
        "notes": "Ten words tried.",
    }  # fmt: skip

    added = client.post(url("entry_create", school, "filtering-checks"), {**sent, "client_ref": uuid4()})
    corrected = client.post(
        url("entry_correct", school, theirs.pk), {**sent, "reason": "Eleven.", "client_ref": uuid4()}
    )
    refused = [
        client.get(url("entry_create", school, "governor-meetings")).status_code,
        client.post(url("entry_correct", school, talk.pk), answers(dsl, governor, reason="No.")).status_code,
    ]

    assert (added.status_code, corrected.status_code, refused) == (302, 302, [403, 403])
    read = [client.get(url("entry_detail", school, one.pk)).content.decode() for one in (theirs, talk)]
    assert ("Ten test words." in read[0], "Went through" in read[1]) == (True, False)
    index = client.get(url("index", school)).content.decode()
    assert [url("entry_create", school, one) in index for one in ("filtering-checks", "governor-meetings")] == [True, False]  # fmt: skip


def test_a_long_register_is_read_page_by_page(school, dsl, signed_in, django_assert_max_num_queries):
    for _ in range(31):
        add(dsl, check(dsl))
    client, address = signed_in(dsl), url("entry_list", school, "filtering-checks")

    with django_assert_max_num_queries(20):
        first = client.get(address)
    second = client.get(f"{address}?page=2")

    assert [len(page.context["rows"]) for page in (first, second)] == [30, 1]
    assert ("?page=2" in first.content.decode(), "Page 2 of 2" in second.content.decode()) == (True, True)


def test_history_is_the_same_from_every_entry_of_it(school, dsl):
    first = add(dsl, check(dsl))
    add(dsl, check(dsl))
    second = services.correct_entry(first, check(dsl), by=dsl, reason="One.", client_ref=uuid4())
    third = services.correct_entry(second, check(dsl), by=dsl, reason="Two.", client_ref=uuid4())

    assert [selectors.history(one) for one in (first, second, third)] == [[first, second, third]] * 3
