"""Files that others made, good ones and hostile ones, are told apart as our own are. See outside/LICENCES.md."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.reading import UnreadableFile, read_policy
from policies.tests.reading.test_hostile import FACTOR, MEGABYTES, SECONDS, megabytes, seconds

pytestmark = pytest.mark.any_database

HERE = Path(__file__).parent / "outside"
PASSWORD = b"infected"
CURIOUS = (
    "dde-test.docx",
    "embedded-simple-2007.docm",
    "sample_with_external_link_to_doc.dotx",
    "oleform-PR314.docm",
    "issue-297.pdf",
)
"""A macro, an embedded program, a template and fields that fetch, a script in a PDF: tried each time, the rest with --soak."""


def files(kind: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file that is kept here, and of those in the folder that a runner names."""
    with zipfile.ZipFile(HERE / f"{kind}.zip") as packed:
        for name in packed.namelist():
            yield name, packed.read(name, PASSWORD)
    if more := os.environ.get("OUTSIDE_FILES"):
        for path in sorted((Path(more) / kind).iterdir()):
            yield path.name, path.read_bytes()


def refusal(name: str, data: bytes) -> str:
    """The sentence, or nothing for a file that was read."""
    try:
        return "" if read_policy(data, name).documents else "nothing read"
    except UnreadableFile as error:
        return str(error)


def test_curious_files_are_refused_and_ordinary_ones_read():
    with zipfile.ZipFile(HERE / "hostile.zip") as packed:
        answers = {name: refusal(name, packed.read(name, PASSWORD)) for name in CURIOUS}

    assert [name for name, said in answers.items() if not said.endswith(".")] == []
    assert [name for name, data in files("good") if name.endswith(".docx") and refusal(name, data)] == []


@pytest.mark.soak
def test_no_hostile_file_is_accepted_and_no_good_one_refused():
    wrong, longest, most = [], (0.0, ""), 0
    counts = dict.fromkeys(("hostile", "good"), 0)
    for kind in counts:
        for name, data in files(kind):
            begun = seconds()
            said = refusal(name, data)
            longest = max(longest, (round(seconds() - begun, 2), name))
            most = max(most, megabytes(name, data))
            counts[kind] += 1
            if bool(said) != (kind == "hostile") or (said and not said.endswith(".")):
                wrong.append((kind, name, said))
    sys.stdout.write(json.dumps({**counts, "wrong": wrong, "longest": longest, "MB": most}) + "\n")

    assert (wrong, counts["hostile"] >= 40, counts["good"] >= 40) == ([], True, True)
    assert longest[0] <= SECONDS * FACTOR
    assert most <= MEGABYTES
