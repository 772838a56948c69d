"""Operations that keep a school's rows to the school: row-level security, and foreign keys that carry the school."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.db.statements import JOBS_ROLE, PUBLIC_ROLE, WallOperation, is_postgresql, run

# The sub-select makes the planner ask once a statement and keeps the indexes that begin with school_id.
SEES = "school_id = ANY ((SELECT app_schools())::uuid[])"
NO_SCHOOL = "school_id IS NULL"
MISSING = "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') THEN {statement}; END IF; END $$"

# An unset setting is '' after a transaction has set it once, and NULL before. In plpgsql, because the planner would read the
# text of an SQL function anew for every table of every statement: a tenth of what the page of a concern cost the database.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION app_schools() RETURNS uuid[] LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN string_to_array(nullif(current_setting('app.schools', true), ''), ',')::uuid[]; END $$;
CREATE OR REPLACE FUNCTION app_user() RETURNS uuid LANGUAGE plpgsql STABLE AS
  $$ BEGIN RETURN nullif(current_setting('app.user', true), '')::uuid; END $$;
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
"""


class Functions(WallOperation):
    """The functions that the walls and seals of all apps use (PostgreSQL)."""

    def __init__(self) -> None:
        super().__init__("")

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Makes them, or makes them anew."""
        if is_postgresql(schema_editor):
            run(schema_editor, iter([FUNCTIONS]))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drops them."""
        if is_postgresql(schema_editor):
            run(schema_editor, iter(["DROP FUNCTION app_schools(), app_user(), refuse_change()"]))


def is_school_owned(model: Any) -> bool:
    """Whether a model's rows belong to one school: it has the foreign key `school`."""
    return any(field.name == "school" and field.is_relation for field in model._meta.concrete_fields)


def composite_keys(model: Any) -> list[tuple[str, str, str]]:
    """(constraint, column, referenced table) of every foreign key from one school-owned model to another."""
    keys = [field for field in model._meta.concrete_fields if field.is_relation and field.name != "school"]
    table = model._meta.db_table
    return [
        (f"{table}_{field.column}_wall"[-63:], field.column, field.related_model._meta.db_table)
        for field in keys
        if is_school_owned(model) and is_school_owned(field.related_model)
    ]


def _unique(table: str) -> str:
    """The key that composite foreign keys refer to; made once, whichever table comes first."""
    name = f"{table}_school_id_id"[-63:]
    return MISSING.format(
        name=name, statement=f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (school_id, id)"
    )


def _keys(model: Any) -> Iterator[str]:
    table = model._meta.db_table
    yield _unique(table)
    for name, column, other in composite_keys(model):
        yield _unique(other)
        statement = f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (school_id, {column}) "
        statement += f"REFERENCES {other} (school_id, id) DEFERRABLE INITIALLY DEFERRED"
        yield MISSING.format(name=name, statement=statement)


class ProtectTable(WallOperation):
    """Row-level security by `school_id`, and foreign keys that cannot lead into another school (PostgreSQL).

    `also_own` names a column by which a person sees their own rows in every school. `also_shared` lets rows without a
    school be seen. `jobs_columns` and `jobs_update` are what work across schools (role hub_jobs) may see and change.
    """

    def __init__(
        self,
        model_name: str,
        *,
        also_own: str = "",
        also_shared: bool = False,
        jobs_columns: Sequence[str] = (),
        jobs_update: Sequence[str] = (),
    ) -> None:
        super().__init__(model_name)
        self.also_own, self.also_shared = also_own, also_shared
        self.jobs_columns, self.jobs_update = tuple(jobs_columns), tuple(jobs_update)

    def deconstruct(self) -> Any:
        """For the migration writer."""
        named = {
            "also_own": self.also_own,
            "also_shared": self.also_shared,
            "jobs_columns": self.jobs_columns,
            "jobs_update": self.jobs_update,
        }
        return (type(self).__name__, [self.model_name], {key: value for key, value in named.items() if value})

    def forwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Wall first, then keys."""
        if not is_postgresql(schema_editor):
            return
        table = model._meta.db_table
        ours = f"{SEES} OR {NO_SCHOOL}" if self.also_shared else SEES
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        if self.also_own:
            # Their own rows of other schools are for reading: changing one is that school's business.
            yield f"CREATE POLICY own_rows ON {table} FOR SELECT USING ({self.also_own} = (SELECT app_user()))"
        yield f"CREATE POLICY school_wall ON {table} USING ({ours}) WITH CHECK ({ours})"
        if self.jobs_columns:
            yield from let_jobs_see(table, self.jobs_columns, self.jobs_update)
            yield f"CREATE POLICY jobs ON {table} TO {JOBS_ROLE} USING (true) WITH CHECK (true)"
        if is_school_owned(model):
            yield from _keys(model)

    def backwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Takes wall and keys away; the unique key stays, others may lean on it."""
        if not is_postgresql(schema_editor):
            return
        table = model._meta.db_table
        for name, _, _ in composite_keys(model):
            yield f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"
        if self.jobs_columns:
            yield f"DROP POLICY jobs ON {table}"
            yield from let_jobs_see(table, self.jobs_columns, self.jobs_update, undo=True)
        if self.also_own:
            yield f"DROP POLICY own_rows ON {table}"
        yield f"DROP POLICY school_wall ON {table}"
        yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class ProtectRows(WallOperation):
    """Row-level security of a table that belongs to no one school: who sees a row, and who writes one (PostgreSQL)."""

    def __init__(self, model_name: str, *, seen: str, written: str) -> None:
        super().__init__(model_name)
        self.seen, self.written = seen, written

    def deconstruct(self) -> Any:
        """For the migration writer."""
        return (type(self).__name__, [self.model_name], {"seen": self.seen, "written": self.written})

    def forwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Whoever writes a row sees it."""
        if is_postgresql(schema_editor):
            table = model._meta.db_table
            yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
            yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
            yield f"CREATE POLICY seen ON {table} FOR SELECT USING ({self.seen})"
            yield f"CREATE POLICY written ON {table} USING ({self.written}) WITH CHECK ({self.written})"

    def backwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Takes the wall down."""
        if is_postgresql(schema_editor):
            table = model._meta.db_table
            yield f"DROP POLICY written ON {table}"
            yield f"DROP POLICY seen ON {table}"
            yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
            yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class KeepKeysInSchool(WallOperation):
    """The composite keys of foreign keys that came to a model after its table was protected (PostgreSQL)."""

    def forwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Adds those that are missing."""
        if is_postgresql(schema_editor):
            yield from _keys(model)

    def backwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Leaves them: they go with their column."""
        return iter(())


def let_jobs_see(
    table: str, columns: Sequence[str], update: Sequence[str] = (), *, undo: bool = False
) -> Iterator[str]:
    """Column grants for work across schools, or their end."""
    verb, to = ("REVOKE", "FROM") if undo else ("GRANT", "TO")
    yield f"{verb} SELECT ({', '.join(columns)}) ON {table} {to} {JOBS_ROLE}"
    if update:
        yield f"{verb} UPDATE ({', '.join(update)}) ON {table} {to} {JOBS_ROLE}"


class LetJobsSee(WallOperation):
    """Columns of a table that work across schools may read, e.g. the ids of schools (PostgreSQL).

    `rows` is a condition on one row of a table with a wall; a table without wall, or one that is open to this work
    already, has none. Into the columns named by `insert` it may write new rows.
    """

    def __init__(
        self, model_name: str, columns: Sequence[str], *, rows: str = "", insert: Sequence[str] = ()
    ) -> None:
        super().__init__(model_name)
        self.columns, self.rows, self.insert = tuple(columns), rows, tuple(insert)

    def deconstruct(self) -> Any:
        """For the migration writer."""
        named = {"rows": self.rows, "insert": self.insert}
        kept = {name: value for name, value in named.items() if value}
        return (type(self).__name__, [self.model_name, self.columns], kept)

    def forwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Grants the columns and opens the rows."""
        if not is_postgresql(schema_editor):
            return
        table = model._meta.db_table
        yield from let_jobs_see(table, self.columns)
        if self.insert:
            yield f"GRANT INSERT ({', '.join(self.insert)}) ON {table} TO {JOBS_ROLE}"
        if self.rows:
            check = " WITH CHECK (true)" if self.insert else ""
            verb = "ALL" if self.insert else "SELECT"
            yield f"CREATE POLICY jobs ON {table} FOR {verb} TO {JOBS_ROLE} USING ({self.rows}){check}"

    def backwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Takes them back."""
        if not is_postgresql(schema_editor):
            return
        table = model._meta.db_table
        if self.rows:
            yield f"DROP POLICY jobs ON {table}"
        if self.insert:
            yield f"REVOKE INSERT ({', '.join(self.insert)}) ON {table} FROM {JOBS_ROLE}"
        yield from let_jobs_see(table, self.columns, undo=True)


class LetPublicSeeMore(WallOperation):
    """Further columns that people without a sign-in may read, and other rows than `was` (PostgreSQL)."""

    def __init__(self, model_name: str, columns: Sequence[str], *, rows: str, was: str) -> None:
        super().__init__(model_name)
        self.columns, self.rows, self.was = tuple(columns), rows, was

    def deconstruct(self) -> Any:
        """For the migration writer."""
        return (type(self).__name__, [self.model_name, self.columns], {"rows": self.rows, "was": self.was})

    def forwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Grants the columns and changes the rows."""
        if is_postgresql(schema_editor):
            table = model._meta.db_table
            yield f"GRANT SELECT ({', '.join(self.columns)}) ON {table} TO {PUBLIC_ROLE}"
            yield f"ALTER POLICY published ON {table} USING ({self.rows})"

    def backwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Takes both back."""
        if is_postgresql(schema_editor):
            table = model._meta.db_table
            yield f"ALTER POLICY published ON {table} USING ({self.was})"
            yield f"REVOKE SELECT ({', '.join(self.columns)}) ON {table} FROM {PUBLIC_ROLE}"


class LetPublicSee(WallOperation):
    """Columns that people without a sign-in may read, in rows of any school that fit `rows` (PostgreSQL).

    `rows` is a condition on one row of the table; a table without wall has none.
    """

    def __init__(self, model_name: str, columns: Sequence[str], *, rows: str = "") -> None:
        super().__init__(model_name)
        self.columns, self.rows = tuple(columns), rows

    def deconstruct(self) -> Any:
        """For the migration writer."""
        return (
            type(self).__name__,
            [self.model_name, self.columns],
            {"rows": self.rows} if self.rows else {},
        )

    def forwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Grants the columns and opens the rows."""
        if not is_postgresql(schema_editor):
            return
        table = model._meta.db_table
        yield f"GRANT SELECT ({', '.join(self.columns)}) ON {table} TO {PUBLIC_ROLE}"
        if self.rows:
            yield f"CREATE POLICY published ON {table} FOR SELECT TO {PUBLIC_ROLE} USING ({self.rows})"

    def backwards(self, schema_editor: Any, model: Any) -> Iterator[str]:
        """Closes them again."""
        if not is_postgresql(schema_editor):
            return
        table = model._meta.db_table
        if self.rows:
            yield f"DROP POLICY published ON {table}"
        yield f"REVOKE SELECT ({', '.join(self.columns)}) ON {table} FROM {PUBLIC_ROLE}"
