"""What is audited and mailed about signing in, and links to a new password."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from core import scope
from core.models import AuditEvent, OutgoingMail
from schools.enums import Role
from schools.services import end_membership
from schools.tests.factories import TESTS, make_member, make_school, make_user
from schools.tests.signing_in import enrolled, give_password, home

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("half_a_minute")]


def actions(school) -> list[str]:
    """What the school's audit says of people's sign-ins, in order."""
    with scope.acting(schools=[school.pk]):
        found = AuditEvent.objects.filter(school_id=school.pk, action__startswith="person.")
        return list(found.order_by("seq").values_list("action", flat=True))


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
    page = Client().post(reverse("account_login"), {"login": "nobody@school.example", "password": "x"})
    assert "Please put this right" in page.content.decode()
    assert "Nothing that you typed is lost." not in page.content.decode()  # the password is typed anew

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
