"""How long a session lasts, and what keeps it alive."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import scope
from schools import services
from schools.enums import Role
from schools.models import Rule
from schools.tests.factories import PASSWORD, TESTS, make_member, sign_in
from schools.tests.signing_in import home

pytestmark = pytest.mark.django_db

POLL = {"X-Background": "1"}


def is_in(client: Client, school) -> bool:
    """Whether the next page opens without a new sign-in."""
    return client.get(home(school)).status_code == 200


@pytest.mark.requirement("R043")
@pytest.mark.parametrize(
    ("role", "minutes", "seconds", "expected"),
    [
        (Role.STAFF, 14, 59, True),
        (Role.STAFF, 15, 1, False),
        (Role.OFFICE, 15, 1, False),
        (Role.DSL, 9, 59, True),
        (Role.DSL, 10, 1, False),
        (Role.HEADTEACHER, 10, 1, False),
        (Role.CHAIR, 10, 1, False),
        (Role.ADMIN, 10, 1, False),
    ],
)
def test_an_idle_session_ends(school, clock, role, minutes, seconds, expected):
    client = sign_in(make_member(school, role).user)
    assert is_in(client, school)

    clock.shift(timedelta(minutes=minutes, seconds=seconds))

    assert is_in(client, school) is expected


@pytest.mark.requirement("R155")
@pytest.mark.parametrize(
    ("role", "key", "minutes", "seconds", "expected"),
    [
        (Role.STAFF, "idle_minutes", 5, 59, True),
        (Role.STAFF, "idle_minutes", 6, 1, False),
        (Role.STAFF, "idle_minutes_narrative", 14, 59, True),
        (Role.DSL, "idle_minutes_narrative", 5, 59, True),
        (Role.DSL, "idle_minutes_narrative", 6, 1, False),
        (Role.DSL, "idle_minutes", 9, 59, True),
    ],
)
def test_a_school_shortens_the_idle_minutes(school, clock, role, key, minutes, seconds, expected):
    services.set_rule(school, key, "6", by=TESTS)
    client = sign_in(make_member(school, role).user)
    assert is_in(client, school)

    clock.shift(timedelta(minutes=minutes, seconds=seconds))

    assert is_in(client, school) is expected


@pytest.mark.requirement("R155")
def test_a_school_cannot_lengthen_the_idle_minutes(school, clock):
    Rule.objects.create(school=school, key="idle_minutes", value="60")
    client = sign_in(make_member(school, Role.STAFF).user)
    assert is_in(client, school)

    clock.shift(timedelta(minutes=15, seconds=1))

    assert not is_in(client, school)


@pytest.mark.requirement("R155")
def test_a_shortened_limit_reaches_who_is_signed_in_and_the_warning_on_the_page(school, clock):
    client = sign_in(make_member(school, Role.STAFF).user)
    pages = [client.get(home(school)).content.decode()]
    services.set_rule(school, "idle_minutes", "6", by=TESTS)
    clock.shift(timedelta(seconds=31))

    pages.append(client.get(home(school)).content.decode())

    assert [re.search(r'data-idle-minutes="(\d+)"', page)[1] for page in pages] == ["15", "6"]


def test_the_shorter_limit_of_two_schools_holds_in_both(school, other_school, clock):
    member = make_member(school, Role.STAFF)
    make_member(other_school, Role.STAFF, user=member.user)
    with scope.acting(schools=[other_school.pk]):
        services.set_rule(other_school, "idle_minutes", "6", by=TESTS)
    client = sign_in(member.user)
    assert [is_in(client, one) for one in (school, other_school, school)] == [True] * 3

    clock.shift(timedelta(minutes=6, seconds=1))

    assert not is_in(client, school)


def test_the_limit_costs_no_query_on_the_next_page(school, clock, django_assert_max_num_queries):
    client = sign_in(make_member(school, Role.STAFF).user)
    client.get(home(school))

    with django_assert_max_num_queries(40) as counted:
        client.get(home(school))

    assert not [
        query
        for query in counted.captured_queries
        if "schools_rule" in query["sql"] and "idle" in query["sql"]
    ]


def test_a_session_ends_after_eight_hours_of_work(school, clock):
    client = sign_in(make_member(school, Role.STAFF).user)
    stayed = []
    for _ in range(49):
        stayed.append(is_in(client, school))
        clock.shift(timedelta(minutes=10))

    assert stayed == [True] * 49
    assert not is_in(client, school)


def test_three_hours_of_polling_keep_nobody_signed_in(school, clock):
    client = sign_in(make_member(school, Role.STAFF).user)
    assert is_in(client, school)
    answers = []
    for _ in range(180):
        clock.shift(timedelta(minutes=1))
        answers.append(client.get(home(school), headers=POLL).status_code)

    assert answers == [200] * 15 + [302] * 165


def test_real_requests_in_between_do_keep_somebody_signed_in(school, clock):
    client = sign_in(make_member(school, Role.STAFF).user)
    stayed = []
    for _ in range(12):
        stayed.append(is_in(client, school))
        clock.shift(timedelta(minutes=14))

    assert stayed == [True] * 12


def test_autosave_does_not_extend_a_session(school, clock):
    member = make_member(school, Role.STAFF)
    client, token = sign_in(member.user), services.draft_token(member.user, school, "incidents.concern")
    assert is_in(client, school)
    for _ in range(15):
        clock.shift(timedelta(minutes=1))
        saved = client.post(
            reverse("schools:draft_save", args=[school.slug]), {"draft_token": token}, headers=POLL
        )
        assert saved.status_code == 204
    clock.shift(timedelta(seconds=1))

    assert not is_in(client, school)


def test_the_end_of_a_session_empties_the_browser(school, clock):
    client = sign_in(make_member(school, Role.STAFF).user)
    assert "Clear-Site-Data" not in client.get(home(school)).headers
    clock.shift(timedelta(minutes=16))

    assert client.get(home(school)).headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_session_cookie_ends_with_the_browser_and_pages_are_not_stored(school):
    member = make_member(school, Role.STAFF)
    client = Client()
    client.post(
        reverse("account_login"), {"login": member.user.email, "password": PASSWORD, "remember": "on"}
    )

    assert client.cookies["session"]["expires"] == ""
    assert client.get(home(school)).headers["Cache-Control"] == "no-store, private"


# --- The school of a request ------------------------------------------------------------------------------------------


def test_a_session_ends_nothing_for_strangers(school):
    assert "Clear-Site-Data" not in Client().get(reverse("account_login")).headers


def test_second_factor_is_asked_of_those_who_have_one_and_set_up_by_others(school):
    with_one, without = make_member(school, Role.DSL), make_member(school, Role.DSL)
    sign_in(with_one.user)
    places = [
        sign_in(member.user, factor_minutes_ago=None).get(home(school)).headers["Location"]
        for member in (with_one, without)
    ]

    assert [place.partition("?")[0] for place in places] == [
        reverse("mfa_reauthenticate"),
        reverse("mfa_activate_totp"),
    ]


def test_scope_does_not_outlive_the_request(school):
    member = make_member(school, Role.STAFF)
    with scope.acting():
        before = scope.current()
        sign_in(member.user).get(home(school))

        assert scope.current() == before
