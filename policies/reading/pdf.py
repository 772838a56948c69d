"""PDF to lines: the pieces come from a limited child process, their order and joints from the layout."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from policies.reading.limits import MAX_CHARACTERS, MAX_PAGES, UnreadableFile
from policies.reading.line import Line
from policies.reading.pdfguard import check_pdf
from policies.reading.pdflayout import lines_of
from policies.reading.pdfpieces import Page, Piece

WALL_SECONDS = 15
_CHILD = Path(__file__).with_name("pdf_child.py")
_DAMAGED = "The PDF is damaged and cannot be opened. Save it again from the original and upload the new copy."
_REFUSED = {
    "damaged": _DAMAGED,
    "encrypted": "The PDF is protected by a password. Remove the password and upload it again.",
    "pages": f"The PDF has more than {MAX_PAGES} pages, too many for a policy. Upload the policy on its own.",
    "length": "The file holds far more text than a policy. Upload the policy on its own.",
}
_SCANNED = "The PDF is a scan: it holds pictures of pages and no text. Upload the Word file, or a PDF with text recognised."
_TOO_HARD = (
    "The PDF is built in a way that takes too long to read. Print it to a new PDF and upload that one."
)


def read_pdf(data: bytes) -> list[Line]:
    """The lines of a PDF."""
    check_pdf(data)
    answer = _ask_child(data)
    if "refused" in answer:
        raise UnreadableFile(_REFUSED[answer["refused"]])
    pages = [
        Page(
            page["width"],
            page["height"],
            [Piece(*piece) for piece in page["pieces"]],
            [tuple(rule) for rule in page["rules"]],
        )
        for page in answer["pages"]
    ]
    letters = sum(len(piece.text) for page in pages for piece in page.pieces)
    if answer["images"] and letters < 50 * len(pages):
        raise UnreadableFile(_SCANNED)
    return lines_of(pages)


def _ask_child(data: bytes) -> dict[str, Any]:
    """Read in a process with bounded memory, processor time and clock; it may fetch and write nothing."""
    command = [sys.executable, "-I", str(_CHILD), str(MAX_PAGES), str(MAX_CHARACTERS)]
    try:
        done = subprocess.run(  # noqa: S603 our own script, the file goes in on standard input
            command, input=data, capture_output=True, timeout=WALL_SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(_TOO_HARD) from error
    if done.returncode == 0:
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer
    raise UnreadableFile(_TOO_HARD if done.returncode < 0 or b"MemoryError" in done.stderr else _DAMAGED)
