"""Writes that belong together, in one exchange with the database where it takes several statements at once."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection, models

Fields = tuple[Any, ...]
Statement = tuple[str, list[Any]]


def insertion(row: models.Model) -> Statement:
    """The INSERT of a new row whose key is set; fields seal and date themselves as when it is saved."""
    fields = tuple(row._meta.concrete_fields)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    return _insert_into(row._meta.db_table, fields), values


def insert_together(*rows: models.Model) -> None:
    """Inserts new rows in their order, as `save(force_insert=True)` would one by one."""
    run_together(*map(insertion, rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def change(row: models.Model, *names: str) -> Statement:
    """The UPDATE of some fields of a row."""
    fields: Any = tuple(row._meta.get_field(name) for name in (*names, row._meta.pk.name))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    return _update(row._meta.db_table, fields), values


@cache
def _insert_into(table: str, fields: Fields) -> str:
    places = ", ".join(["%s"] * len(fields))
    return (
        f"INSERT INTO {_quoted(table)} ({', '.join(_quoted(one.column) for one in fields)}) VALUES ({places})"
    )


@cache
def _update(table: str, fields: Fields) -> str:
    *changed, key = (f"{_quoted(one.column)} = %s" for one in fields)
    return f"UPDATE {_quoted(table)} SET {', '.join(changed)} WHERE {key}"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def run_together(*statements: Statement) -> None:
    """Runs statements in their order, each seeing what those before it wrote. SQLite takes one at a time."""
    if connection.vendor == "postgresql":
        statements = (("; ".join(sql for sql, _ in statements), [one for _, v in statements for one in v]),)
    with connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)
