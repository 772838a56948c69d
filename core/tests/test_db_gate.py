"""The write gate before SQLite: writers queue, nobody is told that the database is locked, readers never wait."""

from __future__ import annotations

import fcntl
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections, transaction

from core.db import catalogue
from core.db.sqlite import base
from core.tests.walls.models import Case, File, School

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
THREADS = 16


@pytest.fixture
def gate() -> Path:
    """The file whose lock is the gate."""
    return Path(f"{connection.settings_dict['NAME']}.gate")


@pytest.fixture
def hurry() -> Iterator[None]:
    """Waiting ends after a tenth of a second, on the connection of the test."""
    connection.close()
    connection.settings_dict["OPTIONS"]["timeout"] = 0.1
    yield
    connection.close()
    connection.settings_dict["OPTIONS"].pop("timeout")


def is_free(gate: Path) -> bool:
    with gate.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@contextmanager
def held(gate: Path) -> Iterator[IO[str]]:
    with gate.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def in_threads(work: Callable[[int], None], threads: int = THREADS) -> list[BaseException]:
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    started = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return faults


def test_sixteen_writers_all_get_through_and_wait_fairly(soak: bool) -> None:
    school, rounds, order = School.objects.create(name="0"), 500 if soak else 50, []
    waits: list[float] = []

    def write(number: int) -> None:
        for _ in range(rounds):
            asked = time.monotonic()
            with transaction.atomic():
                waits.append(time.monotonic() - asked)
                order.append(number)
                row = School.objects.get(pk=school.pk)
                row.name = str(int(row.name) + 1)
                row.save()

    faults = in_threads(write)

    school.refresh_from_db()
    assert (faults, school.name) == ([], str(THREADS * rounds))
    # While somebody waits, the others have at most ten turns each.
    assert longest_wait_in_turns(order) <= THREADS * 10
    assert max(waits) < 5


def longest_wait_in_turns(order: list[int]) -> int:
    last = dict.fromkeys(range(THREADS), 0)
    longest = 0
    for turn, number in enumerate(order):
        longest = max(longest, turn - last[number])
        last[number] = turn
    return longest


def test_single_writes_outside_transactions_queue_too(soak: bool) -> None:
    rounds = 500 if soak else 50

    faults = in_threads(lambda number: [School.objects.create(name="x") for _ in range(rounds)] and None)

    assert (faults, School.objects.count()) == ([], THREADS * rounds)


def test_another_process_keeps_writers_waiting_and_readers_not(gate: Path, hurry: None) -> None:
    School.objects.create(name="there")
    program = f"import fcntl, sys; gate = open({str(gate)!r}, 'a'); fcntl.flock(gate, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(OperationalError, match=r"writing to the database for more than 0\.1 seconds"),
            transaction.atomic(),
        ):
            pass
        assert School.objects.get().name == "there"
        other.communicate("")

    School.objects.update(name="changed")
    assert School.objects.get().name == "changed"


def test_writer_that_gave_up_does_not_get_the_gate_later(gate: Path, hurry: None) -> None:
    with held(gate), pytest.raises(OperationalError), transaction.atomic():
        pass
    for thread in [thread for thread in threading.enumerate() if thread.name == "write-gate"]:
        thread.join(5)

    assert is_free(gate)


def test_gate_is_held_for_the_whole_transaction_and_taken_once(gate: Path) -> None:
    with transaction.atomic():
        with transaction.atomic():
            assert not is_free(gate)
        School.objects.create(name="x")
        assert not is_free(gate)

    assert is_free(gate)


def test_gate_is_left_after_a_rollback(gate: Path) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError

    assert is_free(gate)


def test_gate_is_left_when_the_commit_is_refused(gate: Path) -> None:
    school = School.objects.create(name="x")

    with pytest.raises(IntegrityError), transaction.atomic():
        File.objects.create(school=school, case_id="0" * 32, name="of no case")

    assert is_free(gate)


def test_gate_is_left_when_the_transaction_cannot_begin(gate: Path, hurry: None) -> None:
    # The same library: two libraries in one process do not see each other's locks.
    stranger = connection.Database.connect(connection.settings_dict["NAME"], isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass

    assert is_free(gate)
    stranger.close()


def test_gate_is_left_when_the_connection_closes(gate: Path) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.close()
        School.objects.count()

    assert is_free(gate)


def test_reading_never_takes_the_gate(gate: Path, hurry: None) -> None:
    with held(gate):
        assert Case.objects.count() == 0


def test_database_in_memory_has_no_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    memory = base.DatabaseWrapper({**connection.settings_dict, "NAME": ":memory:", "OPTIONS": {}}, "memory")
    memory.connect()
    memory.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    memory.commit()
    memory.connection.close()

    assert list(tmp_path.iterdir()) == []


# --- Settings --------------------------------------------------------------------------------------------------------


def test_library_has_the_fault_fixed_and_settings_are_durable() -> None:
    with connection.cursor() as cursor:
        found = {}
        for name in (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "recursive_triggers",
            "trusted_schema",
            "secure_delete",
        ):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]

    assert connection.Database.sqlite_version_info >= base.WAL_FAULT_FIXED
    assert list(found.values()) == ["wal", 2, 1, 1, 0, 1]
    assert catalogue.runtime_faults(connection) == []


def test_faulty_library_is_used_without_wal(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(base.base.Database, "sqlite_version_info", (3, 40, 1))

    assert base.journal_mode() == "TRUNCATE"
    assert "can corrupt a database in WAL mode" in catalogue.runtime_faults(connection)[0]


def test_standard_module_stays_the_standard_one_for_everybody_else() -> None:
    assert sys.modules["sqlite3"] is sqlite3
    assert sqlite3.__name__ == "sqlite3"
    assert connection.Database.__name__ == "pysqlite3.dbapi2"


def test_start_says_that_there_is_one_wall() -> None:
    assert (
        "journal mode WAL: the application's own filters alone stand between schools"
        in catalogue.sentence_of_walls(connection)
    )
