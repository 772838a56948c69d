"""Makes the test database and empties it after tests that really commit, append-only tables included.

The application can neither truncate nor change sealed rows. So the tables are emptied by the owner with triggers set
aside on PostgreSQL, and with the triggers dropped for a moment on SQLite.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.test import TransactionTestCase
from django.test.utils import setup_databases

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ["auth_permission", "django_content_type", "django_migrations"]
FILLED = """
SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 AND relname <> ALL (%s)
"""


def make_databases(kept: Path) -> None:
    """Creates and migrates, on PostgreSQL as the owner; tests then run as the application's own role.

    On SQLite the migrated database is kept in a folder and copied: to migrate takes seconds in each process. Nothing is
    dropped at the end: server and folder go with the test run.
    """
    connection = connections["default"]
    if connection.vendor == "postgresql":
        setup_databases(verbosity=0, interactive=False)
    else:
        ready = made_once(kept, "database", lambda new: _migrate_into(connection, new))
        name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]  # noqa: SLF001 - what setup_databases would name it
        connection.close()
        shutil.copyfile(ready, name)
        settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    TransactionTestCase._fixture_teardown = lambda case: empty_tables()  # type: ignore[attr-defined]  # noqa: SLF001 - the hook there is


def made_once(kept: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The file or folder that `make` fills, kept until a migration changes. Of several processes the first makes it, the others wait."""
    kept.mkdir(parents=True, exist_ok=True)
    ready, new = kept / f"{name}-{_digest_of_migrations()}", kept / f"{name}.new"
    with (kept / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            _remove(new)
            make(new)
            for old in kept.glob(f"{name}-*"):
                _remove(old)
            new.replace(ready)
    return ready


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _migrate_into(connection: Any, new: Path) -> None:
    setup_databases(verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(new)])


def _digest_of_migrations() -> str:
    """Of all that a new database comes from."""
    patterns = (
        "requirements.txt",
        "core/db/**/*.py",
        "[a-z]*/migrations/*.py",
        "core/tests/walls/migrations/*.py",
    )
    digest = hashlib.sha256()
    for part in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        digest.update(str(part.relative_to(ROOT)).encode() + part.read_bytes())
    return digest.hexdigest()


def empty_tables() -> None:
    """Every row of every table, but those that migrations made."""
    if connections["default"].vendor == "postgresql":
        # A connection without alias: the test case forbids aliases that the test did not name.
        owner = owner_connection()
        try:
            with transaction_of(owner) as cursor:
                _truncate(cursor)
        finally:
            owner.close()
    else:
        _delete(connections["default"])


def owner_connection() -> Any:
    """A new connection to the test database as the role that owns its tables; whoever asks closes it."""
    return connections["owner"].copy(alias="owner of the tables")


@contextmanager
def transaction_of(connection: Any) -> Iterator[Any]:
    """A cursor in one transaction, on a connection that has no alias."""
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        yield cursor
    connection.commit()


def _truncate(cursor: Any) -> None:
    cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '10s'")
    cursor.execute(FILLED, [KEPT])
    if filled := ", ".join(name for (name,) in cursor.fetchall()):
        cursor.execute(f"TRUNCATE {filled} CASCADE")


def _delete(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        with transaction.atomic():
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%%'", []
            )
            tables = [name for (name,) in cursor.fetchall() if name not in KEPT]
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            for name in tables:
                cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names come from the database itself
            for _, sql in triggers:
                cursor.execute(sql)
        cursor.execute("PRAGMA foreign_keys = ON")
