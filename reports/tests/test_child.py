"""The page of a child: what one reader may read of it, and that nothing else leaves a trace."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from devices.tests.factories import make_device
from incidents import services
from incidents.tests.counting import own_queries
from incidents.tests.factories import closing, make_adult_concern, make_concern, make_open
from incidents.tests.pages import plain
from reports.selectors import child as selector
from schools import services as schools
from schools.enums import Role
from schools.tests.factories import TESTS, make_learner, make_member

pytestmark = pytest.mark.django_db
QUERIES = 12
"""What the page may ask of the database for itself, however long the story is."""


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL, name="Margaret Sholto")


@pytest.fixture
def learner(school):
    return make_learner(school, "Zephyrine", "Quillfeather", class_name="4B")


def page_of(learner):
    return reverse("reports:child_detail", args=[learner.school.slug, learner.pk])


def days_ago(number):
    return timezone.now() - timedelta(days=number)


def shut_out(school, learner, dsl, **report):
    """A concern about a child of which this safeguarding lead may never know, as they are in it themselves."""
    return make_concern(school, learners=[learner], names=[dsl.name], **report)


@pytest.mark.requirement("R208")
def test_page_tells_each_concern_newest_first_with_role_kind_and_outcome(school, dsl, signed_in, learner):
    old = make_open(school, dsl, learners=[learner], narrative="First story.", happened_at=days_ago(9))
    services.close_concern(old, closing(), by=dsl)
    new = make_concern(school, narrative="Second story.", happened_at=days_ago(2))
    services.add_person(new, "witness", learner, by=dsl)
    services.add_person(new, "harmed", learner, by=dsl)

    page = signed_in(dsl).get(page_of(learner))

    story = page.context["story"]
    assert [one["reference"] for one in story] == [new.reference, old.reference]
    assert story[0]["role"] == "Saw or heard it; May have been harmed"
    assert (story[1]["title"], story[1]["status"]["word"]) == ("Welfare, not yet clear", "Closed")
    assert [one["value"] for one in story[1]["came"]] == ["Keep an eye on it", "Support in school"]
    html = page.content.decode()
    assert html.index("Second story.") < html.index("First story.")
    assert [new.get_absolute_url() in html, "Recorded late" in html] == [True, True]


@pytest.mark.requirement("R102")
def test_devices_taken_from_the_child_stand_in_the_story(school, dsl, signed_in, learner):
    devices = [make_device(dsl, learner=learner, owner_name="") for _ in range(2)]
    make_device(dsl, learner=make_learner(school), owner_name="")

    story = signed_in(dsl).get(page_of(learner)).context["story"]

    assert [one["reference"] for one in story] == [device.reference for device in reversed(devices)]
    assert selector.chronology(make_member(school, Role.STAFF), learner).parts == []


@pytest.mark.requirement("R043")
@pytest.mark.parametrize("hide", ["involved", "adult"])
def test_page_is_the_same_to_the_byte_whether_or_not_there_is_a_record_that_is_not_for_the_reader(
    school, dsl, signed_in, learner, hide
):
    make_open(school, dsl, learners=[learner])
    client = signed_in(dsl)
    before = client.get(page_of(learner))
    if hide == "involved":
        hidden = shut_out(school, learner, dsl)
    else:
        hidden = make_adult_concern(school, make_member(school, Role.STAFF), learners=[learner])
    after = client.get(page_of(learner))

    deputy = signed_in(make_member(school, Role.DEPUTY_DSL)).get(page_of(learner)).content.decode()
    assert hidden.people.filter(learner=learner).exists()
    assert plain(after) == plain(before)
    assert (hidden.reference in deputy) == (hide == "involved")


def test_reader_who_is_shut_out_of_everything_sees_what_an_unknown_child_has(school, dsl, signed_in):
    known, unknown = (make_learner(school, "Robin", "Ashdown") for _ in range(2))
    shut_out(school, known, dsl)
    client = signed_in(dsl)

    pages = [client.get(page_of(one)) for one in (known, unknown)]

    assert "Nothing to show" in pages[0].content.decode()
    assert plain(pages[0]).replace(str(known.pk).encode(), str(unknown.pk).encode()) == plain(pages[1])


def test_record_out_of_reach_costs_the_same_queries(school, dsl, signed_in, learner):
    client, counts = signed_in(dsl), []
    client.get(page_of(learner))
    for _ in range(2):
        with CaptureQueriesContext(connection) as counted:
            client.get(page_of(learner))
        counts.append(len(counted))
        shut_out(school, learner, dsl)

    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.DSL, Role.DEPUTY_DSL)])
def test_no_other_post_opens_it(school, signed_in, learner, role):
    client = signed_in(make_member(school, role))
    pages = [page_of(learner), reverse("reports:child_find", args=[school.slug])]

    assert [client.get(page).status_code for page in pages] == [403, 403]


@pytest.mark.requirement("R043")
def test_page_asks_for_a_second_factor_and_every_reading_is_recorded(school, dsl, signed_in, learner):
    reads = AuditEvent.objects.filter(action="child.read").values_list("actor_id", "object_id")

    stale = signed_in(dsl, factor_minutes_ago=11).get(page_of(learner))
    assert ("reauthenticate" in stale.headers["Location"], reads.exists()) == (True, False)
    signed_in(dsl).get(page_of(learner))

    assert list(reads) == [(dsl.actor_id, str(learner.pk))]


def test_child_of_another_school_and_one_that_does_not_exist_are_the_same_404(
    school, other_school, dsl, signed_in
):
    client = signed_in(dsl)

    stranger, nobody = (
        client.get(reverse("reports:child_detail", args=[school.slug, pk]))
        for pk in (make_learner(other_school).pk, uuid4())
    )

    assert (stranger.status_code, plain(stranger)) == (404, plain(nobody))


def test_name_stands_on_the_page_but_in_no_title_and_no_address(school, dsl, signed_in, learner):
    html = signed_in(dsl).get(page_of(learner)).content.decode()

    assert "<title>A child</title>" in html
    assert "Zephyrine Quillfeather" in html
    assert "quillfeather" not in page_of(learner).lower()


def test_page_says_who_it_is_and_whom_to_call(school, dsl, signed_in, learner):
    schools.add_contact(learner, "Kit Quillfeather", by=TESTS, phone="01632 960001")
    schools.add_contact(make_learner(school), "Somebody Else", by=TESTS, phone="01632 960002")

    html = signed_in(dsl).get(page_of(learner)).content.decode()

    said = ("4B", "Kit Quillfeather", "tel:01632960001", "Somebody Else")
    assert [text in html for text in said] == [True, True, True, False]


def test_long_story_goes_on_with_older_parts_and_shows_each_once(
    school, dsl, signed_in, learner, monkeypatch
):
    monkeypatch.setattr(selector, "PAGE_SIZE", 2)
    same = days_ago(3)
    made = {make_concern(school, learners=[learner], happened_at=same).reference for _ in range(4)}
    made.add(make_device(dsl, learner=learner, owner_name="").reference)
    client, shown, query = signed_in(dsl), [], ""
    for _ in range(3):
        page = client.get(page_of(learner) + query)
        shown += [one["reference"] for one in page.context["story"]]
        assert ("This is not all" in page.content.decode()) == bool(page.context["older"])
        query = f"?{urlencode({'before': page.context['older']})}"

    assert (page.context["older"], len(shown), set(shown)) == ("", 5, made)
    forged = client.get(page_of(learner) + "?before=2026-01-01").context["story"]
    assert [one["reference"] for one in forged] == shown[:2]


@pytest.mark.parametrize("count", [1, 30])
def test_page_needs_the_same_queries_however_long_the_story(school, dsl, signed_in, learner, count):
    for _ in range(count):
        make_concern(school, learners=[learner])
        make_device(dsl, learner=learner, owner_name="")
    client = signed_in(dsl)

    with CaptureQueriesContext(connection) as counted:
        client.get(page_of(learner))

    assert own_queries(counted) <= QUERIES


def test_page_of_a_concern_leads_to_its_children_and_to_nobody_elses(school, dsl, signed_in, learner):
    head = make_member(school, Role.HEADTEACHER)
    child = make_open(school, dsl, learners=[learner])
    adult = make_adult_concern(school, make_member(school, Role.STAFF), learners=[learner])

    pages = [signed_in(by).get(one.get_absolute_url()) for by, one in ((dsl, child), (head, adult))]

    assert [page.status_code for page in pages] == [200, 200]
    assert [page_of(learner) in page.content.decode() for page in pages] == [True, False]


def test_child_is_found_by_part_of_a_name_or_class_also_after_leaving(school, other_school, dsl, signed_in):
    here = make_learner(school, "Robin", "Quillfeather", class_name="4B")
    gone = make_learner(school, "Wren", "Quillfeather", left_on=timezone.localdate() - timedelta(days=400))
    make_learner(school, "Robin", "Marrowby")
    make_learner(other_school, "Kit", "Quillfeather")
    client, address = signed_in(dsl), reverse("reports:child_find", args=[school.slug])

    found = client.post(address, {"query": "QUILL"}).context["rows"]

    assert [(row["name"], row["url"]) for row in found] == [
        ("Robin Quillfeather", page_of(here)), ("Wren Quillfeather", page_of(gone)),
    ]  # fmt: skip
    assert [found[0]["detail"], found[1]["detail"][:7]] == ["4B", "Left on"]
    assert client.get(address).context["rows"] == []
    nobody = client.post(address, {"query": "<b>Nobody</b>"}).content.decode()
    assert "Nobody found for “&lt;b&gt;Nobody&lt;/b&gt;”" in nobody


def test_search_that_finds_too_many_says_so(school, dsl, signed_in):
    for number in range(21):
        make_learner(school, "Robin", f"Ashdown{number}")

    page = signed_in(dsl).post(reverse("reports:child_find", args=[school.slug]), {"query": "robin ash"})

    assert (len(page.context["rows"]), "There are more" in page.content.decode()) == (20, True)
