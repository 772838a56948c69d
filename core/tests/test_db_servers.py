"""The ground of the tests themselves: servers that end with their process, tables that are emptied after a test."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from core import scope
from core.db import catalogue
from core.tests.walls.models import Entry, School
from policyhub.testing import servers
from policyhub.testing.cleaning import empty_tables

ROOT = Path(servers.__file__).resolve().parent.parent.parent
PROGRAM = """
import signal, time
from policyhub.testing.servers import redis_server
signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts tests in the background may have it ignored
with redis_server() as url:
    print(url.split(":")[2].split("/")[0], flush=True)
    time.sleep(60)
"""


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.postgres  # where Redis is installed
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_server_ends_with_the_process_that_started_it(how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        port = int(process.stdout.readline())
        assert answers(port)
        process.send_signal(how)

    end = time.monotonic() + 10
    while answers(port) and time.monotonic() < end:
        time.sleep(0.02)
    assert not answers(port)


@pytest.mark.django_db(transaction=True)
def test_committed_rows_are_gone_after_a_test_and_triggers_stand() -> None:
    school = School.objects.create(name="School")
    with scope.acting(schools=[school.pk]), transaction.atomic():
        Entry.objects.create(school=school)

    empty_tables()

    with scope.acting(schools=[school.pk]), transaction.atomic():
        assert [School.objects.count(), Entry.objects.count()] == [0, 0]
    assert catalogue.missing_triggers(connection) == []


def test_missing_program_is_named_with_its_package() -> None:
    with pytest.raises(servers.ServerMissing, match="apt-get install valkey"):
        servers.program("no-such-server", package="valkey")
