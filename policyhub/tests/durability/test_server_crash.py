"""PostgreSQL falls over under load: what it had acknowledged is there when it is back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections

from core import scope
from policyhub.testing.servers import PASSWORD, Postgres, postgres_server
from policyhub.tests.durability import ground
from schools.tests.factories import make_school

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WRITERS = 4
RECOVERY_SECONDS = 60
A_BACKEND = "SELECT pid FROM pg_stat_activity WHERE usename = 'hub_app' ORDER BY random() LIMIT 1"


@contextmanager
def a_server_of_its_own() -> Iterator[Postgres]:
    """A durable server with our tables, which the application's connections go to meanwhile."""
    with postgres_server(durable=True) as server:
        usual = {name: connection.settings_dict[name] for name in ("PORT", "NAME", "USER", "PASSWORD")}
        _migrate(server)
        connections.close_all()
        connection.settings_dict.update(PORT=server.port, NAME="policyhub", USER="hub_app", PASSWORD=PASSWORD)
        try:
            yield server
        finally:
            connections.close_all()
            connection.settings_dict.update(usual)


def _migrate(server: Postgres) -> None:
    addresses = {"DATABASE_URL": server.url("hub_app"), "DATABASE_OWNER_URL": server.url("hub_owner")}
    subprocess.run(
        [
            sys.executable,
            settings.BASE_DIR / "manage.py",
            "migrate",
            "--database",
            "owner",
            "--verbosity",
            "0",
        ],
        env={**os.environ, **addresses, "DJANGO_SETTINGS_MODULE": "policyhub.settings"},
        check=True,
    )


def crash(server: Postgres) -> None:
    """kill -9 of a process that serves us: PostgreSQL ends all others and recovers from its log."""
    with closing(psycopg2.connect(server.url("postgres"))) as admin, admin.cursor() as cursor:
        cursor.execute(A_BACKEND)
        os.kill(cursor.fetchone()[0], signal.SIGKILL)


def await_recovery(server: Postgres) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            with closing(psycopg2.connect(server.url("hub_app"))) as trial, trial.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def work_through_crashes(server: Postgres, file: Path, crashes: int) -> ground.Damage:
    """What is missing after so many crashes of a server on which people work."""
    school = make_school()
    with scope.acting(schools=[school.pk]):
        by = ground.make_people(school)
    with ground.kept_alive(ground.log_forever, WRITERS, file, school, by):
        for _ in range(crashes):
            ground.await_progress(file, 8)
            crash(server)
            await_recovery(server)
        ground.await_progress(file, 1)
    return ground.damage(school, file)


def test_a_crashed_server_loses_nothing_it_acknowledged(tmp_path, soak):
    file, crashes = tmp_path / "acknowledged", 21 if soak else 2
    with a_server_of_its_own() as server:
        found = work_through_crashes(server, file, crashes)

    ground.report(
        "server crashes", crashes=crashes, acknowledged=len(ground.acknowledged(file)), lost=found.lost
    )
    assert found.none, found


def test_without_synchronous_commit_a_crash_loses_acknowledged_records(tmp_path, soak):
    """The control. The chain is whole all the same: that is why heads are kept elsewhere."""
    if not soak:
        pytest.skip("takes long; runs with --soak")
    file = tmp_path / "acknowledged"
    with a_server_of_its_own() as server:
        with closing(psycopg2.connect(server.url("postgres"))) as admin:
            admin.autocommit = True
            for setting in ("synchronous_commit = off", "wal_writer_delay = '10s'"):
                admin.cursor().execute(f"ALTER SYSTEM SET {setting}")
            admin.cursor().execute("SELECT pg_reload_conf()")
        found: Any = work_through_crashes(server, file, 5)

    ground.report(
        "crashes without synchronous commit",
        acknowledged=len(ground.acknowledged(file)),
        lost=found.lost,
        chain=found.broken or "whole",
    )
    assert found.lost > 0
    assert found.broken == ""
