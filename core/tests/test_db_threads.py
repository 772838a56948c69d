"""The scope of one request never reaches another: many threads, whole requests, with and without a pooler."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client, override_settings

from core import scope
from core.db.postgresql.base import DatabaseWrapper
from core.tests.walls.models import Case, School
from policyhub.testing.pooler import pgbouncer
from policyhub.testing.servers import ServerMissing

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.slow]
THREADS, SCHOOLS = 16, 20


@pytest.fixture
def schools() -> list[str]:
    """Twenty schools with as many cases as their number, so that a wrong answer is seen."""
    made = School.objects.bulk_create(School(name=f"School {number}") for number in range(SCHOOLS))
    with scope.acting(schools=[school.pk for school in made]), transaction.atomic():
        Case.objects.bulk_create(
            Case(school=s, title="case") for number, s in enumerate(made, 1) for _ in range(number)
        )
    return [str(school.pk) for school in made]


@pytest.fixture
def through_pooler() -> Iterator[None]:
    """All new connections of the application go through pgbouncer."""
    settings = connections.settings["default"]
    port = settings["PORT"]
    connection.close()
    try:
        with pgbouncer(int(port)) as settings["PORT"]:
            yield
            connections.close_all()
    except ServerMissing as missing:
        pytest.skip(str(missing))
    finally:
        settings["PORT"] = port


class Tally:
    """What the answers of all threads were."""

    def __init__(self) -> None:
        self.right, self.leaks, self.empty, self.pids = 0, 0, 0, set[int]()

    def count(self, expected: list[str], answer: dict[str, Any]) -> None:
        self.pids.add(answer["pid"])
        self.right += sorted(answer["schools"]) == sorted(expected)
        self.leaks += bool(set(answer["schools"]) - set(expected))
        self.empty += bool(expected) and not answer["schools"]


def ask(tally: Tally, schools: list[str], number: int, requests: int) -> None:
    """One thread's requests: public ones, one school, two schools; some fail half-way."""
    client, chance = Client(raise_request_exception=False), random.Random(number)
    try:
        for _ in range(requests):
            chosen = chance.sample(range(SCHOOLS), chance.choice([0, 1, 1, 2]))
            expected = [schools[place] for place in chosen for _ in range(place + 1)]
            headers = {"X-Schools": ",".join(schools[place] for place in chosen)} if chosen else {}
            tally.count(
                expected, client.get(chance.choice(["/cases", "/cases", "/broken"]), headers=headers).json()
            )
    finally:
        connections.close_all()


def run_threads(schools: list[str], requests: int) -> Tally:
    tally = Tally()
    threads = [
        threading.Thread(target=ask, args=(tally, schools, number, requests)) for number in range(THREADS)
    ]
    with override_settings(
        ROOT_URLCONF="core.tests.walls.views", MIDDLEWARE=["core.tests.walls.views.ScopeMiddleware"]
    ):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return tally


def test_no_request_sees_another_ones_schools_and_no_page_is_empty(schools: list[str], soak: bool) -> None:
    requests = 1000 if soak else 50

    tally = run_threads(schools, requests)

    assert (tally.right, tally.leaks, tally.empty) == (THREADS * requests, 0, 0)


def test_nothing_leaks_through_a_pooler_in_transaction_mode(
    schools: list[str], soak: bool, through_pooler: None
) -> None:
    requests = 1000 if soak else 50

    tally = run_threads(schools, requests)

    assert (tally.right, tally.leaks, tally.empty) == (THREADS * requests, 0, 0)
    assert 1 <= len(tally.pids) <= 8


def say_for_the_session(self: DatabaseWrapper) -> None:
    """The common mistake: pages of a school set the session, public pages set nothing."""
    if now := scope.current().schools:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.schools', %s, false)", [now])


def test_leak_would_be_seen(schools: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DatabaseWrapper, "apply_scope", say_for_the_session)

    assert run_threads(schools, 10).leaks > 0
