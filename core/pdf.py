"""The one way from a template to a PDF: rendered in a limited process of its own that can fetch nothing."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string

from core import pdf_child, scope
from core.errors import DomainError

CHILD = Path(pdf_child.__file__)
WALL_SECONDS = 30
WAIT_SECONDS = 30
MAX_HTML_BYTES = 8 * 1024**2
MAX_PDF_BYTES = 64 * 1024**2
APT_LINE = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0"

TOO_LARGE = "This document is too large to be made into a PDF. Make it shorter, or split it in two."
TOO_LONG = "This document took too long to be made into a PDF. Make it shorter or simpler, for instance with shorter tables."
TOO_COMPLEX = "This document is too complicated to be made into a PDF. Make it simpler, for instance with fewer tables inside tables."
BUSY = "Another document of your school is being made into a PDF. Try again in a minute."
NO_LIBRARIES = (
    f"PDFs cannot be made on this server: a system library is missing. Ask whoever runs it to run: {APT_LINE}"
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PdfAttachment:
    """A file carried inside the PDF, such as its source; the relationship is a word of PDF/A-3."""

    name: str
    content: bytes
    description: str = ""
    relationship: str = "Source"


def render_pdf(
    template: str, context: dict[str, Any], *, title: str, attachments: Sequence[PdfAttachment] = ()
) -> bytes:
    """The template as tagged PDF. `context["dated"]` (date or datetime) is its date: same input, same bytes."""
    html = render_to_string(template, context)
    return render_html_to_pdf(html, title=title, dated=context.get("dated"), attachments=attachments)


def render_html_to_pdf(
    html: str, *, title: str, dated: date | datetime | None = None, attachments: Sequence[PdfAttachment] = ()
) -> bytes:
    """The HTML as tagged PDF (PDF/A-3a with the PDF/UA-1 claim); refuses with a sentence what is too much."""
    if len(html.encode()) > MAX_HTML_BYTES:
        raise DomainError(TOO_LARGE)
    order = {
        "html": html,
        "title": title,
        "dated": _w3c(dated),
        "attachments": [_entry(one) for one in attachments],
    }
    with _alone(scope.current().schools):
        return _run_child(json.dumps(order).encode())


@contextmanager
def _alone(schools: str) -> Iterator[None]:
    """One document at a time for a school, in all processes of this machine together; no school waits for another.

    Waits half a minute, then raises DomainError.
    """
    folder = settings.DATA_DIR / "locks"
    folder.mkdir(exist_ok=True)
    deadline = time.monotonic() + WAIT_SECONDS
    with (folder / f"pdf-{hashlib.sha256(schools.encode()).hexdigest()[:32]}").open("w") as lock:
        while not _taken(lock):
            if time.monotonic() > deadline:
                raise DomainError(BUSY)
            time.sleep(0.05)
        yield


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _w3c(dated: date | datetime | None) -> str:
    if isinstance(dated, datetime):
        if dated.tzinfo is None:
            raise ValueError("The date of a PDF needs its time zone.")
        return dated.isoformat(timespec="seconds")
    return dated.isoformat() if dated else ""


def _entry(attachment: PdfAttachment) -> dict[str, str]:
    return {
        "name": attachment.name,
        "content": base64.b64encode(attachment.content).decode(),
        "description": attachment.description,
        "relationship": attachment.relationship,
    }


def _run_child(order: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        # Isolated mode and a bare environment: no proxy, no user site, no secret of ours; fonts are unpacked in the folder.
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "TMPDIR": folder, "HOME": folder}
        child = subprocess.Popen(  # noqa: S603  our own file, no shell
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment,
        )
        try:
            pdf, complaint = child.communicate(order, timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise DomainError(TOO_LONG) from error
        finally:
            child.kill()
            child.communicate()
    if child.returncode != 0:
        # Only the kind of error is logged: anything else may quote the document.
        kind = re.search(rb"\b[A-Z][A-Za-z]+(?:Error|Exception)$", complaint.strip())
        _log.warning(
            "A PDF could not be made",
            extra={"exit_code": child.returncode, "kind": kind[0].decode() if kind else ""},
        )
        raise DomainError(_sentence(child.returncode))
    if len(pdf) > MAX_PDF_BYTES:
        raise DomainError(TOO_LARGE)
    return pdf


def _sentence(exit_code: int) -> str:
    if exit_code == pdf_child.NO_LIBRARIES:
        return NO_LIBRARIES
    if exit_code in {-9, -24}:  # SIGKILL and SIGXCPU: the processor's time was used up
        return TOO_LONG
    return TOO_COMPLEX
