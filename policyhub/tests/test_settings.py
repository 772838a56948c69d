"""A wrong environment stops the start, and the sentence says what to do."""

from __future__ import annotations

import logging
import sys

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from core import checks, logs
from core.checks import TAG
from core.db import catalogue
from policyhub import env
from policyhub.env import env_bool, env_database, env_email, env_int, env_list, env_secret, env_url
from policyhub.management.commands import up


@pytest.fixture(autouse=True)
def kept_declarations(monkeypatch):
    """What these tests declare is not documentation."""
    monkeypatch.setattr(env, "DECLARED", {})


# --- One variable -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "meaning"), [("yes", True), ("1", True), ("True", True), ("off", False), ("", False)]
)
def test_yes_and_no_are_understood(monkeypatch, word, meaning):
    monkeypatch.setenv("PLAIN", word)

    assert env_bool("PLAIN", not meaning, about="") is meaning


@pytest.mark.parametrize(
    ("read", "value", "advice"),
    [
        (lambda: env_bool("WRONG", about=""), "maybe", "Set it to yes or no"),
        (lambda: env_int("WRONG", 1, about=""), "ten", "Set it to a whole number"),
        (
            lambda: env_database("WRONG", "", about=""),
            "mysql://x",
            "must start with postgres:// or sqlite:///",
        ),
        (lambda: env_email("WRONG", "", about=""), "carrier-pigeon://x", "must start with smtp://"),
        (
            lambda: env_url("WRONG", about=""),
            "hub.example.org",
            "Set it to an address with https:// or http://",
        ),
        (lambda: env_url("WRONG", about=""), "https://", "Set it to an address with https:// or http://"),
    ],
)
def test_a_wrong_word_names_the_variable_and_what_to_set(monkeypatch, read, value, advice):
    monkeypatch.setenv("WRONG", value)

    with pytest.raises(ImproperlyConfigured, match=f"WRONG.*{advice}"):
        read()


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "secret"))

    assert env_secret("TOKEN", about="") == "from the file"


def test_a_secret_in_two_places_or_in_a_missing_file_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "missing"))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env_secret("TOKEN", about="")

    monkeypatch.setenv("TOKEN", "here")
    with pytest.raises(ImproperlyConfigured, match="Keep one of them"):
        env_secret("TOKEN", about="")


def test_a_list_leaves_out_blanks(monkeypatch):
    monkeypatch.setenv("NAMES", "a.example, b.example,,")

    assert env_list("NAMES", about="") == ["a.example", "b.example"]


# --- Faults of an installation ----------------------------------------------------------------------------------------


def test_a_missing_library_behind_the_pdfs_says_what_to_install(monkeypatch):
    monkeypatch.setattr(checks, "PDF_LIBRARIES", ("libpango-1.0.so.0", "libabsent.so.7"))

    (fault,) = checks.check_pdf_libraries()

    assert fault.msg.startswith("PDFs cannot be made: libabsent.so.7 not found. Run: apt-get install")
    assert fault in run_checks(tags=[TAG], include_deployment_checks=True)


# --- Faults of the database -------------------------------------------------------------------------------------------


def find_runtime_faults(statement: str) -> list[str]:
    """What is wrong with the running connection after a statement, beyond what was wrong before."""
    connection = connections["default"]
    before = catalogue.runtime_faults(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return [sentence for sentence in catalogue.runtime_faults(connection) if sentence not in before]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("pragma", "undo", "word"),
    [
        ("PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL", "synchronous"),
        ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON", "foreign keys"),
        ("PRAGMA recursive_triggers = OFF", "PRAGMA recursive_triggers = ON", "recursive_triggers"),
    ],
)
def test_a_weakened_sqlite_refuses_the_start(pragma, undo, word):
    found = find_runtime_faults(pragma)
    connections["default"].cursor().execute(undo)

    assert [word in sentence for sentence in found] == [True]


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_postgresql_that_forgets_refuses_the_start():
    named = " ".join(catalogue.runtime_faults(connections["default"]))

    assert [name in named for name in ("fsync", "full_page_writes")] == [True, True]
    assert [name in named for name in ("superuser", "owner")] == [False, False]


@pytest.mark.postgres
@pytest.mark.django_db(databases=["default", "owner"])
def test_running_as_the_owner_or_without_the_second_wall_refuses_the_start():
    owner = connections["owner"]
    assert catalogue.unprotected_tables(owner) == []

    with owner.cursor() as cursor:
        cursor.execute("ALTER TABLE schools_membership DISABLE ROW LEVEL SECURITY")

    assert catalogue.unprotected_tables(owner) == ["schools_membership"]
    assert any("owner" in sentence for sentence in catalogue.runtime_faults(owner))


# --- Log lines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("demo", "shown"), [(True, "plain"), (False, None)])
def test_a_person_gets_plain_log_lines_and_a_collector_json(settings, demo, shown):
    settings.DEMO = demo

    assert up.environment().get("LOG_FORMAT") == shown


def test_a_plain_line_says_what_went_wrong_and_quotes_nobody():
    try:
        int("Robin Ashdown")
    except ValueError:
        record = logging.LogRecord("core.mail", logging.ERROR, "", 1, "Not sent.", (), sys.exc_info())

    line = logs.PlainFormatter().format(record)

    assert line.partition(" ")[2].splitlines()[:2] == ["Error: Not sent.", "    ValueError"]
    assert "Robin" not in line
