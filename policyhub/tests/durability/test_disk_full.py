"""The volume under SQLite fills up: writes are refused with a sentence, nothing is lost, and work goes on when there is room."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection, connections

from core import crypto
from policyhub.tests.durability import ground

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]
IN_A_NAMESPACE = ["unshare", "--mount", "--map-root-user"]


def namespaces_work() -> bool:
    """Whether a small volume can be mounted that only our own process sees."""
    if not shutil.which("unshare"):
        return False
    trial = subprocess.run(
        [*IN_A_NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return trial.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_a_full_volume_loses_nothing_and_work_goes_on_when_there_is_room(tmp_path):
    if not namespaces_work():
        pytest.skip("needs the right to mount a volume in a namespace of its own")
    crypto.make_key_file(tmp_path / "key-encryption-keys")
    database = tmp_path / "empty.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(database)])
    connections.close_all()
    (tmp_path / "volume").mkdir()
    program = [
        sys.executable,
        "-m",
        "policyhub.tests.durability.disk_full",
        tmp_path / "volume",
        database,
        tmp_path / "key-encryption-keys",
    ]

    done = subprocess.run(
        [*IN_A_NAMESPACE, *map(str, program)],
        capture_output=True,
        text=True,
        check=False,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "policyhub.settings_test"},
    )

    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    ground.report("disk full", **seen)
    assert seen["refusals"] == ["database or disk is full"]
    assert (seen["full"], seen["after"], seen["more"]) == ([], [], 20)
    assert seen["readable"] > seen["acknowledged"] > 0
