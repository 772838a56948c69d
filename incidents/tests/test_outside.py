"""Whom to call: the contacts outside that a concern calls for."""

from __future__ import annotations

import pytest

from incidents.tests.factories import make_adult_concern, make_concern
from incidents.tests.pages import url
from schools import services
from schools.enums import Role
from schools.tests.factories import TESTS, make_member

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
