"""Signing in with a second factor through the real pages, what is audited of it, and the step-up."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core import scope
from core.models import AuditEvent, OutgoingMail
from schools.enums import Role
from schools.models import Membership
from schools.services import end_membership
from schools.tests.factories import PASSWORD, TESTS, make_member, make_school, make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def half_a_minute():
    """A code holds for half a minute: each test begins with a new one, and with nothing counted or used before."""
    cache.clear()
    with time_machine.travel(time.time() // 30 * 30):
        yield


def code_of(secret: str) -> str:
    """What the app on a phone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_password(user, password: str = PASSWORD) -> tuple[Client, object]:
    """The sign-in page, filled in."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": password})
    return client, answer


def enrol(client: Client) -> tuple[str, object]:
    """The page that sets up an authenticator app, with a real code: its secret, and what came after."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.content.decode())[0]
    return secret, client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})


def home(school) -> str:
    return reverse("reports:home", args=[school.slug])


def people(school) -> str:
    return reverse("schools:member_list", args=[school.slug])


def actions(school) -> list[str]:
    """What the school's audit says of people's sign-ins, in order."""
    with scope.acting(schools=[school.pk]):
        found = AuditEvent.objects.filter(school_id=school.pk, action__startswith="person.")
        return list(found.order_by("seq").values_list("action", flat=True))


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


def enrolled(school, role=Role.DSL):
    """A member with an authenticator, its secret and their recovery codes."""
    member = make_member(school, role)
    client, _ = give_password(member.user)
    secret, answer = enrol(client)
    codes = re.findall(r"\b[a-z0-9]{8,10}\b", client.get(answer.headers["Location"]).content.decode())
    stored = Authenticator.objects.get(user=member.user, type=Authenticator.Type.RECOVERY_CODES)
    unused = stored.wrap().get_unused_codes()
    assert set(unused) <= set(codes), "the page shows the codes"
    return member, secret, unused


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


# --- Audit and e-mail -------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R043")
def test_sign_ins_are_audited_in_each_school_of_the_person(school, other_school):
    user = make_user()
    for one in (school, other_school):
        make_member(one, Role.STAFF, user=user)
    elsewhere = make_school()

    give_password(user, "a wrong one")
    client, _ = give_password(user)
    client.post(reverse("account_logout"))

    expected = ["person.sign_in_failed", "person.signed_in", "person.signed_out"]
    assert [actions(one) for one in (school, other_school, elsewhere)] == [expected, expected, []]


def test_failed_sign_ins_of_unknown_people_and_leavers_are_no_schools_affair(school):
    leaver = make_member(school, Role.STAFF)
    end_membership(leaver, by=TESTS)
    Client().post(reverse("account_login"), {"login": "nobody@school.example", "password": "x"})

    give_password(leaver.user, "a wrong one")

    assert actions(school) == []


def test_a_wrong_second_factor_is_audited(school):
    member, _, _ = enrolled(school)
    client, _ = give_password(member.user)

    client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert actions(school)[-1] == "person.second_factor_failed"


def test_log_out_empties_the_browser_and_ends_the_session(school):
    client, _ = give_password(make_member(school, Role.STAFF).user)
    kept = client.cookies["session"].value

    answer = client.post(reverse("account_logout"))
    client.cookies["session"] = kept

    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get(home(school)).status_code == 302


def reset_link(email: str) -> str:
    """The path in the newest e-mail that is owed to the address."""
    Client().post(reverse("account_reset_password"), {"email": email})
    newest = OutgoingMail.objects.filter(recipient=email, template="schools/password_reset").last()
    return newest.path if newest else ""


def test_a_reset_link_works_once_ends_other_sessions_and_tells_the_owner(school):
    user = make_member(school, Role.STAFF).user
    open_session, _ = give_password(user)
    path, client = reset_link(user.email), Client()

    form = client.get(path).headers["Location"]
    client.post(form, {"password1": "another long passphrase", "password2": "another long passphrase"})

    assert give_password(user, "another long passphrase")[1].status_code == 302
    assert open_session.get(home(school)).headers["Location"].startswith(reverse("account_login"))
    assert "This link no longer works" in Client().get(path, follow=True).content.decode()
    assert OutgoingMail.objects.filter(recipient=user.email, template="schools/sign_in_changed").count() == 1


def test_reset_goes_through_the_outbox_and_names_nobody(school, django_capture_on_commit_callbacks):
    user = make_member(school, Role.STAFF, name="Quillon Marchbanks").user
    with django_capture_on_commit_callbacks(execute=True):
        path = reset_link(user.email)

    assert [message.to for message in mail.outbox] == [[user.email]]
    sent = mail.outbox[0].message().as_string()
    assert path.removesuffix("/").rpartition("-")[2] in sent.replace("=\n", "")
    assert "Quillon" not in sent


def test_reset_answers_the_same_for_everybody(school):
    known, leaver = make_member(school, Role.STAFF), make_member(school, Role.STAFF)
    end_membership(leaver, by=TESTS)
    addresses = (known.user.email, leaver.user.email, "nobody@school.example")

    answers = [Client().post(reverse("account_reset_password"), {"email": one}) for one in addresses]

    assert {(one.status_code, one.headers["Location"], one.content) for one in answers} == {
        (302, reverse("account_reset_password_done"), b"")
    }
    assert [OutgoingMail.objects.filter(recipient=one).count() for one in addresses] == [1, 0, 0]


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "password/set/", "login/code/confirm/", "2fa/webauthn/"]
)
def test_pages_that_make_no_sense_here_do_not_exist(school, path):
    client, _ = give_password(make_member(school, Role.STAFF).user)

    assert client.get(f"/accounts/{path}").status_code == 404
