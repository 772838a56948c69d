"""Django's SQLite backend with a sound library, durable settings, and a gate before which writers queue fairly.

SQLite's own busy handler is not fair: with many writers one may wait for many seconds. `flock` queues them. Each
transaction has a descriptor of its own, so that threads exclude each other as well as processes.
"""

from __future__ import annotations

import fcntl
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.db import OperationalError

GATE_SECONDS = 30.0
WAL_FAULT_FIXED = (3, 51, 3)
"""Before this version a checkpoint could corrupt a database in WAL mode (sqlite.org, release notes)."""
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def _django_backend() -> Any:
    """Django's backend on the bundled library, which stands in for the standard module while Django imports it."""
    names = ("sqlite3", "sqlite3.dbapi2")
    try:
        bundled = {"sqlite3": import_module("pysqlite3"), "sqlite3.dbapi2": import_module("pysqlite3.dbapi2")}
    except ImportError:
        bundled = {}
    standard = {name: sys.modules.get(name) for name in names}
    sys.modules.update(bundled)
    try:
        return import_module("django.db.backends.sqlite3.base")
    finally:
        for name in bundled:
            sys.modules.pop(name)
        sys.modules.update({name: module for name, module in standard.items() if module is not None})


base = _django_backend()
Wrapper: Any = base.DatabaseWrapper


def journal_mode() -> str:
    """WAL where the library is sound, otherwise the slower mode that does not have the fault."""
    return "WAL" if base.Database.sqlite_version_info >= WAL_FAULT_FIXED else "TRUNCATE"


def _pragmas() -> str:
    settings = {
        "journal_mode": journal_mode(),
        "synchronous": "FULL",
        "recursive_triggers": "ON",
        "trusted_schema": "OFF",
        "secure_delete": "ON",
        "temp_store": "MEMORY",
        "mmap_size": 134_217_728,
        "cache_size": -20_000,
    }
    return ";".join(f"PRAGMA {name}={value}" for name, value in settings.items())


def _lock(descriptor: int, seconds: float) -> bool:
    """Takes the lock, or says that it could not in this time."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        # flock has no time limit. A thread waits in the kernel's queue; given up on, it drops its copy of the
        # descriptor, and with it the lock, as soon as it gets it.
        return _lock_in_thread(descriptor, seconds)
    return True


def _lock_in_thread(descriptor: int, seconds: float) -> bool:
    taken, copy = threading.Event(), os.dup(descriptor)

    def wait() -> None:
        fcntl.flock(copy, fcntl.LOCK_EX)
        os.close(copy)
        taken.set()

    threading.Thread(target=wait, name="write-gate", daemon=True).start()
    return taken.wait(seconds)


class DatabaseWrapper(Wrapper):  # type: ignore[misc]
    """A connection that takes the gate before it takes the write lock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gate: int | None = None
        self.data_keys: dict[Any, Any] = {}
        """What core.crypto looked up in this transaction."""
        self.execute_wrappers.append(self._execute_single_write)

    def get_connection_params(self) -> dict[str, Any]:
        """Settings that hold whatever the installation says."""
        self.settings_dict["OPTIONS"] = {
            "timeout": GATE_SECONDS,
            **self.settings_dict["OPTIONS"],
            "transaction_mode": "IMMEDIATE",
            "init_command": _pragmas(),
        }
        return dict(super().get_connection_params())

    def _start_transaction_under_autocommit(self) -> None:
        self.data_keys = {}
        self._take_gate()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_gate()
            raise

    def _execute_single_write(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """A write outside of a transaction is one of its own: it queues as well."""
        if self.in_atomic_block or self._gate is not None or not sql.lstrip()[:7].upper().startswith(WRITES):
            return execute(sql, params, many, context)
        self._take_gate()
        try:
            return execute(sql, params, many, context)
        finally:
            self._leave_gate()

    def _take_gate(self) -> None:
        if self._gate is not None or self.is_in_memory_db():
            return
        gate = os.open(f"{self.settings_dict['NAME']}.gate", os.O_RDWR | os.O_CREAT, 0o600)
        seconds = float(self.settings_dict["OPTIONS"].get("timeout", GATE_SECONDS))
        if not _lock(gate, seconds):
            os.close(gate)
            raise OperationalError(
                f"Another process has been writing to the database for more than {seconds:g} seconds."
            )
        self._gate = gate

    def _leave_gate(self) -> None:
        if self._gate is not None:
            # Said aloud: closing alone would leave the lock to a child that was forked meanwhile.
            fcntl.flock(self._gate, fcntl.LOCK_UN)
            os.close(self._gate)
            self._gate = None

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            # A commit that was refused (a deferred key) leaves the transaction open until it is rolled back.
            if self.connection is None or not self.connection.in_transaction:
                self._leave_gate()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_gate()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._leave_gate()
