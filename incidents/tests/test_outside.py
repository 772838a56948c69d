"""Whom to call: the contacts outside that a concern calls for, and the adults who are told about a child."""

from __future__ import annotations

import re

import pytest

from core.models import AuditEvent
from incidents.tests.factories import make_adult_concern, make_concern, make_open
from incidents.tests.pages import url
from schools import services
from schools.enums import Role
from schools.tests.factories import TESTS, make_learner, make_member

pytestmark = pytest.mark.django_db

NUMBERS = {"social_care": "01632 960201", "lado": "01632 960202", "examining_body": "01632 960203"}


@pytest.fixture(autouse=True)
def directory(school):
    for kind, phone in NUMBERS.items():
        services.add_agency(school, kind, kind, by=TESTS, phone=phone)


def shown(page) -> set[str]:
    """The kinds whose number stands on a page."""
    return {kind for kind, phone in NUMBERS.items() if phone in page.content.decode()}


@pytest.mark.requirement("R037")
@pytest.mark.parametrize(("name", "kinds"), [("concern_create", {"social_care"}), ("adult_concern_create", {"lado"})])  # fmt: skip
def test_the_form_shows_whom_anybody_may_ring_outside(school, signed_in, name, kinds):
    page = signed_in(make_member(school, Role.STAFF)).get(url(school, name))

    assert shown(page) == kinds


def test_the_page_of_a_concern_shows_whom_its_procedure_turns_to(school, signed_in):
    dsl, head = make_member(school, Role.DSL), make_member(school, Role.HEADTEACHER)
    child, adult = make_concern(school), make_adult_concern(school, make_member(school, Role.STAFF))

    found = [shown(signed_in(by).get(one.get_absolute_url())) for by, one in ((dsl, child), (head, adult))]

    assert found == [{"social_care"}, {"lado"}]


# --- Parents and carers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_whoever_reads_a_childs_concern_sees_whom_to_call_and_leaves_an_entry_that_says_so(
    school, signed_in, htmx
):
    child, other, dsl = make_learner(school), make_learner(school), make_member(school, Role.DSL)
    services.add_contact(child, "Lee Marlow", by=TESTS, phone="01632 960302", priority=2)
    services.add_contact(child, "Wren Ashdown", by=TESTS, phone="01632 960301", relationship="mother")
    services.add_contact(other, "Kit Farrow", by=TESTS, phone="01632 960303")
    concern = make_concern(school, learners=[child])
    client = signed_in(dsl)

    on_page = client.get(concern.get_absolute_url()).content.decode()
    text = client.get(url(school, "concern_contacts", concern.pk), headers=htmx).content.decode()

    assert (url(school, "concern_contacts", concern.pk) in on_page, "01632 96030" in on_page) == (True, False)
    assert text.index("Wren Ashdown") < text.index("Lee Marlow")
    assert ("01632 960301" in text, "Mother" in text, "Kit Farrow" in text) == (True, True, False)
    reads = AuditEvent.objects.filter(action="contact.read").values_list("actor_id", "object_id")
    assert list(reads) == [(str(dsl.user_id), str(concern.pk))]


def test_a_concern_that_names_no_child_leads_to_no_contacts(school, signed_in):
    concern = make_concern(school, names=["A boy in a red coat"])
    page = signed_in(make_member(school, Role.DSL)).get(concern.get_absolute_url()).content.decode()
    assert "Whom to call" not in page


def test_the_page_is_headed_by_child_in_short_and_kind_and_the_tab_by_neither(school, signed_in):
    dsl = make_member(school, Role.DSL)
    learners = [make_learner(school, first, "Thistlewood") for first in ("Alfie", "Robin", "Kit")]
    concern = make_open(school, dsl, learners=learners)
    text = signed_in(dsl).get(concern.get_absolute_url()).content.decode()
    heading, title = (re.search(rf"<{tag}>(.*?)</{tag}>", text)[1] for tag in ("h1", "title"))
    assert heading.startswith("Alfie T., Robin T. and 1 more: ")
    assert ("decided" in heading, title) == (False, "Concern")
