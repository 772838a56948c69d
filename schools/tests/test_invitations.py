"""Inviting people: nothing is given without their yes, and whoever invites learns nothing about the address."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import audit, scope
from core.errors import DomainError
from core.models import AuditEvent, OutgoingMail
from schools import selectors, services
from schools.enums import Role
from schools.models import Membership, User
from schools.tests.factories import PASSWORD, TESTS, make_member, make_user, sign_in, without_tokens

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TYPED = {"name": "Wren Okafor", "group": "staff", "role": "staff", "job_title": ""}


def invite(school, email="wren@school.example", role=Role.STAFF, by=TESTS) -> Membership:
    return services.invite_member(school, email, "Wren Okafor", role, by=by)


def link(membership) -> str:
    return (
        OutgoingMail.objects.filter(recipient=membership.user.email, template="schools/invited").last().path
    )


def answer(client, membership, name="accept"):
    return client.post(reverse(f"schools:invitation_{name}", args=[membership.pk]))


def entries(school) -> list[tuple[str, dict]]:
    found = AuditEvent.objects.filter(school_id=school.pk, action__startswith="member.").order_by("seq")
    return [(one.action, audit.payload_of(one)) for one in found]


# --- Before the answer ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R043")
def test_an_invited_person_has_nothing_until_they_say_yes(school):
    member = invite(school, make_user().email, Role.DSL)
    client = sign_in(member.user)

    assert client.get(school.get_absolute_url()).status_code == 404
    assert (selectors.people_with_role(school, Role.DSL), list(selectors.members(school))) == ([], [])
    assert answer(client, member).headers["Location"] == school.get_absolute_url()
    assert client.get(school.get_absolute_url()).status_code == 200
    assert selectors.people_with_role(school, Role.DSL) == [member]
    assert [action for action, _ in entries(school)] == ["member.invited", "member.accepted"]


@pytest.mark.requirement("R043")
def test_the_page_is_the_same_for_an_address_that_has_an_account(school, other_school, signed_in):
    known = make_member(other_school, name="Quillon Marchbanks").user.email
    client, pages = signed_in(make_member(school, Role.HEADTEACHER)), []

    for email in (known, "new@school.example"):
        sent = client.post(
            reverse("schools:member_create", args=[school.slug]), {**TYPED, "email": email}, follow=True
        )
        member = Membership.objects.get(user__email=email, school=school)
        page = without_tokens(sent.content).replace(str(member.pk).encode(), b"").replace(email.encode(), b"")
        pages.append(re.sub(rb"[0-9a-f-]{36}", b"", page))

    assert pages[0] == pages[1]
    people = client.get(reverse("schools:member_list", args=[school.slug])).content.decode()
    assert ("Quillon" in people, people.count("Wren Okafor"), people.count("no answer yet")) == (False, 2, 2)
    assert "Quillon" not in repr(entries(school))


@pytest.mark.parametrize(
    "email", [f"{'a' * 250}@school.example", "\u0130@school.example", "wren\x0b@school.example"]
)
def test_an_address_that_cannot_be_kept_is_refused_with_a_sentence(school, signed_in, email):
    client = signed_in(make_member(school, Role.ADMIN))
    page = client.post(reverse("schools:member_create", args=[school.slug]), {**TYPED, "email": email})
    assert (page.status_code, "email" in page.context["form"].errors) == (200, True)


def test_each_school_has_its_own_name_for_a_person(school, other_school):
    user = make_member(other_school, name="Quillon Marchbanks").user
    answer(sign_in(user), invite(school, user.email))

    assert [one.name for one in selectors.members(school)] == ["Wren Okafor"]
    with scope.acting(schools=[other_school.pk]):
        assert [one.name for one in selectors.members(other_school)] == ["Quillon Marchbanks"]
    assert User.objects.get(pk=user.pk).name == "Quillon Marchbanks"


def test_the_person_sees_who_invites_them_and_as_what(school):
    member = invite(school, make_user().email, Role.DSL)

    page = sign_in(member.user).get("/").content.decode()

    assert [text in page for text in (school.name, "Wren Okafor", Role.DSL.label)] == [True] * 3


# --- The link ---------------------------------------------------------------------------------------------------------


def choose_password(client: Client, path: str):
    """Follows a link to the form of a first password and fills it in."""
    form = client.get(client.get(path).headers["Location"]).headers["Location"]
    return client.post(form, {"password1": PASSWORD, "password2": PASSWORD})


def test_the_link_leads_to_a_first_password_and_then_only_to_the_sign_in(school):
    member = invite(school)
    choose_password(Client(), link(member))
    client = Client()
    client.post(reverse("account_login"), {"login": member.user.email, "password": PASSWORD})

    assert answer(client, member).status_code == 302
    assert client.get(school.get_absolute_url()).status_code == 200
    assert Client().get(link(member)).status_code == 404
    again = invite(school, "other@school.example")
    choose_password(Client(), link(again))
    assert Client().get(link(again)).headers["Location"].startswith(reverse("account_login"))


def test_who_chose_a_first_password_by_the_link_can_set_up_the_second_factor(school):
    member, client = invite(school, role=Role.DSL), Client()
    choose_password(client, link(member))
    client.post(reverse("account_login"), {"login": member.user.email, "password": PASSWORD})

    page = client.post(reverse("schools:invitation_accept", args=[member.pk]), follow=True)

    assert page.redirect_chain[-1][0].startswith(reverse("mfa_activate_totp"))
    assert re.search(r"\b[A-Z2-7]{32}\b", page.content.decode())


def test_the_link_of_a_person_with_a_password_opens_no_password_page(school):
    member = invite(school, make_user().email)

    assert Client().get(link(member)).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("spoil", ["forge", "expire", "withdraw", "decline", "close"])
def test_a_link_that_does_not_hold_says_so_and_opens_nothing(school, spoil):
    member = invite(school)
    path, later = link(member), timezone.now()
    if spoil == "forge":
        path = path[:-4] + "xyz/"
    elif spoil == "expire":
        later += (services.INVITATION_DAYS * DAY) + timedelta(minutes=1)
    elif spoil == "withdraw":
        services.end_membership(member, by=TESTS)
    elif spoil == "close":
        User.objects.update(is_active=False)
    else:
        services.decline_invitation(member, by=member.user)

    with time_machine.travel(later):
        gone = Client().get(path)

    assert (gone.status_code, "no longer works" in gone.content.decode()) == (404, True)


def test_the_link_is_for_one_person(school):
    member, other = invite(school), sign_in(make_user())

    assert other.get(link(member)).status_code == 403
    assert [answer(other, member, name).status_code for name in ("accept", "decline")] == [404, 404]
    assert Membership.objects.get(pk=member.pk).is_waiting


def test_an_answer_counts_once(school):
    member = invite(school)
    services.accept_invitation(Membership.objects.get(pk=member.pk), by=member.user)

    for reply in (services.accept_invitation, services.decline_invitation):
        with pytest.raises(DomainError, match="answered or withdrawn"):
            reply(member, by=member.user)


def test_nobody_answers_for_somebody_else(school):
    member = invite(school)

    with pytest.raises(DomainError):
        services.accept_invitation(member, by=make_user())
    assert Membership.objects.get(pk=member.pk).is_waiting


def test_a_new_link_is_sent_once_a_day_and_not_after_the_answer(school, signed_in):
    member, client = invite(school), signed_in(make_member(school, Role.HEADTEACHER))
    again = reverse("schools:member_invite_again", args=[school.slug, member.pk])
    assert "tomorrow" in client.post(again, follow=True).content.decode()

    with time_machine.travel(timezone.now() + DAY):
        services.send_invitation_again(member, by=TESTS)
        services.accept_invitation(member, by=member.user)
        with pytest.raises(DomainError, match="answered"):
            services.send_invitation_again(member, by=TESTS)

    assert OutgoingMail.objects.filter(template="schools/invited").count() == 2


def test_an_invited_person_who_forgot_the_password_is_mailed(school):
    member = invite(school)

    Client().post(reverse("account_reset_password"), {"email": member.user.email})

    assert OutgoingMail.objects.filter(template="schools/password_reset").count() == 1


# --- The migration ----------------------------------------------------------------------------------------------------


def test_who_belonged_before_has_a_name_and_has_accepted(school, other_school):
    people = [make_member(one) for one in (school, other_school)]
    with scope.acting(schools=[school.pk, other_school.pk]):
        Membership.objects.update(name="", accepted_at=None)

    migration = import_module("schools.migrations.0003_invitations")
    migration.name_and_accept(apps, SimpleNamespace(connection=connection))

    with scope.acting(schools=[school.pk, other_school.pk]):
        found = {one.name: one.accepted_at for one in Membership.objects.all()}
    assert found == {one.user.name: one.created_at for one in people}
