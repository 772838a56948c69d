"""Starts the web server as in production, and weighs its workers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

from policyhub.testing import servers

THREADS = 2
MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


@contextmanager
def web_server(workers: int) -> Iterator[tuple[int, int]]:
    """The web server with so many workers; (process, port). The address of the tables' owner is not in its environment."""
    port = servers.free_port()
    line = [sys.executable, str(MANAGE), "web", "--host", "127.0.0.1", "--port", str(port)]
    line += ["--workers", str(workers), "--threads", str(THREADS)]
    owner = os.environ.pop("DATABASE_OWNER_URL", None)
    try:
        server = subprocess.Popen(line, start_new_session=True)
        try:
            _wait(server, port)
            yield server.pid, port
        finally:
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                server.terminate()
                server.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
    finally:
        if owner:
            os.environ["DATABASE_OWNER_URL"] = owner


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < end:
        try:
            servers.answers(port)()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The web server did not start; the lines above say why.")


def weigh(pid: int) -> tuple[float, float]:
    """Proportional share of memory in MB: of the workers together, and of the process that watches over them."""
    return sum(_share(child) for child in children(pid)), _share(pid)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    return [
        int(one.name)
        for one in Path("/proc").iterdir()
        if one.name.isdigit() and _parent(int(one.name)) == pid
    ]


def work_of(pids: Iterable[int]) -> float:
    """Milliseconds that the children of these processes have computed, those that have ended included."""
    ticks = 0
    for pid in pids:
        ticks += sum(_ticks(pid)[2:]) + sum(sum(_ticks(child)[:2]) for child in children(pid))
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> list[int]:
    """Own time in user and system mode, then that of children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended meanwhile
        return [0, 0, 0, 0]
    return [int(field) for field in fields[11:15]]


def database_process() -> int:
    """The process that PostgreSQL's own processes come from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return _parent(cursor.fetchone()[0])


def _parent(pid: int) -> int:
    try:
        return int(re.search(r"^PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)[1])  # type: ignore[index]
    except OSError:
        return 0


def _share(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def peak_of(pid: int) -> float:
    """The most memory in MB that a child of this process has held, what all of them share left out."""
    return max((_peak(child) for child in children(pid)), default=0.0)


def _peak(pid: int) -> float:
    found = re.search(r"^RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
