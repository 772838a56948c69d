"""The version, read from the first heading of the changelog: one source of truth."""

import re
from pathlib import Path

_CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def read_version(text: str) -> str:
    """The first `## x.y.z` heading."""
    match = re.search(r"^## (\d+\.\d+\.\d+)", text, re.MULTILINE)
    if match is None:
        raise ValueError("CHANGELOG.md has no heading of the form '## 1.2.3'.")
    return match.group(1)


VERSION = read_version(_CHANGELOG.read_text())
