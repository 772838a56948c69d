"""The demonstration: easy only under DEMO, and loaded once however often it is asked for."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.errors import DomainError
from policyhub.demo import data, signins
from schools.models import School, User

CODE = re.compile(r'name="code" value="(\d{6})"')


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True


def sign_in(email: str, password: str = signins.PASSWORD) -> tuple[Client, Any]:
    client = Client()
    page = client.post(reverse("account_login"), {"login": email, "password": password}, follow=True)
    return client, page


# --- Nothing of it outside DEMO -----------------------------------------------------------------------------------------


def test_outside_the_demonstration_nothing_is_loaded(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("load_demo", stdout=io.StringIO())
    assert School.objects.count() == User.objects.count() == 0


def test_outside_the_demonstration_no_sign_in_is_printed(settings):
    settings.DEMO = False
    out = io.StringIO()
    signins.print_signins(out)
    assert out.getvalue() == ""


def test_outside_the_demonstration_no_ready_factor_is_made(db, settings):
    settings.DEMO = False
    user = User.objects.create_user("somebody@school.example", "Somebody")
    with pytest.raises(DomainError):
        signins.give_second_factor(user)
    assert Authenticator.objects.count() == 0


def test_outside_the_demonstration_the_code_page_shows_no_code(db, settings):
    settings.DEMO = True
    user = User.objects.create_user("somebody@school.example", "Somebody", signins.PASSWORD)
    signins.give_second_factor(user)
    _, page = sign_in(user.email)
    assert CODE.search(page.content.decode())
    settings.DEMO = False
    _, page = sign_in(user.email)
    assert page.resolver_match.url_name == "mfa_authenticate"
    assert not re.search(r"(?<!\d)\d{6}(?!\d)|demonstration", page.content.decode().split("<h1>")[1].lower())


@pytest.mark.parametrize("tolerance", [0, 1])
def test_a_used_code_is_not_offered_again(db, demo, settings, tolerance, half_a_minute):
    settings.MFA_TOTP_TOLERANCE = tolerance
    user = User.objects.create_user("somebody@school.example", "Somebody", signins.PASSWORD)
    signins.give_second_factor(user)
    client, page = sign_in(user.email)
    code = CODE.search(page.content.decode())[1]
    client.post(reverse("mfa_authenticate"), {"code": ["", code]})
    _, again = sign_in(user.email)
    offered = CODE.search(again.content.decode())
    assert offered is None or offered[1] != code
    assert ("was used just now" in again.content.decode()) == (tolerance == 0)


def test_the_printed_list_names_every_role_once(demo):
    out = io.StringIO()
    signins.print_signins(out)
    printed = out.getvalue()
    people = [row["person"] for row in data.read("school")["sign_ins"]]
    assert {key: printed.count(f" {key}@") for key in people} == dict.fromkeys(people, 1)
    assert signins.PASSWORD in printed
