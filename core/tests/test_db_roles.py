"""The roles of a PostgreSQL installation: made by a command, again and again; each can do its work and no more."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import scope
from core.tests.walls.models import Case, School
from policyhub.testing.servers import PASSWORD, Postgres, execute, postgres_bin, postgres_server

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server of its own: roles belong to the whole cluster, and other tests run on the common one."""
    with postgres_server() as started:
        yield started


@pytest.fixture
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given as an administrator would."""
    for role in ("OWNER", "APP", "BACKUP"):
        monkeypatch.setenv(f"HUB_{role}_PASSWORD", PASSWORD)


@pytest.fixture
def applied(server: Postgres, passwords: None) -> Iterator[str]:
    """A database made by the command, twice; what it said."""
    said = io.StringIO()
    for _ in range(2):
        call_command(
            "database_roles", apply=server.url("postgres", "postgres"), database="made by test", stdout=said
        )
    yield said.getvalue()
    execute(server.url("postgres", "postgres"), 'DROP DATABASE "made by test"')


def answer(url: str, sql: str) -> Any:
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()
    connection.close()
    return found


def test_command_makes_a_database_in_which_the_owner_builds_and_the_application_works(
    applied: str, server: Postgres
) -> None:
    owner, app, backup = (
        server.url(role, "made%20by%20test") for role in ("hub_owner", "hub_app", "hub_backup")
    )
    execute(owner, "CREATE TABLE thing (id bigserial PRIMARY KEY, name text)")
    execute(app, "INSERT INTO thing (name) VALUES ('x')", "UPDATE thing SET name = 'y'")

    assert answer(backup, "SELECT name FROM thing") == ("y",)
    for url, statement in (
        (app, "CREATE TABLE other (id int)"),
        (app, "TRUNCATE thing"),
        (app, "DROP TABLE thing"),
        (backup, "UPDATE thing SET name = 'z'"),
        (owner, "ALTER ROLE hub_owner BYPASSRLS"),
    ):
        with pytest.raises(psycopg2.Error):
            execute(url, statement)


def test_command_says_no_password(applied: str) -> None:
    assert PASSWORD not in applied
    assert applied.count("are ready") == 2


def test_printed_sql_holds_everything_but_passwords() -> None:
    said = io.StringIO()
    call_command("database_roles", stdout=said)

    assert "ALTER ROLE hub_app LOGIN NOSUPERUSER" in said.getvalue()
    assert "GRANT hub_jobs, hub_public TO hub_app" in said.getvalue()
    assert " PASSWORD " not in said.getvalue()


def test_missing_password_stops_the_command_with_a_sentence(server: Postgres) -> None:
    with pytest.raises(CommandError, match="HUB_OWNER_PASSWORD is not set"):
        call_command("database_roles", apply=server.url("postgres", "postgres"))


def test_command_needs_a_superuser(server: Postgres, passwords: None) -> None:
    with pytest.raises(CommandError, match="name a superuser"):
        call_command("database_roles", apply=server.url("hub_owner", "postgres"))


@pytest.mark.django_db
def test_application_runs_with_limits_of_time() -> None:
    found = {}
    with connection.cursor() as cursor:
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]

    assert list(found.values()) == ["15s", "5s", "90s"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("role", "code", "rows"), [("hub_backup", 0, 3), ("hub_app", 1, 0), ("hub_owner", 1, 0)]
)
def test_only_the_backup_role_dumps_and_dumps_all(
    role: str, code: int, rows: int, pytestconfig: pytest.Config
) -> None:
    """The others fail loudly: a dump that is silently empty would be found on the day it is needed."""
    schools = School.objects.bulk_create(School(name=f"School {number}") for number in range(3))
    with scope.acting(schools=[school.pk for school in schools]), transaction.atomic():
        Case.objects.bulk_create(Case(school=school, title="canary") for school in schools)
    settings = connection.settings_dict
    url = Postgres(int(settings["PORT"])).url(role, settings["NAME"])

    program = postgres_bin(pytestconfig.getoption("--pg")) / "pg_dump"
    dump = subprocess.run([program, url], capture_output=True, text=True, check=False)

    assert (dump.returncode, dump.stdout.count("canary")) == (code, rows)
    assert ("row-level security" in dump.stderr) == (role != "hub_backup")
