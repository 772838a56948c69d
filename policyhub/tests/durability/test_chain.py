"""Many writers append to one audit chain: no fork and no gap; without the lock the same work forks."""

from __future__ import annotations

import time
from collections import Counter
from multiprocessing import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from core import audit, scope
from core.models import AuditEvent
from policyhub.testing.cleaning import owner_connection, transaction_of
from policyhub.tests.durability import ground
from schools.tests.factories import TESTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def writers(soak: bool) -> int:
    return 16 if soak else 8


@pytest.fixture
def appends(soak: bool) -> int:
    return 500 if soak else 25


def append(number: int, school: Any, times: int, let_go: Any) -> None:
    let_go.wait()
    for turn in range(times):
        with scope.acting(schools=[school.pk]), transaction.atomic():
            audit.record("test.done", by=TESTS, school_id=school.pk, label=f"{number} {turn}")


def test_many_writers_make_one_chain(school, writers, appends):
    with scope.reading():
        before, let_go = audit.verify(school.pk).entries, Barrier(writers)

    codes = ground.together(append, [(number, school, appends, let_go) for number in range(writers)])

    with scope.acting(schools=[school.pk]), scope.reading():
        verdict = audit.verify(school.pk)
        links = Counter(AuditEvent.objects.values_list("prev_hash", flat=True))
    forks = sum(times - 1 for times in links.values())
    ground.report(
        "one chain",
        writers=writers,
        appends=verdict.entries - before,
        forks=forks,
        fault=verdict.reason or "none",
    )
    assert codes == [0] * writers
    assert (verdict.entries - before, forks, verdict.reason) == (writers * appends, 0, "")


PAUSE = 0.002
"""Seconds after each entry: a few while the chain is walked, and not so many that every walk takes longer than the last."""


def append_without_end(school: Any) -> None:
    while True:
        with scope.acting(schools=[school.pk]), transaction.atomic():
            audit.record("test.done", by=TESTS, school_id=school.pk)
        time.sleep(PAUSE)


def test_a_chain_that_grows_while_it_is_walked_is_whole(school):
    """Walked until it had grown many times in between."""
    writer, verdicts = ground.start(append_without_end, school), []
    try:
        while len({verdict.entries for verdict in verdicts}) < 50:
            with scope.acting(schools=[school.pk]), scope.reading():
                verdicts.append(audit.verify(school.pk))
    finally:
        writer.kill()
        writer.join()

    assert {verdict.reason for verdict in verdicts} == {""}


@pytest.fixture
def bare_chain() -> Any:
    """A chain that nothing guards: no lock, no unique link, no trigger."""
    owner = owner_connection()
    with transaction_of(owner) as cursor:
        cursor.execute("CREATE TABLE bare_chain (id serial, hash text, prev_hash text)")
        cursor.execute("INSERT INTO bare_chain (hash, prev_hash) VALUES ('start', '')")
        cursor.execute("GRANT ALL ON bare_chain, bare_chain_id_seq TO hub_app")
    yield
    with transaction_of(owner) as cursor:
        cursor.execute("DROP TABLE bare_chain")
    owner.close()


def append_without_lock(number: int, times: int, let_go: Any) -> None:
    let_go.wait()
    for turn in range(times):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT hash FROM bare_chain ORDER BY id DESC LIMIT 1")
            cursor.execute(
                "INSERT INTO bare_chain (hash, prev_hash) VALUES (%s, %s)",
                [f"{number}/{turn}", cursor.fetchone()[0]],
            )


@pytest.mark.postgres
def test_without_the_lock_the_chain_forks(bare_chain, writers, appends):
    """The control."""
    let_go = Barrier(writers)
    ground.together(append_without_lock, [(number, appends, let_go) for number in range(writers)])

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) - count(DISTINCT prev_hash) FROM bare_chain")
        forks = cursor.fetchone()[0]
    ground.report("without the lock", writers=writers, appends=writers * appends, forks=forks)
    assert forks > 0
