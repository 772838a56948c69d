"""The queue: its order, its tabs, its filters, its pages, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from incidents import services
from incidents.enums import Route
from incidents.models import Concern
from incidents.selectors import concerns, lists
from incidents.tests.counting import own_queries
from incidents.tests.factories import closing, make_adult_concern, make_concern, make_open, triage_of
from schools.enums import Role
from schools.tests.factories import make_learner, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(school):
    return make_member(school, Role.STAFF)


def queue_of(by, **options):
    return lists.page(
        lists.in_tab(concerns.readable(by, Route.CHILD), options.get("tab", "active"), by), **options
    )


def queue_url(school, query=""):
    return reverse("incidents:concern_list", args=[school.slug]) + query


@pytest.mark.requirement("R040")
def test_unseen_come_first_then_by_clock(school, dsl, teacher):
    seen_late, seen_soon, unseen = (make_concern(school, by=teacher) for _ in range(3))
    danger = make_concern(school, by=teacher, immediate_danger=True)
    for one, hours in ((seen_late, 9), (seen_soon, 1)):
        services.mark_seen(one)
        Concern.objects.filter(pk=one.pk).update(due_at=timezone.now() + timedelta(hours=hours))
    assert queue_of(dsl).rows == [danger, unseen, seen_soon, seen_late]


def test_every_tab_shows_and_counts_its_own(school, dsl, teacher):
    new = make_concern(school, by=teacher)
    mine, other = (
        make_open(school, lead, by=teacher) for lead in (dsl, make_member(school, Role.DEPUTY_DSL))
    )
    Concern.objects.filter(pk=other.pk).update(
        due_at=timezone.now() - timedelta(days=1), is_seen=True, seen_at=timezone.now()
    )
    closed = services.close_concern(make_open(school, dsl, by=teacher), closing(), by=dsl)
    services.mark_seen(closed)
    shown = {tab: set(lists.in_tab(concerns.readable(dsl, Route.CHILD), tab, dsl)) for tab in lists.TABS}
    assert shown == {
        "active": {new, mine, other},
        "unseen": {new, mine},
        "triage": {new},
        "mine": {mine},
        "overdue": {other},
        "closed": {closed},
    }
    assert lists.counts(dsl, Route.CHILD) == {tab: len(rows) for tab, rows in shown.items()}


def test_counts_stop_at_a_limit(school, dsl, teacher, monkeypatch, signed_in):
    monkeypatch.setattr(lists, "COUNT_LIMIT", 3)
    for _ in range(5):
        make_concern(school, by=teacher)
    assert lists.counts(dsl, Route.CHILD)["active"] == 3
    assert "2+" in signed_in(dsl).get(queue_url(school)).content.decode()


@pytest.mark.parametrize("tab", ["active", "closed"])
def test_pages_hold_every_concern_once_forwards_and_backwards(school, dsl, teacher, monkeypatch, tab):
    monkeypatch.setattr(lists, "PAGE_SIZE", 3)
    made = [make_open(school, dsl, by=teacher) for _ in range(8)]
    for one in made[:4]:
        services.mark_seen(one)
    if tab == "closed":
        made = [services.close_concern(one, closing(), by=dsl) for one in made]
    pages, after = [], ""
    while not pages or after:
        page = queue_of(dsl, tab=tab, after=after)
        pages, after = [*pages, page.rows], page.after
    assert [len(rows) for rows in pages] == [3, 3, 2]
    assert {one.pk for rows in pages for one in rows} == {one.pk for one in made}
    middle = queue_of(dsl, tab=tab, before=page.before)
    assert middle.rows == pages[1]
    assert queue_of(dsl, tab=tab, before=middle.before).rows == pages[0]


@pytest.mark.parametrize("key", ["x", "W10:1:2", "' or 1=1"])
def test_a_made_up_page_key_is_the_first_page(school, dsl, teacher, key):
    concern = make_concern(school, by=teacher)
    assert queue_of(dsl, after=key).rows == [concern]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("risk=high", "a"),
        ("risk=low", "b"),
        ("category=welfare", "b"),
        ("lead=nobody", "c"),
        ("status=new", "c"),
        ("since=2999-01-01", ""),
        ("until=2000-01-01", ""),
        ("until=9999-12-30", "abc"),
        ("until=9999-12-31", "abc"),
        ("risk=nonsense", "abc"),
    ],
)
def test_filters_in_the_address_bar_narrow_the_list(school, dsl, teacher, signed_in, query, found):
    made = {
        "a": make_open(school, dsl, by=teacher),
        "b": make_open(school, dsl, by=teacher),
        "c": make_concern(school, by=teacher),
    }
    services.triage_concern(made["a"], triage_of(dsl, risk="high", category="neglect"), by=dsl)
    text = signed_in(dsl).get(queue_url(school, f"?{query}")).content.decode()
    assert "".join(name for name, one in made.items() if one.reference in text) == found


@pytest.mark.parametrize(
    ("query", "is_open"), [("", False), ("?tab=mine", False), ("?filters=open", True), ("?risk=high", True)]
)
def test_the_filters_are_made_when_they_are_asked_for(school, dsl, signed_in, query, is_open):
    text = signed_in(dsl).get(queue_url(school, query)).content.decode()
    assert ('name="risk"' in text, 'filters=open#filters"' in text) == (is_open, not is_open)


def test_a_reference_is_found_however_it_is_typed(school, dsl, teacher, signed_in):
    concern, other = make_concern(school, by=teacher), make_concern(school, by=teacher)
    typed = concern.reference.replace("-", " ").lower()
    text = signed_in(dsl).get(queue_url(school, f"?reference={typed}")).content.decode()
    assert [one.reference in text for one in (concern, other)] == [True, False]


def test_the_queue_shows_who_and_never_the_story(school, dsl, teacher, signed_in):
    make_concern(school, by=teacher, learners=[make_learner(school)])
    text = signed_in(dsl).get(queue_url(school)).content.decode()
    assert ("Robin Ashdown" in text, "I do not want to go home" in text) == (True, False)


def test_taking_one_from_the_queue_leads_back_to_the_queue(school, dsl, teacher, signed_in):
    concern = make_concern(school, by=teacher)
    answer = signed_in(dsl).post(
        reverse("incidents:concern_assign", args=[school.slug, concern.pk]), {"version": "0", "back": "queue"}
    )
    concern.refresh_from_db()
    assert (answer.headers["Location"], concern.lead) == (queue_url(school), dsl)


def test_taking_what_another_took_says_who_was_first(school, dsl, teacher, signed_in):
    concern, deputy = (
        make_concern(school, by=teacher),
        make_member(school, Role.DEPUTY_DSL, name="Dev Hartley"),
    )
    services.assign_concern(concern, deputy, by=deputy)
    page = signed_in(dsl).post(
        reverse("incidents:concern_assign", args=[school.slug, concern.pk]),
        {"version": "0", "back": "queue"},
        follow=True,
    )
    concern.refresh_from_db()
    assert ("Dev Hartley was first." in page.content.decode(), concern.lead) == (True, deputy)


def test_the_refreshing_part_alone_answers_htmx(school, dsl, teacher, signed_in):
    make_concern(school, by=teacher)
    page = signed_in(dsl).get(queue_url(school), headers={"HX-Request": "true", "X-Background": "1"})
    text = page.content.decode()
    assert (text.startswith('<div id="queue"'), "<html" in text, "HX-Request" in page.headers["Vary"]) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queue_takes_four_queries_and_sixty_kilobytes_at_most(school, dsl, teacher, signed_in, rows):
    for number in range(rows):
        make_open(
            school,
            dsl,
            by=teacher,
            learners=[make_learner(school, f"Bartholomew{number}", "Featherstonehaugh")],
        )
    client = signed_in(dsl)
    client.get(queue_url(school))
    before = AuditEvent.objects.count()
    with CaptureQueriesContext(connection) as seen:
        page = client.get(queue_url(school))
    assert own_queries(seen) == 4
    assert len(page.content) < 60_000
    assert page.content.decode().count("data-row-link") == rows
    assert AuditEvent.objects.count() == before


def test_counts_and_lists_leave_out_what_is_about_the_reader(school):
    head = make_member(school, Role.HEADTEACHER)
    second = make_member(school, Role.HEAD_OF_SCHOOL)
    concern = make_adult_concern(school, make_member(school, Role.STAFF))
    assert lists.counts(second, Route.ADULT)["active"] == 1
    services.add_person(concern, "witness", second, by=head)
    assert lists.counts(second, Route.ADULT)["active"] == 1
    Concern.objects.filter(pk=concern.pk).first().shut_outs.create(school=school, user=second.user)
    assert lists.counts(second, Route.ADULT) == dict.fromkeys(lists.TABS, 0)
    assert lists.counts(head, Route.ADULT)["unseen"] == 1


def test_another_schools_concerns_are_in_no_list(school, dsl, teacher, other_school, signed_in):
    concern = make_concern(school, by=teacher)
    stranger = make_member(other_school, Role.DSL)
    assert (
        concern.reference
        not in signed_in(stranger)
        .get(reverse("incidents:concern_list", args=[other_school.slug]))
        .content.decode()
    )
    assert signed_in(stranger).get(queue_url(school)).status_code == 404
