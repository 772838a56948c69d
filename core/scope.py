"""Whose rows the database shows: the schools and the person that work is done for.

PostgreSQL's row-level security reads this at the start of every transaction (core.db.postgresql).
SQLite has no such wall; there the scope is carried but only the code's own filters protect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, connections, transaction


@dataclass(frozen=True)
class Scope:
    """Schools as a comma-separated list of ids, the person's id, and the database role to take ("" is the app's own)."""

    schools: str = ""
    user: str = ""
    role: str = ""


NOBODY = Scope()
_scope: ContextVar[Scope] = ContextVar("scope", default=NOBODY)


def current() -> Scope:
    """The scope that the next transaction will begin with."""
    return _scope.get()


@contextmanager
def _within(scope: Scope) -> Iterator[Scope]:
    token = _scope.set(scope)
    try:
        _apply_to_open_transactions()
        yield scope
    finally:
        _scope.reset(token)
        _apply_to_open_transactions()


def _apply_to_open_transactions() -> None:
    for one in connections.all(initialized_only=True):
        apply = getattr(one, "apply_scope", None)
        if apply is not None and one.in_atomic_block and not one.needs_rollback:
            apply()


@contextmanager
def acting(*, schools: Iterable[UUID] = (), user: UUID | None = None) -> Iterator[Scope]:
    """Work for these schools (none: the rows of no school) as this person."""
    with _within(Scope(",".join(str(school) for school in schools), str(user or ""))) as scope:
        yield scope


@contextmanager
def acting_as_jobs() -> Iterator[Scope]:
    """Work across all schools, seeing ids, dates and states only (database role hub_jobs)."""
    with _within(Scope(role="hub_jobs")) as scope:
        yield scope


@contextmanager
def acting_as_public() -> Iterator[Scope]:
    """Read for somebody who has not signed in, seeing what schools have published only (database role hub_public)."""
    with _within(Scope(role="hub_public")) as scope:
        yield scope


def reading() -> AbstractContextManager[object]:
    """A transaction to read in, where the wall needs one; on SQLite it would take the write lock, and is none."""
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()
