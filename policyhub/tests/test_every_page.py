"""Every address that shows a page, opened in a real browser by somebody who may: no finding of axe, nothing refused."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Literal

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from core import scope
from incidents.tests.factories import make_concern
from policies.tests.writing.trust import make_outline
from policyhub.tests import routes
from policyhub.tests.access_table import Row, current_table
from policyhub.tests.objects import maker_of
from schools.enums import Role
from schools.models import Membership, School, Trust, TrustAppointment
from schools.tests.factories import make_member, make_school, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]

NO_PAGE = {
    "healthz": "A word for machines.",
    "mfa_download_recovery_codes": "A file.",
    "policies:source_download": "A file.",
    "policies:document_download": "A file.",
    "policies:paper_download": "A file.",
    "policies:version_word": "A file.",
    "policies:consultation_pdf": "A file.",
    "policies:version_readers_csv": "A file.",
    "policies:version_readers_pdf": "A file.",
    "reports:report_pdf": "A file.",
}
"""Addresses that answer GET with something else, each with what it is."""


LOOKS: list[tuple[int, Literal["light", "dark"]]] = [
    (375, "light"),
    (1280, "dark"),
    (375, "dark"),
    (1280, "light"),
]
"""Widths of a phone and of a desk, each in both colour schemes."""


class Looker:
    """A browser that changes hands, and what was found wrong on each page."""

    def __init__(self, page: Page, address: str, *, thorough: bool) -> None:
        self.page, self.address, self.thorough = page, address, thorough
        self.found: dict[str, list[str]] = {}
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def hand_to(self, member: Membership) -> None:
        name = settings.SESSION_COOKIE_NAME
        cookie = sign_in(member.user).cookies[name].value
        self.page.context.add_cookies([{"name": name, "value": cookie, "url": self.address}])

    def look_at(self, name: str, address: str) -> None:
        """In every way; in a short run in one of them, each in its turn."""
        faults = []
        for width, scheme in LOOKS if self.thorough else [LOOKS[len(self.found) % len(LOOKS)]]:
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.emulate_media(color_scheme=scheme)
            answer = self.page.goto(self.address + address)
            if (
                answer is None
                or answer.status != 200
                or ("/accounts/" in self.page.url) > ("/accounts/" in address)
            ):
                faults.append(f"answers {answer and answer.status} at {self.page.url}")
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"wider than {width}")
            faults += self.violations()
        self.found[name] = faults + self.complaints
        self.complaints = []

    def violations(self) -> list[str]:
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]

    @property
    def faults(self) -> dict[str, list[str]]:
        return {name: faults for name, faults in self.found.items() if faults}


@pytest.fixture
def looker(page: Page, live_server: Any, soak: bool) -> Looker:
    return Looker(page, live_server.url, thorough=soak)


@pytest.fixture
def members(transactional_db: None) -> dict[Role, Membership]:
    school = make_school("Wrenfield School")
    return {role: make_member(school, role) for role in Role}


def names_of(row: Row, by: Membership) -> tuple[Any, ...]:
    """What the address names besides the school; what is their own was made by themselves."""
    if row.name.startswith(("incidents:own_detail", "incidents:concern_receipt")):
        return (make_concern(by.school, by=by).pk,)
    return maker_of(row.name)(by.school) if row.name in NAMING else ()


NAMING = {route.name for route in routes.gated() if len(route.arguments) > 1}


def test_axe_finds_nothing_on_any_page_of_a_school(looker: Looker, members: dict[Role, Membership]) -> None:
    for role, rows in groupby(
        sorted(current_table(), key=lambda row: row.roles[0]), lambda row: row.roles[0]
    ):
        by = members[role]
        looker.hand_to(by)
        for row in rows:
            if "GET" in row.methods and row.name not in NO_PAGE:
                with scope.acting(schools=[by.school_id]), transaction.atomic():
                    named = names_of(row, by)
                looker.look_at(row.name, reverse(row.name, args=[by.school.slug, *named]))

    assert looker.faults == {}
    assert len(looker.found) > 50


def test_axe_finds_nothing_on_pages_outside_a_school(looker: Looker, members: dict[Role, Membership]) -> None:
    plain = [route.name for route in routes.walk() if route.gate is None and not route.arguments]
    for name in routes.PUBLIC:
        if name in plain and name not in NO_PAGE:
            looker.look_at(name, reverse(name))
    staff = members[Role.STAFF]
    trust = Trust.objects.create(name="Saltmere Trust", slug="saltmere")
    School.objects.filter(pk=staff.school_id).update(trust=trust)
    TrustAppointment.objects.create(trust=trust, user=staff.user, starts_on=timezone.localdate())
    looker.hand_to(staff)
    RecoveryCodes.activate(staff.user)
    for name in routes.PERSONAL:
        if name in plain and name not in NO_PAGE:
            looker.look_at(name, reverse(name))
    outline = make_outline(trust, staff.user)
    named = {"outline_edit": [outline.pk]}
    for name in ("trust_standing", "outline_list", "outline_create", "outline_edit"):
        looker.look_at(name, reverse(name, args=[trust.slug, *named.get(name, [])]))

    assert looker.faults == {}
