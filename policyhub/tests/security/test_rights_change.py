"""Rights that end while somebody is signed in are gone with the next request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import get_commands
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from core import scope
from core.models import OutgoingMail
from incidents import services as concerns
from incidents.enums import PersonRole
from incidents.tests.factories import make_adult_concern, make_concern
from policyhub.tests import routes
from schools import permissions, services
from schools.enums import Permission, Role
from schools.models import RoleAppointment
from schools.tests.factories import TESTS, make_member, sign_in

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = timedelta(days=1)


def post_of(member: Any) -> RoleAppointment:
    return member.appointments.get()


def end_post(member: Any) -> None:
    services.end_appointment(post_of(member), by=TESTS)


def end_membership(member: Any) -> None:
    services.end_membership(member, by=TESTS)


def end_old_post(member: Any) -> None:
    member.appointments.update(starts_on=TODAY() - 30 * DAY)
    services.end_appointment(post_of(member), by=TESTS)


def let_last_day_pass(member: Any) -> None:
    member.appointments.update(starts_on=TODAY() - 30 * DAY, ends_on=TODAY() - DAY)


def let_membership_lapse(member: Any) -> None:
    type(member).objects.filter(pk=member.pk).update(starts_on=TODAY() - 30 * DAY, ends_on=TODAY() - DAY)


def move_post_to_tomorrow(member: Any) -> None:
    member.appointments.update(starts_on=TODAY() + DAY)


def change_role(member: Any) -> None:
    services.end_appointment(post_of(member), by=TESTS)
    services.appoint(member, Role.STAFF, by=TESTS)


def deactivate(member: Any) -> None:
    member.user.is_active = False
    member.user.save()


def change_password(member: Any) -> None:
    member.user.set_password("another long passphrase")
    member.user.save()


def delete_sessions(member: Any) -> None:
    Session.objects.all().delete()


def hand_post_on(member: Any) -> None:
    other = make_member(member.school)
    services.end_appointment(post_of(member), by=TESTS)
    services.appoint(other, Role.DSL, by=TESTS)


def rename_school(member: Any) -> None:
    type(member.school).objects.filter(pk=member.school_id).update(slug="moved-elsewhere")


WAYS: list[Callable[[Any], None]] = [
    end_post, end_old_post, end_membership, let_last_day_pass, let_membership_lapse, move_post_to_tomorrow, change_role,
    deactivate, change_password, delete_sessions, hand_post_on, rename_school,
]  # fmt: skip


@pytest.mark.requirement("R043")
@pytest.mark.parametrize("change", WAYS, ids=lambda change: change.__name__)
def test_the_next_request_is_refused(school, change):
    member = make_member(school, Role.DSL)
    concern = make_concern(school)
    client, page = sign_in(member.user), concern.get_absolute_url()
    assert client.get(page).status_code == 200

    change(member)

    assert client.get(page).status_code in (302, 403, 404)
    assert concern.reference not in client.get(page, follow=True).content.decode()


def test_a_permission_taken_from_a_role_is_gone_at_once(school, monkeypatch):
    member = make_member(school, Role.DSL)
    client, page = sign_in(member.user), make_concern(school).get_absolute_url()
    assert client.get(page).status_code == 200

    less = permissions.ROLE_PERMISSIONS[Role.DSL] - {Permission.CONCERN_READ}
    monkeypatch.setitem(permissions.ROLE_PERMISSIONS, Role.DSL, less)
    permissions.granted.cache_clear()
    status = client.get(page).status_code
    monkeypatch.undo()
    permissions.granted.cache_clear()

    assert status == 403


def test_a_promotion_asks_for_the_second_factor_before_it_opens_anything(school):
    member = make_member(school, Role.STAFF)
    client, page = sign_in(member.user, factor_minutes_ago=None), make_concern(school).get_absolute_url()
    assert client.get(page).status_code == 403

    services.appoint(member, Role.DSL, by=TESTS)

    assert client.get(page).headers["Location"].startswith("/accounts/2fa/")


def test_whoever_becomes_part_of_a_concern_can_no_longer_open_it(school):
    heads = [make_member(school, role) for role in (Role.HEADTEACHER, Role.HEAD_OF_SCHOOL)]
    make_member(school, Role.CHAIR)
    concern = make_adult_concern(school, make_member(school, Role.STAFF))
    client, page = (
        sign_in(heads[1].user),
        reverse("incidents:adult_concern_detail", args=[school.slug, concern.pk]),
    )
    assert client.get(page).status_code == 200

    concerns.add_person(concern, PersonRole.SUBJECT, heads[1], by=heads[0])

    assert client.get(page).status_code == 404


def test_links_in_old_mails_open_nothing_for_a_leaver(school):
    member = make_member(school, Role.DSL)
    make_concern(school)
    paths = {one.path for one in OutgoingMail.objects.filter(recipient=member.user.email)}
    client = sign_in(member.user)
    assert [client.get(path).status_code for path in paths] == [200] * len(paths)
    assert paths

    services.end_membership(member, by=TESTS)

    assert [client.get(path).status_code for path in paths] == [404] * len(paths)


def test_no_right_is_kept_in_the_session(school):
    client = sign_in(make_member(school, Role.DSL).user)
    client.get(reverse("reports:home", args=[school.slug]))
    kept = " ".join(map(str, dict(client.session).keys()))

    assert [word for word in ("role", "permission", "school", "member") if word in kept] == []


# --- Nothing that people did can be deleted with them -----------------------------------------------------------------


@pytest.mark.requirement("R043")
def test_history_names_its_author_after_they_left(school):
    author, dsl = make_member(school, Role.STAFF, name="Quillon Marchbanks"), make_member(school, Role.DSL)
    concern = make_concern(school, by=author)

    services.end_membership(author, by=TESTS)
    deactivate(author)

    assert "Quillon Marchbanks" in sign_in(dsl.user).get(concern.get_absolute_url()).content.decode()


def records(school: Any) -> list[Any]:
    with scope.acting(schools=[school.pk]):
        return [
            (model._meta.label, model._default_manager.count())
            for model in apps.get_models()
            if model._meta.app_label not in ("sessions", "contenttypes", "auth", "mfa", "account")
        ]


def test_no_person_with_history_can_be_deleted(school):
    member = make_member(school, Role.DSL)
    make_concern(school, by=member)
    attempts = [
        member.user.delete,
        member.delete,
        school.delete,
        type(member.user).objects.filter(pk=member.user_id).delete,
        type(member).objects.filter(pk=member.pk).delete,
        type(school).objects.filter(pk=school.pk).delete,
    ]  # fmt: skip
    before, succeeded = records(school), []
    for attempt in attempts:
        try:
            with transaction.atomic():
                attempt()
            succeeded.append(attempt)
        except (ProtectedError, DatabaseError):
            pass

    assert succeeded == []
    assert records(school) == before


def test_no_route_answers_to_delete(school):
    head, dsl = (
        sign_in(make_member(school, Role.HEADTEACHER).user),
        sign_in(make_member(school, Role.DSL).user),
    )
    concern = make_concern(school)
    before = records(school)
    answers = set()
    for route in routes.gated():
        if len(route.arguments) == 1:
            address = reverse(route.name, args=[school.slug])
        elif route.arguments == ("slug", "pk"):
            address = reverse(route.name, args=[school.slug, concern.pk])
        else:
            continue
        answers |= {client.delete(address).status_code for client in (head, dsl)}

    assert answers <= {403, 405}
    assert records(school) == before


def test_no_command_deletes_people(school):
    ours = {
        name
        for name, app in get_commands().items()
        if not str(app).startswith(("django", "allauth", "whitenoise"))
    }

    assert [
        name for name in ours if any(word in name for word in ("delete", "remove", "purge", "drop"))
    ] == []
