"""Fills a small volume with concerns until none is taken any more; run in a namespace of its own by its test."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.db import DatabaseError, connection  # noqa: E402

from core import scope  # noqa: E402
from incidents.models import Concern  # noqa: E402
from policyhub.tests.durability import ground  # noqa: E402
from schools.models import School  # noqa: E402
from schools.tests.factories import make_school  # noqa: E402

ROOM = 16
"""Megabytes left above the empty database."""


def write_until_full(volume: Path, database: Path, key_file: Path) -> dict[str, Any]:
    """Runs inside the namespace, on a volume as large as the database and a little more."""
    size = database.stat().st_size // 2**20 + ROOM
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", volume], check=True)
    shutil.copy(database, volume / "hub.sqlite3")
    connection.close()
    connection.settings_dict["NAME"] = str(volume / "hub.sqlite3")
    settings.KEY_FILE = key_file
    ground.current_app.conf.task_always_eager = False
    school = make_school()
    with scope.acting(schools=[school.pk]):
        by, file = ground.make_people(school), key_file.parent / "acknowledged"
    filler = volume / "filler"
    refusals = _fill(school, by, file, filler)
    readable = Concern.objects.count()
    full = _faults(school, file)
    filler.unlink()
    before = len(ground.acknowledged(file))
    for _ in range(20):
        ground.acknowledge(file, ground.log_one(school, by).pk)
    return {
        "refusals": sorted(refusals), "readable": readable, "acknowledged": before, "full": full, "after": _faults(school, file),
        "more": len(ground.acknowledged(file)) - before,
    }  # fmt: skip


def _fill(school: School, by: Any, file: Path, filler: Path) -> set[str]:
    """Logs concerns until none is taken any more, and goes on trying for a while. The sentences of the refusals."""
    refusals, refused = set(), 0
    with filler.open("wb", buffering=0) as other:  # something else on the volume, which is cleared away later
        other.write(bytes(12 * 2**20))
    while refused < 30:
        try:
            ground.acknowledge(file, ground.log_one(school, by, "x" * 2000).pk)
        except DatabaseError as error:
            refusals.add(str(error))
            refused += 1
    return refusals


def _faults(school: School, file: Path) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        integrity = cursor.fetchone()[0]
    damage = ground.damage(school, file)
    return [*([] if damage.none else [str(damage)]), *([] if integrity == "ok" else [integrity])]


if __name__ == "__main__":
    print(json.dumps(write_until_full(*map(Path, sys.argv[1:]))))  # noqa: T201 - the answer to the test
