"""The gallery in a real browser: no finding of axe, no refused resource, no need of a mouse, nothing kept in the browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.any_database]
OPEN = "document.querySelector('[data-curtain]').open"


@pytest.fixture
def gallery(page, live_server):
    """The gallery, with everything that the browser complained about."""
    page.complaints = []
    page.on(
        "console", lambda message: page.complaints.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{live_server.url}/gallery/")
    return page


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_policy_refuses_nothing(gallery, scheme, width):
    gallery.emulate_media(color_scheme=scheme)
    gallery.set_viewport_size({"width": width, "height": 800})
    gallery.reload()

    assert [rule["id"] for rule in Axe().run(gallery).response["violations"]] == []
    assert gallery.complaints == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (768, 1024), (1024, 768)])
def test_nothing_runs_out_of_the_page(gallery, width, height):
    gallery.set_viewport_size({"width": width, "height": height})

    assert gallery.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_escape_twice_covers_the_screen_and_once_does_not(gallery):
    gallery.keyboard.press("Escape")
    assert gallery.evaluate(OPEN) is False

    gallery.keyboard.press("Escape")
    assert gallery.evaluate(OPEN) is True
    assert gallery.locator("main").is_visible() is False


def test_f9_covers_and_uncovers_and_escape_does_not_uncover(gallery):
    gallery.keyboard.press("F9")
    gallery.keyboard.press("Escape")
    gallery.keyboard.press("Escape")
    assert gallery.evaluate(OPEN) is True

    gallery.keyboard.press("F9")
    assert gallery.evaluate(OPEN) is False
    assert gallery.locator("main").is_visible() is True


def test_first_tab_stop_skips_to_the_main_part(gallery):
    gallery.keyboard.press("Tab")
    gallery.keyboard.press("Enter")

    assert gallery.evaluate("document.activeElement.id") == "main"


def test_message_stays_until_it_is_closed(gallery):
    before = gallery.locator("[data-toast]").count()

    gallery.locator("[data-toast-close]").first.click()

    assert gallery.locator("[data-toast]").count() == before - 1


def test_nothing_typed_or_searched_is_in_the_browsers_storage(gallery):
    gallery.locator("#id_new-story").fill("What happened in the yard")
    gallery.wait_for_timeout(200)

    assert gallery.evaluate("Object.entries({...localStorage, ...sessionStorage})") == []
