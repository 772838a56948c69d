"""Home, the term report and registers in a real browser: no finding of axe, nothing out of the page."""

from __future__ import annotations

import os
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from devices.tests.factories import make_device
from incidents.models import Concern
from incidents.tests.factories import make_concern
from policies.tests.factories import make_in_force
from registers.tests.factories import add, check, meeting
from reports.services import publish_report
from reports.tests.factories import make_draft, make_term
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.any_database]
KINDS = [
    "bullying",
    "neglect",
    "device_misuse",
    "self_harm",
    "",
    "hate",
    "attendance",
    "cyberbullying",
    "family",
]
SHOTS = os.environ.get("SCREENSHOTS_TO")


@pytest.fixture
def look(page, live_server, signed_in):
    """Opens an address as a member at a width; fails on anything that axe or the browser finds."""

    def open_page(member, path, width, scheme="light"):
        complaints = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        name = settings.SESSION_COOKIE_NAME
        cookie = signed_in(member).cookies[name].value
        page.context.add_cookies([{"name": name, "value": cookie, "url": live_server.url}])
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(live_server.url + path)
        if SHOTS:
            shot = path.strip("/").replace("/", "-")[-60:] or "root"
            page.screenshot(path=Path(SHOTS) / f"{shot}-{width}-{scheme}.png", full_page=True)
        assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
        assert complaints == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        return page

    return open_page


@pytest.fixture
def now(time_machine):
    """The moment of looking; what went before is made from a time when everybody took up their posts."""
    moment = timezone.now()
    time_machine.move_to(moment - timedelta(days=210))
    return moment


@pytest.fixture
def dsl(now, school):
    return make_member(school, Role.DSL, name="Marit Tolland")


@pytest.fixture
def story(now, school, dsl, time_machine):
    """Two terms with reports, a third that waits, registers, and things that wait; committed as one."""
    with transaction.atomic():
        return _tell(now, school, dsl, time_machine)


def _tell(now, school, dsl, time_machine):
    governor, office = (
        make_member(school, Role.NAMED_GOVERNOR, name="Ife Brook"),
        make_member(school, Role.OFFICE),
    )
    reports = []
    terms = [
        _term(school, now, *row)
        for row in (("Spring term", 200, 110), ("Summer term", 100, 20), ("Autumn term", 10, 1))
    ]
    make_in_force(school, "Phones and devices", on=(now - timedelta(days=300)).date().isoformat())
    for number, term in enumerate(terms):
        time_machine.move_to(datetime.combine(term.ends_on, time(12), tzinfo=now.tzinfo))
        _year_of_work(school, dsl, office, KINDS[number:] + KINDS[: number * 2])
        add(dsl, check(dsl, result=["works", "partly", "fails"][number]))
        time_machine.move_to(timezone.now() + timedelta(days=1))
        written = make_draft(
            dsl, term, outcomes="Most families came in.", learnt="Phones go in envelopes.", asks="To note."
        )
        reports.append(written if number == 2 else publish_report(written, by=dsl, version=1))
    time_machine.move_to(now)
    entry = add(dsl, meeting(dsl, governor))
    return {"reports": reports, "entry": entry, "check": add(dsl, check(dsl)), "governor": governor}


def _term(school, now, name, first, last):
    return make_term(
        school,
        name,
        starts_on=(now - timedelta(days=first)).date(),
        ends_on=(now - timedelta(days=last)).date(),
    )


def _year_of_work(school, dsl, office, kinds):
    for kind in kinds:
        concern = make_concern(school, by=office)
        Concern.objects.filter(pk=concern.pk).update(category=kind)
    make_device(office)


@pytest.mark.parametrize("width", [1280, 375])
def test_pages_of_the_dsl(look, school, dsl, story, width):
    home = reverse("reports:home", args=[school.slug])
    draft, registers = story["reports"][2], reverse("registers:index", args=[school.slug])
    prepare = reverse("reports:report_prepare", args=[school.slug, draft.pk])

    look(dsl, home, width)
    look(dsl, home, width, "dark")
    look(dsl, reverse("reports:report_list", args=[school.slug]), width)
    look(dsl, prepare, width)
    look(dsl, draft.get_absolute_url(), width)
    look(dsl, registers, width)
    look(dsl, f"{registers}filtering-checks/", width)
    look(dsl, f"{registers}filtering-checks/new/", width)
    look(dsl, f"{registers}governor-meetings/new/", width)
    look(dsl, story["entry"].get_absolute_url(), width)
    look(dsl, reverse("registers:entry_correct", args=[school.slug, story["check"].pk]), width)


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_governor(look, school, story, width, scheme):
    governor = story["governor"]

    look(governor, reverse("reports:home", args=[school.slug]), width, scheme)
    page = look(governor, story["reports"][1].get_absolute_url(), width, scheme)

    assert page.get_by_role("link", name="Download as PDF").count() == 1


def test_empty_pages(look, school):
    teacher, governor = make_member(school, Role.STAFF), make_member(school, Role.GOVERNOR)

    look(teacher, reverse("reports:home", args=[school.slug]), 375)
    look(governor, reverse("reports:report_list", args=[school.slug]), 375)
    look(governor, reverse("registers:entry_list", args=[school.slug, "filtering-checks"]), 375)
