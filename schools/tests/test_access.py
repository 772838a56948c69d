"""Signing in with a second factor through the real pages, and the step-up."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from schools.enums import Role
from schools.models import Membership
from schools.tests.factories import PASSWORD, make_member, sign_in
from schools.tests.signing_in import code_of, enrol, enrolled, give_password, home

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("half_a_minute")]


def people(school) -> str:
    return reverse("schools:member_list", args=[school.slug])


# --- Setting up and using the second factor ---------------------------------------------------------------------------


@pytest.mark.requirement("R043")
def test_password_alone_leads_to_enrolment_and_a_first_code_opens_the_pages(school):
    member = make_member(school, Role.DSL)
    client, answer = give_password(member.user)
    assert answer.status_code == 302
    assert client.get(home(school)).headers["Location"].startswith(reverse("mfa_activate_totp"))

    _, answer = enrol(client)

    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.get(home(school)).status_code == 200


def test_a_wrong_first_code_opens_nothing(school):
    client, _ = give_password(make_member(school, Role.DSL).user)
    client.get(reverse("mfa_activate_totp"))

    client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert Authenticator.objects.count() == 0
    assert client.get(home(school)).status_code == 302


def test_no_second_code_is_asked_right_after_enrolment(school):
    client, _ = give_password(make_member(school, Role.HEADTEACHER).user)
    enrol(client)

    assert client.get(reverse("schools:member_create", args=[school.slug])).status_code == 200


def test_next_sign_in_needs_the_code(school):
    member, secret, _ = enrolled(school)
    client, answer = give_password(member.user)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(home(school)).headers["Location"].startswith(reverse("account_login"))

    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert client.get(home(school)).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert client.get(home(school)).status_code == 200


def test_a_code_works_once(school):
    member, secret, _ = enrolled(school)
    code = code_of(secret)
    first, _ = give_password(member.user)
    first.post(reverse("mfa_authenticate"), {"code": code})
    second, _ = give_password(member.user)

    second.post(reverse("mfa_authenticate"), {"code": code})

    assert [one.get(home(school)).status_code for one in (first, second)] == [200, 302]


def test_a_code_works_once_for_as_long_as_it_would_be_taken(school):
    member, secret, _ = enrolled(school)
    begun = time.time()
    code = format_hotp_value(hotp_value(secret, int(begun) // 30 + 1))
    seen = []
    for later in (0, 31, 59, 89):
        with time_machine.travel(begun + later):
            client, _ = give_password(member.user)
            client.post(reverse("mfa_authenticate"), {"code": code})
            seen.append(client.get(home(school)).status_code)

    assert seen == [200, 302, 302, 302]


def test_a_recovery_code_works_once(school):
    member, _, codes = enrolled(school)
    first, _ = give_password(member.user)
    first.post(reverse("mfa_authenticate"), {"code": codes[0]})
    second, _ = give_password(member.user)

    second.post(reverse("mfa_authenticate"), {"code": codes[0]})

    assert [one.get(home(school)).status_code for one in (first, second)] == [200, 302]


def test_secrets_are_sealed_where_they_lie(school):
    member, secret, codes = enrolled(school)

    stored = repr(list(Authenticator.objects.filter(user=member.user).values_list("data", flat=True)))

    assert [one for one in (secret, *codes) if one in stored] == []
    assert "secret" in stored


def test_recovery_codes_and_the_removal_of_the_app_need_the_code_again(school):
    member, _, _ = enrolled(school)
    client = sign_in(member.user, factor_minutes_ago=11)
    pages = ("mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_view_recovery_codes")

    answers = [client.get(reverse(page)) for page in pages]

    assert {one.headers["Location"].partition("?")[0] for one in answers} == {reverse("mfa_reauthenticate")}


def test_a_password_is_no_step_up_for_somebody_with_a_second_factor(school):
    member, _, _ = enrolled(school)
    client = sign_in(member.user, factor_minutes_ago=11)

    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 302


# --- Step-up ----------------------------------------------------------------------------------------------------------


NEW = {"name": "Wren Okafor", "email": "wren@school.example", "group": "staff", "role": "staff"}


def test_step_up_brings_a_sent_form_to_its_end(school):
    member, secret, _ = enrolled(school, Role.HEADTEACHER)
    client = sign_in(member.user, factor_minutes_ago=11)
    address = reverse("schools:member_create", args=[school.slug])
    asked = client.post(address, NEW).headers["Location"]
    assert asked.startswith(reverse("mfa_reauthenticate"))
    assert Membership.objects.filter(user__email=NEW["email"]).count() == 0

    client.get(asked)
    back = client.post(reverse("mfa_reauthenticate"), {"code": code_of(secret), "next": address})
    assert back.headers["Location"] == address
    client.get(address)

    assert Membership.objects.filter(user__email=NEW["email"]).count() == 1
    assert client.get(address).status_code == 200
    assert Membership.objects.filter(user__email=NEW["email"]).count() == 1


def test_a_form_that_waits_is_sealed_and_needs_the_second_factor(school):
    client = sign_in(make_member(school, Role.HEADTEACHER).user, factor_minutes_ago=11)
    address = reverse("schools:member_create", args=[school.slug])
    client.post(address, NEW)

    client.get(address)

    assert NEW["name"] not in repr(dict(client.session))
    assert Membership.objects.filter(user__email=NEW["email"]).count() == 0


def test_a_form_that_waits_passes_the_safety_check_again(school):
    member, secret, _ = enrolled(school, Role.HEADTEACHER)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sign_in(member.user, factor_minutes_ago=11).cookies
    address = reverse("schools:member_create", args=[school.slug])
    page = strict.get(reverse("mfa_reauthenticate")).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert strict.post(address, NEW).status_code == 403

    strict.post(address, {**NEW, "csrfmiddlewaretoken": token})
    code = {"code": code_of(secret), "next": address, "csrfmiddlewaretoken": token}
    strict.post(reverse("mfa_reauthenticate"), code)
    strict.get(address)

    assert Membership.objects.filter(user__email=NEW["email"]).count() == 1
