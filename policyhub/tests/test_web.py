"""`manage.py web`: loads once, forks its workers, answers, and stops when asked."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from policyhub.testing.servers import free_port
from policyhub.tests.sources import ROOT

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]


def answers(port: int, patience: float = 120) -> int:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            return int(urlopen(f"http://127.0.0.1:{port}/healthz").status)
        except URLError:
            time.sleep(0.1)
    return 0


def test_it_answers_from_workers_that_were_forked_and_stops_when_asked(ready: Path):
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    clean |= {"DATA_DIR": str(ready), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "web", "--port", str(port), "--workers", "2"], cwd=ROOT, env=clean
    )
    try:
        assert answers(port) == 200
        workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        mapped = [Path(f"/proc/{pid}/cmdline").read_text().split("\0")[1:3] for pid in workers]
        assert mapped == [["manage.py", "web"]] * 2
        server.terminate()
        assert server.wait(120) == 0
    finally:
        server.kill()
