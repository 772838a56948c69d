"""`manage.py up`: starts everything, says where, and leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from policyhub.testing.servers import free_port
from policyhub.tests.sources import ROOT

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]


@pytest.fixture
def hub(ready: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A hub that has said where it runs, and its port."""
    yield from running(ready)


@pytest.fixture
def new_hub(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Likewise, from an empty folder."""
    yield from running(tmp_path)


def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = start(folder, port)
    assert process.stdout is not None
    assert (
        process.stdout.readline() == f"PolicyHub is running at http://127.0.0.1:{port}  (Ctrl-C stops it)\n"
    )
    assert process.stdout.readline().startswith("Web server, background worker and timetable run together")
    assert process.stdout.readline().startswith("SQLite ")
    yield process, port
    process.kill()


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    clean |= {"DATA_DIR": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    line = [sys.executable, "manage.py", "up"]
    return subprocess.Popen(
        line, cwd=ROOT, env=clean, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def children(process: subprocess.Popen[str]) -> dict[str, int]:
    """Program → process id."""
    ids = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    lines = {pid: Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in ids}
    return {line[2]: int(pid) for pid, line in lines.items()}


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_it_answers_and_stops_when_asked(new_hub):
    process, port = new_hub
    assert urlopen(f"http://127.0.0.1:{port}/healthz").status == 200
    assert set(children(process)) == {"web", "celery"}

    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=120)

    assert (process.returncode, is_free(port)) == (0, True)
    # A worker that had begun by now says that it stops, too.
    lines = [line for line in said.split("\n") if line and not line.startswith("worker: ")]
    assert lines == ["Stopping.", "Stopped."]
    assert "superuser" not in errors


@pytest.mark.parametrize(("program", "part"), [("web", "web server"), ("celery", "worker")])
def test_when_a_part_falls_all_of_it_stops(hub, program, part):
    process, port = hub

    os.kill(children(process)[program], signal.SIGKILL)
    _, errors = process.communicate(timeout=120)

    assert (process.returncode, is_free(port)) == (1, True)
    assert f"The {part} ended by itself" in errors


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(tmp_path, port)
        _, errors = process.communicate(timeout=120)

    assert process.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used (Address already in use)." in errors
    assert f"PORT={port + 1}" in errors
