"""The ground of the migration operations of core.db.operations: statements for one table, in the words of one database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

OWNER_ROLE, APP_ROLE, JOBS_ROLE, PUBLIC_ROLE = "hub_owner", "hub_app", "hub_jobs", "hub_public"


def is_postgresql(schema_editor: Any) -> bool:
    """Whether the walls exist in this database."""
    return bool(schema_editor.connection.vendor == "postgresql")


class WallOperation(Operation):
    """An operation on one table that leaves Django's own picture of the models alone."""

    reduces_to_sql = False
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Runs the statements of this database."""
        model = to_state.apps.get_model(app_label, self.model_name)
        run(schema_editor, self.forwards(schema_editor, model))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Runs the statements that undo it."""
        model = to_state.apps.get_model(app_label, self.model_name)
        run(schema_editor, self.backwards(schema_editor, model))

    def forwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Statements that build."""
        raise NotImplementedError

    def backwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Statements that undo."""
        raise NotImplementedError

    def describe(self) -> str:
        """What the migration says while it runs."""
        return f"{type(self).__name__} {self.model_name}"


def run(schema_editor: Any, statements: Iterator[str]) -> None:
    """Executes statements as they stand, without parameters."""
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Statements(WallOperation):
    """Hand-written statements, one list a database, with those that undo them."""

    def __init__(
        self, name: str, *, postgresql: Sequence[str], sqlite: Sequence[str], undo: Sequence[str] = ()
    ) -> None:
        super().__init__(name)
        self.postgresql, self.sqlite, self.undo = tuple(postgresql), tuple(sqlite), tuple(undo)

    def deconstruct(self) -> Any:
        """For the migration writer."""
        named = {"postgresql": self.postgresql, "sqlite": self.sqlite, "undo": self.undo}
        return (type(self).__name__, [self.model_name], named)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Runs this database's list."""
        run(schema_editor, iter(self.postgresql if is_postgresql(schema_editor) else self.sqlite))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Runs what undoes it."""
        run(schema_editor, iter(self.undo))
