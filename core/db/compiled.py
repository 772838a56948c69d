"""Queries that are put into SQL once a process, and then only filled with values.

Django puts a query together anew each time it runs. On pages of many small queries that was half of the work of the
web server (docs/bench.md). What a query means stays in Django's own words; rows come back as its queryset gives them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable
from copy import copy
from datetime import date, datetime
from functools import cache
from inspect import signature
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import BooleanField, Expression, Func, QuerySet

Row = TypeVar("Row")
FIELDS: dict[type, models.Field[Any, Any]] = {
    UUID: models.UUIDField(),
    datetime: models.DateTimeField(),
    date: models.DateField(),
}
"""How values are said that the two databases keep differently."""


PASSING = re.compile(r"\d{4}-\d\d-\d\d|[0-9a-f]{8}-|[0-9a-f]{32}$")
"""Days, moments and ids, as either database is told them."""


class Given(Expression):
    """Stands in a query for a value that is named when the query runs: an object (by its key), a plain value, or a list."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A place for the value."""
        return "%s", [self]


class Among(Func):
    """Whether a column holds one of a given list, as a condition: `filter(Among("concern", ids))`."""

    output_field = BooleanField()
    template, arg_joiner = "%(expressions)s)", " = ANY ("

    def __init__(self, column: str, values: Given) -> None:
        super().__init__(column, values)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostgreSQL takes an array; SQLite a text in JSON."""
        joiner = " IN (SELECT value FROM json_each("
        return self.as_sql(compiler, connection, template="%(expressions)s))", arg_joiner=joiner)


class _Statement:
    """One query with its SQL."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self.queryset: Any = queryset
        self.compiler: Any = queryset.query.get_compiler(connection=connection)
        self.sql, self.places = self.compiler.as_sql()
        fixed = [one for one in self.places if not isinstance(one, Given) and PASSING.match(str(one))]
        if fixed:
            raise TypeError(f"{fixed} would stay as they are now for as long as the process runs: give them.")
        columns = [one for one, *_ in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)

    def filled(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """The parameters of the SQL."""
        return tuple(_as_kept(values[one.name]) if isinstance(one, Given) else one for one in self.places)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """What the query finds for these values."""
        database: Any = connections[DEFAULT_DB_ALIAS]  # itself: its stand-in looks it up at every touch
        asked, found, compiler = (self.sql, self.filled(values)), self.queryset.all(), copy(self.compiler)
        if database.vendor == "postgresql":  # the converters of SQLite belong to one connection
            asked = database.alone(*asked)
            compiler.get_converters = lambda columns: self.converters
        compiler.connection, compiler.as_sql = database, lambda: asked
        found.query.get_compiler = lambda *args, **named: compiler
        return list(found)


class Compiled(Generic[Row]):
    """A query that is put together once for each of its shapes; called with the values, it returns the rows."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        named = [one.name for one in signature(build).parameters.values() if one.kind is one.KEYWORD_ONLY]
        self._of = cache(lambda *shape: _Statement(build(*shape, **{name: Given(name) for name in named})))

    def __call__(self, *shape: Hashable, **values: Any) -> list[Row]:
        return self._of(*shape).rows(values)

    def statement(self, *shape: Hashable, **values: Any) -> tuple[str, tuple[Any, ...]]:
        """The SQL and its parameters, to stand inside other SQL."""
        made = self._of(*shape)
        return made.sql, made.filled(values)


def compiled_once(build: Callable[..., QuerySet[Any, Row]]) -> Compiled[Row]:
    """Makes of a function that builds a query one that runs it and returns its rows.

    `build` is called with a Given for each parameter by name: whatever changes from call to call must be one. Parameters
    by position choose among statements, each put together once; they come from closed lists of the code.
    """
    return Compiled(build)


def _as_kept(value: Any) -> Any:
    if isinstance(value, list):
        kept = [_as_kept(one) for one in value]
        return kept if connection.vendor == "postgresql" else json.dumps(kept)
    if value is None:
        raise TypeError("Nothing equals None in a database.")
    value = value.pk if isinstance(value, models.Model) else value
    field = FIELDS.get(type(value))
    return field.get_db_prep_value(value, connection) if field else value


def put_in(manager: Any, rows: list[Any]) -> None:
    """Puts rows where `manager.all()` finds them, as prefetch_related does with those that it reads."""
    found = manager.get_queryset()
    found._result_cache, found._prefetch_done = rows, True  # noqa: SLF001 - as Django's own prefetch does it
    for row in rows:
        setattr(row, manager.field.name, manager.instance)
    kept = manager.instance.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[manager.field.remote_field.accessor_name] = found
