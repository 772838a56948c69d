"""The pages of signing in, filled in as a person would."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from schools.enums import Role
from schools.models import Membership, School, User
from schools.tests.factories import PASSWORD, make_member


def code_of(secret: str) -> str:
    """What the app on a phone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_password(user: User, password: str = PASSWORD) -> tuple[Client, Any]:
    """The sign-in page, filled in."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": password})
    return client, answer


def enrol(client: Client) -> tuple[str, Any]:
    """The page that sets up an authenticator app, with a real code: its secret, and what came after."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.content.decode())[0]
    return secret, client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})


def enrolled(school: School, role: Role = Role.DSL) -> tuple[Membership, str, list[str]]:
    """A member with an authenticator, its secret and their recovery codes."""
    member = make_member(school, role)
    client, _ = give_password(member.user)
    secret, answer = enrol(client)
    codes = re.findall(r"\b[a-z0-9]{8,10}\b", client.get(answer.headers["Location"]).content.decode())
    stored = Authenticator.objects.get(user=member.user, type=Authenticator.Type.RECOVERY_CODES)
    unused = stored.wrap().get_unused_codes()
    assert set(unused) <= set(codes), "the page shows the codes"
    return member, secret, unused


def home(school: School) -> str:
    return reverse("reports:home", args=[school.slug])
