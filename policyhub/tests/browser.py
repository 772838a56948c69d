"""People in a real Chromium: they sign in through the real pages, second factor included, and use what they see."""

from __future__ import annotations

import re

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from core import scope
from schools.models import Membership
from schools.permissions import needs_second_factor
from schools.tests.factories import PASSWORD
from schools.tests.signing_in import code_of

# Generous, because two browsers and two databases may share a slow machine; a page that never comes still fails.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


class Person:
    """A member of the school with a browser window of their own."""

    def __init__(self, browser: Browser, address: str, member: Membership) -> None:
        self.member, self.address = member, address
        self.page: Page = browser.new_context(
            locale="en-GB", timezone_id="Europe/London", viewport={"width": 1280, "height": 900}
        ).new_page()
        self.page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.addresses: list[str] = []
        self.page.on("request", lambda request: self.addresses.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)

    def sign_in(self) -> Person:
        """E-mail, password and, where the post asks for it, a code of the authenticator."""
        secret = generate_totp_secret()
        with scope.acting(schools=[self.member.school_id]), scope.reading():
            needs_code = needs_second_factor(self.member.roles)
        if needs_code:
            TOTP.activate(self.member.user, secret)
        self.page.goto(f"{self.address}/")
        self.page.get_by_label("Email").fill(self.member.user.email)
        self.page.get_by_label("Password", exact=False).first.fill(PASSWORD)
        self.page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
        if needs_code:
            self.page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(code_of(secret))
            self.page.get_by_role("button", name="Go on").click()
        expect(self.page.get_by_role("navigation", name="Main").first).to_be_visible()
        return self

    def opens(self, link: str) -> Page:
        """Follows a link of the main navigation."""
        self.page.get_by_role("navigation", name="Main").first.get_by_role(
            "link", name=link, exact=True
        ).click()
        return self.page

    def presses(self, button: str) -> Page:
        """Presses a button by its words."""
        self.page.get_by_role("button", name=button).first.click()
        return self.page

    def sees(self, text: str) -> Page:
        """Waits until the page shows the text."""
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()
        return self.page

    def finds_nothing_wrong(self) -> None:
        """No accessibility fault by axe with every rule on, and nothing in the console."""
        violations = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in Axe().run(self.page).response["violations"]
        ]
        assert not violations + self.faults, violations + self.faults
