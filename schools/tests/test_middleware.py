"""How long a session lasts, what keeps it alive, and that typed text outlives it."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import scope
from schools import services
from schools.enums import Role
from schools.models import Draft, Rule
from schools.selectors import drafts_of
from schools.services import typed_text
from schools.tests.factories import PASSWORD, TESTS, make_member, sign_in

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
POLL = {"X-Background": "1"}


def home(school) -> str:
    return reverse("reports:home", args=[school.slug])


def is_in(client: Client, school) -> bool:
    """Whether the next page opens without a new sign-in."""
    return client.get(home(school)).status_code == 200


@pytest.fixture
def clock():
    """A clock that stands at nine o'clock until it is moved."""
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


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


# --- Typed text -------------------------------------------------------------------------------------------------------


STORY = "Robin said something that I wrote down for a long time."


def concern_page(school) -> str:
    return reverse("incidents:concern_create", args=[school.slug])


def token_on(page: bytes) -> str:
    """The draft token in the form."""
    return re.search(r'name="draft_token" value="([^"]+)"', page.decode())[1]


def test_a_form_sent_after_the_session_ended_is_kept_and_offered_after_sign_in(school, clock):
    member = make_member(school, Role.STAFF)
    client = sign_in(member.user)
    token = token_on(client.get(concern_page(school)).content)
    clock.shift(timedelta(minutes=16))

    answer = client.post(concern_page(school), {"draft_token": token, "narrative": STORY})

    assert answer.headers["Location"].endswith(f"?next={concern_page(school)}")
    assert answer.headers["Location"].startswith(reverse("account_login"))
    page = sign_in(member.user).get(concern_page(school)).content.decode()
    assert STORY in page


def test_what_is_kept_is_shown_to_nobody_else(school, clock):
    member, other = make_member(school, Role.STAFF), make_member(school, Role.DSL)
    token = services.draft_token(member.user, school, "incidents.concern")

    Client().post(concern_page(school), {"draft_token": token, "narrative": STORY})

    assert STORY not in sign_in(other.user).get(concern_page(school)).content.decode()
    assert Draft.objects.get().user_id == member.user_id


def test_a_form_whose_safety_token_no_longer_matches_is_kept_too(school, clock):
    member = make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "incidents.concern")
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(concern_page(school), {"draft_token": token, "narrative": STORY})

    assert answer.status_code == 403
    assert "What you typed is kept" in answer.content.decode()
    assert STORY in sign_in(member.user).get(concern_page(school)).content.decode()


def test_a_forged_or_old_draft_token_keeps_nothing(school, clock):
    member = make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "incidents.concern")
    Client().post(concern_page(school), {"draft_token": token[:-2] + "xx", "narrative": STORY})
    clock.shift(timedelta(days=3))

    Client().post(concern_page(school), {"draft_token": token, "narrative": STORY})

    assert Draft.objects.count() == 0


def test_autosave_after_the_session_ended_keeps_the_text_and_leads_nowhere(school, clock):
    member = make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "incidents.concern")

    answer = Client().post(
        reverse("schools:draft_save", args=[school.slug]),
        {"draft_token": token, "narrative": STORY},
        headers=POLL,
    )

    assert answer.status_code == 204
    assert typed_text(drafts_of(school, member.user_id, "incidents.concern")[1])["narrative"] == STORY


def test_one_person_cannot_autosave_into_the_draft_of_another(school):
    member, other = make_member(school, Role.STAFF), make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "incidents.concern")

    answer = sign_in(other.user).post(
        reverse("schools:draft_save", args=[school.slug]), {"draft_token": token, "narrative": STORY}
    )

    assert (answer.status_code, Draft.objects.count()) == (400, 0)


def test_drafts_are_sealed(school):
    member = make_member(school, Role.STAFF)
    services.keep_draft(services.draft_token(member.user, school, "x"), {"narrative": [STORY]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM schools_draft")
        raw = repr([bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()])

    assert "wrote down" not in raw
    assert json.loads(Draft.objects.get().content) == {"narrative": STORY}


def test_a_sent_concern_leaves_no_draft(school):
    member = make_member(school, Role.STAFF)
    client = sign_in(member.user)
    token = token_on(client.get(concern_page(school)).content)
    services.keep_draft(token, {"narrative": [STORY]})
    sent = {
        "narrative": STORY,
        "happened_at": "2026-01-05T10:30",
        "place": "on_site",
        "people": ["unsure"],
        "draft_token": token,
    }

    answer = client.post(concern_page(school), sent)

    assert (answer.status_code, Draft.objects.count()) == (302, 0)


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


def test_clock_of_this_module_is_sane(clock):
    assert time.time() == NINE.timestamp()
