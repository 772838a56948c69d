"""A wrong environment stops the start, and the sentence says what to do."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from core.checks import TAG, refuse_faulty_start
from core.crypto import read_key_file
from core.db import catalogue
from policyhub import env
from policyhub.env import env_bool, env_database, env_email, env_int, env_list, env_secret
from policyhub.tests.sources import ROOT

HTTPS = {"PUBLIC_URL": "https://hub.example.org", "SECRET_KEY": "s" * 60}


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


# --- Variables that do not go together --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PUBLIC_URL": "https://hub.example.org"}, "SECRET_KEY is not set. Set SECRET_KEY"),
        ({**HTTPS, "DEMO": "yes"}, "DEMO is set beside production settings"),
        (
            {"DATABASE_URL": "postgres://hub_app@localhost/hub", "DEMO": "yes"},
            "DEMO is set beside production settings",
        ),
        ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'. Set it to yes or no."),
    ],
)
def test_the_settings_refuse_what_does_not_go_together(tmp_path, variables, sentence):
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    line = [sys.executable, "manage.py", "check"]

    done = subprocess.run(
        line,
        cwd=ROOT,
        env={**clean, "DATA_DIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode != 0, sentence in done.stderr) == (True, True), done.stderr


# --- Faults of an installation ----------------------------------------------------------------------------------------


@pytest.fixture
def production(settings, db):
    """Settings that are right for a server; on the tests' own PostgreSQL only its speed settings are wrong."""
    settings.SECURE, settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS = True, True, 31_536_000
    settings.SECRET_KEY, settings.ALLOWED_HOSTS, settings.PROXY_COUNT = "s" * 60, ["hub.example.org"], 1
    settings.CELERY_TASK_ALWAYS_EAGER = False
    return settings


def faults() -> set[str]:
    found = run_checks(tags=[TAG], include_deployment_checks=True)
    return {fault.id for fault in found if fault.is_serious()} - {"core.E030"}


def test_a_sound_installation_has_no_fault(production):
    assert faults() == set()


@pytest.mark.parametrize(
    ("fault", "setting", "value"),
    [
        ("core.E001", "DEBUG", True),
        ("core.E002", "SECRET_KEY", "short"),
        ("core.E003", "ALLOWED_HOSTS", ["*"]),
        ("core.E004", "ALLOWED_HOSTS", []),
        ("core.E006", "DEMO", True),
        ("core.E007", "SESSION_COOKIE_SECURE", False),
        ("core.E008", "SECURE_HSTS_SECONDS", 0),
        ("core.E009", "EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"),
        ("core.E011", "CELERY_TASK_ALWAYS_EAGER", True),
        ("core.E012", "PROXY_COUNT", 0),
    ],
)
def test_a_faulty_setting_refuses_the_start(production, fault, setting, value):
    setattr(production, setting, value)

    assert faults() == {fault}
    with pytest.raises(ImproperlyConfigured, match=fault):
        refuse_faulty_start()


def test_postgresql_without_https_or_redis_refuses_the_start(production):
    production.SECURE, production.POSTGRES, production.REDIS_URL = False, True, ""

    assert faults() == {"core.E005", "core.E010"}


@pytest.mark.parametrize(
    ("text", "mode", "fault"),
    [
        (None, 0o400, "core.E020"),
        ("1:not a key", 0o400, "core.E020"),
        ("1:" + "A" * 43 + "=", 0o440, "core.E021"),
    ],
)
def test_a_missing_damaged_or_open_key_file_refuses_the_start(production, tmp_path, text, mode, fault):
    production.KEY_FILE = tmp_path / "keys"
    if text is not None:
        production.KEY_FILE.write_text(text)
        production.KEY_FILE.chmod(mode)
    read_key_file.cache_clear()

    assert faults() == {fault}


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
