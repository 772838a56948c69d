"""Django's PostgreSQL backend; every transaction begins by saying whose rows it may see.

The context lives in the transaction, never in the session, so it cannot leak to the next user of a pooled connection,
be it kept by Django or by pgbouncer in transaction mode.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from core import scope

SET_SCOPE = "SELECT set_config('app.schools', %s, true), set_config('app.user', %s, true), set_config('role', %s, true)"


class DatabaseWrapper(base.DatabaseWrapper):
    """Applies core.scope at the start of every transaction, for that transaction alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.data_keys: dict[Any, Any] = {}
        """What core.crypto looked up in this transaction."""

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        """A transaction begins where autocommit ends."""
        super().set_autocommit(autocommit, *args, **kwargs)
        if autocommit:
            return
        self.data_keys = {}
        try:
            self.apply_scope()
        except BaseException:
            # Django does not yet count itself in a transaction: kept, the connection would go on in one without scope.
            self.close()
            raise

    def apply_scope(self) -> None:
        """Tells the database whose rows to show until the transaction ends.

        In a failed transaction nothing can be said any more; its rollback brings back what was said before.
        """
        if self.connection.get_transaction_status() == TRANSACTION_STATUS_INERROR:
            return
        now = scope.current()
        # Not through Django's cursor: the context is no query of the page.
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(SET_SCOPE, (now.schools, now.user, now.role or "none"))

    def alone(self, sql: str, values: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        """A statement with the scope before it, where no transaction has said it: one exchange is one transaction too."""
        now = scope.current()
        if self.in_atomic_block or now == scope.NOBODY or not self.get_autocommit():
            return sql, values
        return f"{SET_SCOPE}; {sql}", (now.schools, now.user, now.role or "none", *values)

    def is_usable(self) -> bool:
        """Whether the server still holds the other end. Asked before every request, so it costs no exchange.

        To a connection at rest a server sends nothing, unless it ends it.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection, select.POLLIN)
        return not waiting.poll(0)

    def chunked_cursor(self) -> Any:
        """A cursor on the server lives in one transaction; outside of one a pooler may change the session between reads."""
        return super().chunked_cursor() if self.in_atomic_block else self.cursor()
