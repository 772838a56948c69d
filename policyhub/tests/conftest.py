"""Fixtures of the proofs that start the whole application."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policyhub.testing.cleaning import made_once
from policyhub.tests.sources import ROOT


@pytest.fixture(scope="session")
def made_ready(kept_between_runs: Path) -> Path:
    """The folder of an embedded installation with keys and a migrated database, which takes seconds; nobody changes it."""
    return made_once(kept_between_runs, "installation", _install)


def _install(folder: Path) -> None:
    folder.mkdir()
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    for command in ("make_keys", "migrate", "createcachetable"):
        line = [sys.executable, "manage.py", command]
        subprocess.run(
            line, cwd=ROOT, env={**clean, "DATA_DIR": str(folder)}, check=True, stdout=subprocess.DEVNULL
        )


@pytest.fixture
def ready(made_ready: Path, tmp_path: Path) -> Path:
    """A copy of one's own."""
    return Path(shutil.copytree(made_ready, tmp_path / "ready"))
