"""Nobody is shown a link, or the button of a form, that leads to a page they may not open: every page, walked by every role."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve, reverse

from core import scope
from devices.tests.factories import make_device
from incidents.tests.factories import make_adult_concern, make_concern
from policyhub.tests import routes
from policyhub.tests.objects import maker_of
from policyhub.tests.visits import each_pdf_made_once
from schools.enums import Role
from schools.models import School
from schools.tests.factories import make_learner, make_member, make_school, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.any_database, pytest.mark.django_db]

LINK = re.compile(r'\s(?:href|action|hx-get|hx-post)="([^"]*)"')
REFUSED = (403, 404)
OF_EACH = 2
"""Of one route, as many objects are opened by a role; each state of an object has its own maker."""


class Walker:
    """One role on its way through the school; what it is shown and may not open is noted."""

    def __init__(self, client: Client, start: str) -> None:
        self.client = client
        self.waiting = [(start, "the beginning")]
        self.seen = {start}
        self.opened: Counter[str] = Counter()
        self.refused: list[str] = []

    def walk(self) -> None:
        while self.waiting:
            address, shown_on = self.waiting.pop()
            name = resolve(urlsplit(address).path).view_name
            self.opened[name] += 1
            if self.opened[name] <= OF_EACH:
                self.open(address, name, shown_on)

    def open(self, address: str, name: str, shown_on: str) -> None:
        response = self.client.get(address)
        if response.status_code in REFUSED:
            self.refused.append(f"{name} shown on {shown_on}: {response.status_code}")
        if response.status_code == 302:
            self.note(response["Location"], address, shown_on)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            for link in LINK.findall(response.content.decode()):
                self.note(html.unescape(link), address, name)

    def note(self, link: str, address: str, shown_on: str) -> None:
        """Keeps an address inside the school for later, without the place on its page."""
        whole = urljoin(address, link).partition("#")[0]
        if whole.startswith("/s/") and whole not in self.seen:
            self.seen.add(whole)
            self.waiting.append((whole, shown_on))


def furnish(school: School) -> dict[Role, Any]:
    """A member of every role, and every kind of object in the states that the makers of the access matrix know."""
    members = {role: make_member(school, role) for role in Role}
    make_learner(school, "Wilfred", "Tarnside")
    make_device(members[Role.OFFICE])
    make_concern(school, by=members[Role.STAFF])
    make_adult_concern(school, members[Role.STAFF], by=members[Role.OFFICE])
    for route in routes.gated():
        if len(route.arguments) > 1:
            maker_of(route.name)(school)
    return members


@pytest.fixture(scope="module")
def walkers(db_of_module: None) -> dict[Role, Walker]:
    """Every role, having opened all that it is shown."""
    school = make_school()
    with scope.acting(schools=[school.pk]):
        members = furnish(school)
    home = reverse("reports:home", args=[school.slug])
    walked = {role: Walker(sign_in(member.user), home) for role, member in members.items()}
    with each_pdf_made_once():
        for walker in walked.values():
            walker.walk()
    return walked


def test_no_page_shows_what_its_reader_may_not_open(walkers: dict[Role, Walker]) -> None:
    refused = {f"{role}: {one}" for role, walker in walkers.items() for one in walker.refused}
    pages = {name for walker in walkers.values() for name in walker.opened}

    print(f"{sum(len(walker.seen) for walker in walkers.values())} links, {len(pages)} kinds of page")  # noqa: T201
    assert len(pages) >= 50
    assert sorted(refused) == []


def test_a_link_to_a_closed_page_is_found(walkers: dict[Role, Walker]) -> None:
    staff = walkers[Role.STAFF]
    library = next(link for link in staff.seen if link.endswith("/policies/"))
    planted = Walker(staff.client, library)
    planted.waiting.clear()

    planted.note("import/", library, "a planted page")
    planted.walk()

    assert planted.refused == ["policies:document_upload shown on a planted page: 403"]
