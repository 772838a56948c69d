"""The web server refuses to start on each of these faults, with the sentence that says what to do (nothing is imitated)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from policyhub.testing.cleaning import owner_connection
from policyhub.testing.servers import Postgres
from policyhub.tests.sources import ROOT

pytestmark = pytest.mark.slow

SOUND = {
    "PUBLIC_URL": "https://hub.example.org",
    "ALLOWED_HOSTS": "hub.example.org",
    "SECRET_KEY": "s" * 60,
    "PROXY_COUNT": "1",
    "EMAIL_URL": "smtp://mail.example.org:25",
}
Variables = dict[str, str | None]


def python(
    folder: Path, variables: Variables, *words: str, lines: str = ""
) -> subprocess.CompletedProcess[str]:
    """A process of the installation in this folder, with these variables (None: unset) and further lines of settings."""
    collected = f"from pathlib import Path\nSTATIC_ROOT = Path({str(folder)!r}) / 'static'"
    (folder / "its_settings.py").write_text(f"from policyhub.settings import *\n{collected}\n{lines}\n")
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    own = {"DATA_DIR": str(folder), "PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "its_settings"}
    environment = {
        name: value for name, value in {**clean, **own, **SOUND, **variables}.items() if value is not None
    }
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def start(folder: Path, variables: Variables, lines: str = "") -> str:
    """What the web server's process says as it refuses; empty when it starts."""
    done = python(folder, variables, "-c", "import policyhub.wsgi", lines=lines)
    assert (done.returncode == 0) == ("ImproperlyConfigured" not in done.stderr), done.stderr
    return done.stderr.partition("ImproperlyConfigured: ")[2]


@pytest.fixture(scope="module")
def sound(made_ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded installation behind https in which nothing is wrong, and something is sealed."""
    folder = Path(shutil.copytree(made_ready, tmp_path_factory.mktemp("sound") / "folder"))
    (folder / "keys" / "secret-key").unlink()  # production is told its own
    (folder / "static").mkdir()
    (folder / "static" / "staticfiles.json").write_text("{}")
    seal = "from core import crypto; crypto.seal(crypto.SYSTEM, ('a',), b'b')"
    done = python(folder, {}, "manage.py", "shell", "--no-imports", "-c", seal)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def installation(sound: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(sound, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.sqlite
def test_a_sound_installation_starts(installation):
    assert start(installation, {}) == ""


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'. Set it to yes or no."),
        ({"PROXY_COUNT": "two"}, "PROXY_COUNT is 'two'. Set it to a whole number."),
        ({"PUBLIC_URL": "hub.example.org"}, "PUBLIC_URL is 'hub.example.org'. Set it to an address"),
        ({"TSA_URL": "stamps"}, "TSA_URL is 'stamps'. Set it to an address"),
        ({"DATABASE_URL": "mysql://hub"}, "DATABASE_URL must start with postgres://"),
        ({"EMAIL_URL": "pigeon://hub"}, "EMAIL_URL must start with smtp://"),
        ({"SECRET_KEY_FILE": "/absent"}, "Both SECRET_KEY and SECRET_KEY_FILE are set. Keep one of them."),
        (
            {"SECRET_KEY": None, "SECRET_KEY_FILE": "/absent"},
            "SECRET_KEY_FILE names /absent, which cannot be read",
        ),
        ({"SECRET_KEY": None}, "SECRET_KEY is not set. Set SECRET_KEY"),
        ({"DEMO": "yes"}, "DEMO is set beside production settings"),
        ({"DEBUG": "yes"}, "core.E001: DEBUG is on. Unset DEBUG"),
        ({"SECRET_KEY": "short"}, "core.E002: SECRET_KEY is too short. Set at least 50"),
        ({"ALLOWED_HOSTS": "*"}, "core.E003: ALLOWED_HOSTS holds *. Name the exact host names."),
        ({"ALLOWED_HOSTS": ","}, "core.E004: ALLOWED_HOSTS is empty. Name the host names"),
        ({"EMAIL_URL": None}, "core.E009: EMAIL_URL is not set"),
        ({"PROXY_COUNT": None}, "core.E012: PROXY_COUNT is 0 with an https address. Set how many"),
        ({"KEY_FILE": "/absent"}, "core.E020: "),
    ],
)
def test_a_faulty_environment_refuses_the_start(installation, variables, sentence):
    assert sentence in start(installation, variables)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("SESSION_COOKIE_SECURE = False", "core.E007: Session cookies would travel without TLS."),
        ("SECURE_HSTS_SECONDS = 0", "core.E008: HSTS is off."),
        ("CELERY_TASK_ALWAYS_EAGER = True", "core.E011: Celery runs inside the request. Start a worker"),
        (
            "STATIC_ROOT = Path('/absent')",
            "core.E013: Styles and scripts have not been collected. Run: manage.py",
        ),
    ],
)
def test_a_faulty_setting_refuses_the_start(installation, line, sentence):
    said = start(installation, {}, line)

    assert (sentence in said, said.count("core.E")) == (True, 1)


def damage_keys(folder: Path) -> None:
    replace_keys(folder, "1:not a key")


def other_keys(folder: Path) -> None:
    replace_keys(folder, "1:" + "A" * 43 + "=")


def replace_keys(folder: Path, text: str) -> None:
    file = folder / "keys" / "key-encryption-keys"
    file.chmod(0o600)
    file.write_text(text)


def open_keys(folder: Path) -> None:
    (folder / "keys" / "key-encryption-keys").chmod(0o440)


def drop_trigger(folder: Path) -> None:
    with sqlite3.connect(folder / "policyhub.sqlite3") as database:
        (name,) = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone()
        database.execute(f"DROP TRIGGER {name}")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (damage_keys, "core.E020: "),
        (open_keys, "can be read by others. Run: chmod 400"),
        (other_keys, "core.E022: "),
        (drop_trigger, "core.E031: The trigger "),
    ],
)
def test_a_spoiled_file_refuses_the_start(installation, spoil, sentence):
    spoil(installation)

    assert sentence in start(installation, {})


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@pytest.fixture
def on_postgres(tmp_path: Path, django_db_setup: None) -> Any:
    """Starts on the tests' own database as a role; what it says without what is wrong with a server made for tests."""
    database = connections["default"].settings_dict
    name, server = database["NAME"], Postgres(int(database["PORT"]))
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}")

    def said(role: str = "hub_app", **variables: str | None) -> str:
        sound = {
            "DATABASE_URL": server.url(role, name),
            "REDIS_URL": os.environ["REDIS_URL"],
            "KEY_FILE": str(settings.KEY_FILE),
        }
        return start(tmp_path, {**sound, **variables})

    return said


@pytest.fixture
def owner() -> Iterator[Any]:
    made = owner_connection()
    yield made
    made.close()


@pytest.mark.postgres
def test_a_postgresql_that_forgets_refuses_the_start_and_nothing_else_is_wrong(on_postgres):
    faults = [line.strip() for line in on_postgres().splitlines() if "core.E" in line]

    assert [line.partition(" = ")[0].rpartition(" ")[2] for line in faults] == ["fsync", "full_page_writes"]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("hub_owner", "names the owner of the tables. Use role hub_app."),
        ("postgres", "names a superuser, for whom no wall holds. Use role hub_app."),
        ("hub_backup", "names a role that bypasses row-level security. Use role hub_app."),
    ],
)
def test_another_role_refuses_the_start(on_postgres, role, sentence):
    assert sentence in on_postgres(role)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"REDIS_URL": None}, "core.E010: REDIS_URL is not set."),
        ({"PUBLIC_URL": None}, "core.E005: PUBLIC_URL is not https://."),
        ({"DEMO": "yes", "PUBLIC_URL": None}, "DEMO is set beside production settings"),
    ],
)
def test_a_faulty_environment_beside_postgresql_refuses_the_start(on_postgres, variables, sentence):
    assert sentence in on_postgres(**variables)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("break_it", "mend_it", "sentence"),
    [
        (
            "DISABLE ROW LEVEL SECURITY",
            "ENABLE ROW LEVEL SECURITY",
            "Table schools_term has no row-level security",
        ),
        (
            "NO FORCE ROW LEVEL SECURITY",
            "FORCE ROW LEVEL SECURITY",
            "Table schools_term has no row-level security",
        ),
    ],
)
def test_a_wall_that_is_down_refuses_the_start(on_postgres, owner, break_it, mend_it, sentence):
    with owner.cursor() as cursor:
        cursor.execute(f"ALTER TABLE schools_term {break_it}")
        try:
            assert sentence in on_postgres()
        finally:
            cursor.execute(f"ALTER TABLE schools_term {mend_it}")


# --- Links ------------------------------------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_links_follow_the_port_where_nothing_else_is_said(tmp_path):
    line = "import django; django.setup(); from django.conf import settings; print(settings.PUBLIC_URL)"

    done = python(tmp_path, {"PUBLIC_URL": None, "PORT": "8123"}, "-c", line)

    assert done.stdout == "http://127.0.0.1:8123\n"
