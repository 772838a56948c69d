"""What the database itself says about walls, keys, triggers and durability; start checks and guards compare with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from core.db.seals import Seal
from core.db.statements import JOBS_ROLE, PUBLIC_ROLE
from core.db.walls import composite_keys

# A table with a school needs the wall; one that leads to such a table must have a school itself.
UNPROTECTED = """
WITH ours AS (
  SELECT c.oid, c.relname, c.relrowsecurity AND c.relforcerowsecurity
    AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'school_wall') AS walled,
    EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'school_id' AND NOT a.attisdropped) AS owned
  FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
)
SELECT relname FROM ours WHERE NOT walled AND (owned OR EXISTS (
  SELECT 1 FROM pg_constraint k JOIN ours target ON target.oid = k.confrelid
  WHERE k.contype = 'f' AND k.conrelid = ours.oid AND target.owned))
ORDER BY relname
"""
ROLE = """
SELECT rolsuper, rolbypassrls, pg_has_role(rolname, 'pg_read_all_data', 'USAGE'),
  EXISTS (SELECT 1 FROM pg_roles j WHERE j.rolname = ANY (%s) AND pg_has_role(r.rolname, j.oid, 'USAGE')),
  EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
          AND pg_has_role(r.rolname, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE rolname = session_user
"""
ROLE_FAULTS = (
    "DATABASE_URL names a superuser, for whom no wall holds. Use role hub_app.",
    "DATABASE_URL names a role that bypasses row-level security. Use role hub_app.",
    "DATABASE_URL names a role that may read every table. Use role hub_app.",
    "DATABASE_URL names a role that inherits hub_jobs or hub_public. Run `manage.py database_roles` and apply its SQL.",
    "DATABASE_URL names the owner of the tables. Use role hub_app.",
)
DURABILITY = ("fsync", "full_page_writes", "synchronous_commit")


def _rows(connection: Any, sql: str, parameters: tuple[Any, ...] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _names(connection: Any, sql: str) -> list[str]:
    return [name for (name,) in _rows(connection, sql)]


def unprotected_tables(connection: Any) -> list[str]:
    """Tables whose rows every school would see, though they belong to one (PostgreSQL)."""
    return _names(connection, UNPROTECTED)


def missing_composite_keys(connection: Any) -> list[str]:
    """Foreign keys between school-owned tables that could lead into another school (PostgreSQL)."""
    there = set(_names(connection, "SELECT conname FROM pg_constraint WHERE contype = 'f' AND convalidated"))
    return [name for model in apps.get_models() for name, _, _ in composite_keys(model) if name not in there]


def triggers(connection: Any) -> set[str]:
    """Names of the triggers that keep rows from being changed."""
    if connection.vendor == "postgresql":
        enabled = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        return set(_names(connection, enabled))
    return set(_names(connection, "SELECT name FROM sqlite_master WHERE type = 'trigger'"))


def missing_triggers(connection: Any) -> list[str]:
    """Triggers that a migration made and that are gone or switched off; SQLite drops them when a table is rebuilt."""
    there, missing = triggers(connection), []
    for (app, _), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        for seal in (operation for operation in migration.operations if isinstance(operation, Seal)):
            table = apps.get_model(app, seal.model_name)._meta.db_table
            missing += [name for name in seal.trigger_names(connection.vendor, table) if name not in there]
    return missing


def runtime_faults(connection: Any) -> list[str]:
    """Sentences about a role or a setting with which the application must not run."""
    faults = _postgresql_faults if connection.vendor == "postgresql" else _sqlite_faults
    return list(faults(connection))


def _postgresql_faults(connection: Any) -> Iterator[str]:
    for wrong, sentence in zip(
        _rows(connection, ROLE, ([JOBS_ROLE, PUBLIC_ROLE],))[0], ROLE_FAULTS, strict=True
    ):
        if wrong:
            yield sentence
    for name in DURABILITY:
        if _rows(connection, f"SHOW {name}")[0][0] == "off":
            yield f"PostgreSQL runs with {name} = off and would lose acknowledged records. Turn it on."


def _sqlite_faults(connection: Any) -> Iterator[str]:
    from core.db.sqlite.base import WAL_FAULT_FIXED  # noqa: PLC0415 - this module is imported on PostgreSQL too

    if (
        connection.Database.sqlite_version_info < WAL_FAULT_FIXED
        and _pragma(connection, "journal_mode") == "wal"
    ):
        yield "This SQLite library can corrupt a database in WAL mode. Install pysqlite3, or leave the journal mode to PolicyHub."
    if _pragma(connection, "synchronous") < 2:
        yield "SQLite runs with synchronous below FULL. Leave it to PolicyHub."
    if _pragma(connection, "foreign_keys") != 1:
        yield "SQLite runs without foreign keys. Leave them on."
    if _pragma(connection, "recursive_triggers") != 1:
        yield "SQLite would let REPLACE pass the triggers. Leave recursive_triggers on."


def _pragma(connection: Any, name: str) -> Any:
    return _rows(connection, f"PRAGMA {name}")[0][0]


def sentence_of_walls(connection: Any) -> str:
    """What stands between schools in this database, for the start to say."""
    if connection.vendor == "postgresql":
        return "PostgreSQL: row-level security stands behind the application's own filters."
    version, mode = connection.Database.sqlite_version, str(_pragma(connection, "journal_mode")).upper()
    return (
        f"SQLite {version}, journal mode {mode}: the application's own filters alone stand between schools. "
        "Use PostgreSQL for more than one school."
    )
