"""Photographs every page of the demonstration at 1280 and 375 px, light and dark where it matters, and runs axe on each.

Pictures go to var/screenshots; those that the README shows are also kept in docs/img. Exits with 1 when axe finds
anything or a page scrolls sideways.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.update(DEMO="1", DJANGO_SETTINGS_MODULE="policyhub.settings", DJANGO_ALLOW_ASYNC_UNSAFE="true")
os.environ.setdefault("DATA_DIR", str(ROOT / "var" / "screenshots-data"))
os.environ.setdefault("PUBLIC_URL", "http://127.0.0.1:8765")
PORT = os.environ["PUBLIC_URL"].rpartition(":")[2]
OUT = ROOT / "var" / "screenshots"
README_PICTURES = (
    "dsl-concern_list-1280",
    "staff-concern_create-375",
    "staff-version_detail-1280",
    "governor-report_detail-1280",
)
HEIGHT = 900

import django  # noqa: E402 - the environment comes first

django.setup()

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from django.urls import reverse  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from core import scope  # noqa: E402
from policyhub.demo.signins import ROLES, sign_ins  # noqa: E402
from schools.models import School, User  # noqa: E402
from schools.tests.factories import sign_in  # noqa: E402

SIZES: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (375, "light"), (1280, "dark"))


@dataclass(frozen=True)
class Shot:
    """One page as one role sees it."""

    role: str
    name: str
    path: str


DSL, HEAD, OFFICE, STAFF, ADMIN, GOVERNOR, CHAIR, CLERK, IT = (
    "Designated lead",
    "Headteacher",
    "Office",
    "Staff",
    "Administrator",
    "Named governor",
    "Chair",
    "Clerk",
    "IT",
)
TRUST = ROLES["trust_lead"]
HOMES = [(role, "reports:home") for role in ROLES.values() if role != TRUST]
PLAIN: list[tuple[str, ...]] = [
    *HOMES,
    (STAFF, "incidents:concern_create"),
    (STAFF, "incidents:own_list"),
    (STAFF, "incidents:adult_concern_create"),
    (DSL, "incidents:concern_list"),
    (DSL, "reports:action_list"),
    (DSL, "reports:child_find"),
    (HEAD, "incidents:adult_concern_list"),
    (OFFICE, "devices:desk"),
    (OFFICE, "devices:device_receive"),
    (STAFF, "policies:policy_list"),
    (DSL, "policies:policy_list"),
    (DSL, "policies:document_upload"),
    (GOVERNOR, "reports:report_list"),
    (DSL, "reports:report_list"),
    (DSL, "registers:index"),
    (DSL, "registers:entry_list", "filtering-checks"),
    (DSL, "registers:entry_create", "filtering-checks"),
    (ADMIN, "schools:member_list"),
    (ADMIN, "schools:member_create"),
    (ADMIN, "schools:setup"),
    (ADMIN, "schools:word_edit", "learner"),
    (ADMIN, "schools:rule_edit", "end_of_day_time"),
]
"""Role, route, and what else the address names."""
OF_AN_OBJECT: list[tuple[str, str, str, dict[str, Any]]] = [
    (DSL, "incidents:concern_detail", "concerns", {"route": "child", "status": "open"}),
    (HEAD, "incidents:adult_concern_detail", "concerns", {"route": "adult"}),
    (DSL, "reports:child_detail", "learners", {"devices__reason": "a child may be at risk"}),
    (OFFICE, "devices:device_detail", "devices", {"status": "held"}),
    (OFFICE, "devices:device_receipt", "devices", {"status": "held"}),
    (OFFICE, "devices:device_release", "devices", {"status": "held"}),
    (DSL, "devices:device_lift", "devices", {"status": "on_hold"}),
    (STAFF, "policies:version_detail", "policyversions", {"state": "in_force"}),
    (HEAD, "policies:version_detail", "policyversions", {"published_at__isnull": False}),
    (HEAD, "policies:version_announce", "policyversions", {"published_at__isnull": False}),
    (DSL, "policies:version_detail", "policyversions", {"state": "draft"}),
    (CLERK, "policies:version_detail", "policyversions", {"state": "in_force"}),
    (HEAD, "policies:version_readers", "policyversions", {"state": "in_force"}),
    (CLERK, "policies:version_ratify", "policyversions", {"state": "draft"}),
    (CHAIR, "policies:version_sign", "policyversions", {"state": "in_force"}),
    (DSL, "policies:version_withdraw", "policyversions", {"state": "draft"}),
    (DSL, "policies:document_preview", "sourcefiles", {}),
    (DSL, "registers:entry_detail", "register_entries", {}),
    (ADMIN, "schools:member_detail", "memberships", {}),
    (DSL, "reports:report_prepare", "termreports", {"state": "draft"}),
    (GOVERNOR, "reports:report_detail", "termreports", {"state": "published"}),
]
"""Role, route, the school's rows of that kind, and which of them."""
STEPS = ("triage", "close", "entry", "reply", "action", "person", "assign")
OF_AN_OBJECT += [
    (STAFF, "incidents:own_detail", "concerns", {"reporter__user__email": "s.littlefair@larkmoor.example"}),
    (STAFF, "incidents:concern_receipt", "concerns", {"reporter__user__email": "s.littlefair@larkmoor.example"}),
    *[(DSL, f"incidents:concern_{step}", "concerns", {"route": "child", "status": "open"}) for step in STEPS],
    *[(HEAD, f"incidents:adult_concern_{step}", "concerns", {"route": "adult", "status": "open"}) for step in STEPS],
    (DSL, "incidents:concern_reopen", "concerns", {"route": "child", "status": "closed"}),
    (HEAD, "incidents:adult_concern_reopen", "concerns", {"route": "adult", "status": "closed"}),
    (DSL, "incidents:concern_done", "concern_actions", {"concern__route": "child", "done_at": None}),
    (DSL, "devices:device_hold", "devices", {"status": "held"}),
    (DSL, "registers:entry_correct", "register_entries", {}),
]  # fmt: skip
for word in ("correct", "error"):
    OF_AN_OBJECT += [
        (DSL, f"incidents:concern_{word}", "chronology_entries", {"concern__route": "child", "kind": "note"}),
        (HEAD, f"incidents:adult_concern_{word}", "chronology_entries", {"concern__route": "adult", "kind": "note"}),
    ]  # fmt: skip


def shots(school: School) -> Iterator[Shot]:
    """Every page that the demonstration has something to show on."""
    for name in ("account_login", "account_reset_password", "gallery", "pdf_check"):
        yield Shot("", name, reverse(name))
    yield Shot("", "published_list", reverse("published_list", args=[school.slug]))
    for version in school.policyversions.published()[:1]:
        yield Shot("", "published_policy", reverse("published_policy", args=[school.slug, version.policy_id]))
        yield Shot("", "document_check", reverse("document_check", args=[version.document.pk]))
    if school.trust:
        for name in ("trust_standing", "outline_list", "outline_create"):
            yield Shot(TRUST, name, reverse(name, args=[school.trust.slug]))
    for role, name, *named in PLAIN:
        yield Shot(role, name.partition(":")[2], reverse(name, args=[school.slug, *named]))
    for role, name, rows, which in OF_AN_OBJECT:
        for row in getattr(school, rows).filter(**which)[:1]:
            whose = [row.concern_id] if hasattr(row, "concern_id") else []
            yield Shot(role, name.partition(":")[2], reverse(name, args=[school.slug, *whose, row.pk]))


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Waits until the hub answers."""
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=1)  # noqa: S310 - our own server
        except OSError:
            if server.poll() is not None:
                raise SystemExit("The hub did not start.") from None
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The hub did not answer within a minute.")


def photograph(
    browser: Browser, shot: Shot, cookie: str, width: int, scheme: Literal["light", "dark"]
) -> list[str]:
    """Takes one picture; returns what is wrong with the page."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme=scheme,
        locale="en-GB",
        base_url=os.environ["PUBLIC_URL"],
    )
    if cookie:
        context.add_cookies([{"name": "session", "value": cookie, "url": os.environ["PUBLIC_URL"]}])
    page = context.new_page()
    response = page.goto(shot.path)
    name = "-".join(
        filter(None, [_short(shot.role), shot.name, str(width), "" if scheme == "light" else scheme])
    )
    page.screenshot(path=OUT / f"{name}.png", full_page=True)
    faults = [f"{name}: status {response.status}"] if response is not None and response.status != 200 else []
    faults += [f"{name}: {line}" for line in _faults(page)]
    context.close()
    return faults


def _short(role: str) -> str:
    return {"Designated lead": "dsl", "Named governor": "governor"}.get(role, role.lower().replace(" ", "-"))


def _faults(page: Page) -> Iterator[str]:
    for violation in Axe().run(page).response["violations"]:
        yield f"axe {violation['id']}: {violation['nodes'][0]['html'][:120]}"
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield "scrolls sideways"


def keep(name: str) -> None:
    """The first screen of a picture, in few colours so that it stays small, for the README."""
    folder = ROOT / "docs" / "img"
    folder.mkdir(exist_ok=True)
    with Image.open(OUT / f"{name}.png") as picture:
        first = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, HEIGHT)))
        first.quantize(96, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)


def main() -> int:
    """Takes all pictures; with arguments only those whose name contains one of them."""
    OUT.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:]
    server = subprocess.Popen([sys.executable, "manage.py", "up"], cwd=ROOT, env={**os.environ, "PORT": PORT})
    faults: list[str] = []
    try:
        wait_for(f"{os.environ['PUBLIC_URL']}/healthz", server)
        school = School.objects.get(slug="larkmoor")
        with scope.acting(schools=[school.pk]):
            pages = [
                shot
                for shot in shots(school)
                if not wanted or any(word in f"{_short(shot.role)}-{shot.name}" for word in wanted)
            ]
            people = {role: User.objects.get(email=email) for role, _, email, _ in sign_ins()}
            cookies = {role: sign_in(person).cookies["session"].value for role, person in people.items()}
        with sync_playwright() as driver:
            program = (
                os.environ.get("CHROMIUM")
                or shutil.which("chromium-headless-shell")
                or shutil.which("chromium")
            )
            browser = driver.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
            for shot in pages:
                for width, scheme in SIZES:
                    faults += photograph(browser, shot, cookies.get(shot.role, ""), width, scheme)
            browser.close()
    finally:
        server.terminate()
        server.wait(15)
    for name in README_PICTURES:
        if (OUT / f"{name}.png").exists():
            keep(name)
    print(f"{len(pages) * 3} pictures in var/screenshots, {len(faults)} faults")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
