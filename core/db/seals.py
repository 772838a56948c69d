"""Operations that keep rows from being changed, on both databases: append-only tables and sealed columns.

SQLite drops a table's triggers when Django rebuilds the table for a change of columns: repeat the operation after such
a migration. `core.db.catalogue.missing_triggers` finds what was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.db.statements import APP_ROLE, WallOperation, is_postgresql


def _postgresql_trigger(table: str, suffix: str, event: str, condition: str = "") -> str:
    level = "" if event == "TRUNCATE" else "FOR EACH ROW "
    when = f"WHEN ({condition}) " if condition else ""
    return (
        f"CREATE OR REPLACE TRIGGER {table}_{suffix} BEFORE {event} ON {table} "
        f"{level}{when}EXECUTE FUNCTION refuse_change()"
    )


def _sqlite_trigger(table: str, event: str, condition: str = "") -> Iterator[str]:
    name, when = f"{table}_kept_{event.lower()}", f"WHEN {condition} " if condition else ""
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
    )


class Seal(WallOperation):
    """An operation whose work is triggers, and rights taken from the application."""

    suffixes: tuple[str, ...] = ("kept", "kept_whole")
    rights = "DELETE"

    def trigger_names(self, vendor: str, table: str) -> list[str]:
        """The triggers that stand while the operation is applied."""
        suffixes = self.suffixes if vendor == "postgresql" else ("kept_update", "kept_delete")
        return [f"{table}_{suffix}" for suffix in suffixes]

    def backwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Takes the triggers away and gives the rights back."""
        table, vendor = model._meta.db_table, schema_editor.connection.vendor
        on = f" ON {table}" if vendor == "postgresql" else ""
        for name in self.trigger_names(vendor, table):
            yield f"DROP TRIGGER IF EXISTS {name}{on}"
        if vendor == "postgresql":
            yield f"GRANT {self.rights} ON {table} TO {APP_ROLE}"


class AppendOnly(Seal):
    """Rows are added and never changed: no right, and a trigger behind it."""

    rights = "UPDATE, DELETE"

    def forwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Rights and triggers."""
        table = model._meta.db_table
        if is_postgresql(schema_editor):
            yield f"REVOKE {self.rights}, TRUNCATE ON {table} FROM {APP_ROLE}"
            yield _postgresql_trigger(table, "kept", "UPDATE OR DELETE")
            yield _postgresql_trigger(table, "kept_whole", "TRUNCATE")
        else:
            yield from _sqlite_trigger(table, "UPDATE")
            yield from _sqlite_trigger(table, "DELETE")


class SealedColumns(Seal):
    """Sealed text never changes: an UPDATE passes only when it seals the same text with a newer key.

    `columns` are (ciphertext, digest) pairs, digest "" where none is kept; `key_version` rises with a new ciphertext
    and with nothing else; `frozen` columns, and id and school, never change at all. Rows are never deleted.
    """

    suffixes = ("sealed", "kept", "kept_whole")

    def __init__(
        self,
        model_name: str,
        *,
        columns: Sequence[tuple[str, str]],
        key_version: str,
        frozen: Sequence[str] = (),
    ) -> None:
        super().__init__(model_name)
        self.columns, self.key_version, self.frozen = tuple(columns), key_version, tuple(frozen)

    def deconstruct(self) -> Any:
        """For the migration writer."""
        named = {"columns": self.columns, "key_version": self.key_version, "frozen": self.frozen}
        return (type(self).__name__, [self.model_name], named)

    def broken(self, model: Any, differs: str) -> str:
        """The condition under which an UPDATE breaks a seal; `differs` is how the database compares with NULL."""
        known = {field.column for field in model._meta.concrete_fields}
        texts, digests = [text for text, _ in self.columns], [digest for _, digest in self.columns if digest]
        fixed = [*digests, *self.frozen, *sorted({"id", "school_id"} & known)]
        if unknown := {*texts, *fixed, self.key_version} - known:
            raise ValueError(f"{model._meta.label} has no columns {sorted(unknown)}.")
        version = f"NEW.{self.key_version} {{}} OLD.{self.key_version}"
        broken = [f"NEW.{name} {differs} OLD.{name}" for name in dict.fromkeys(fixed)]
        broken += [f"(NEW.{name} IS NULL) <> (OLD.{name} IS NULL)" for name in texts]
        broken += [f"(NEW.{name} {differs} OLD.{name} AND {version.format('<=')})" for name in texts]
        broken += [f"(NEW.{name} = OLD.{name} AND {version.format('<>')})" for name in texts]
        return " OR ".join([*broken, version.format("<")])

    def forwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Rights and triggers."""
        table = model._meta.db_table
        if is_postgresql(schema_editor):
            yield f"REVOKE {self.rights}, TRUNCATE ON {table} FROM {APP_ROLE}"
            yield _postgresql_trigger(table, "sealed", "UPDATE", self.broken(model, "IS DISTINCT FROM"))
            yield _postgresql_trigger(table, "kept", "DELETE")
            yield _postgresql_trigger(table, "kept_whole", "TRUNCATE")
        else:
            yield from _sqlite_trigger(table, "UPDATE", self.broken(model, "IS NOT"))
            yield from _sqlite_trigger(table, "DELETE")
