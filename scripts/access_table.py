"""Writes the access table from the code, to be reviewed as a difference."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "policyhub.settings")
django.setup()

from policyhub.tests.access_table import FILE, current_table  # noqa: E402 - needs the apps

HEAD = "# route | permission | methods | marks | roles; written by `python scripts/access_table.py`, reviewed by a person\n"
FILE.write_text(HEAD + "".join(f"{row.line()}\n" for row in current_table()))
