"""Looking at a file that anybody may have sent: in a process of its own, with bounded memory, processor time and clock."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.errors import DomainError
from policies.signing.authority import Authority
from policies.signing.verdict import SignatureVerdict, all_is_well

WALL_SECONDS = 30
WAIT_SECONDS = 10
AT_ONCE = 2
DAMAGED = "This file cannot be read as a PDF: it is damaged, or was changed."
NO_PDF = "This is not a PDF. Choose the signed PDF itself, as it was downloaded or sent."
TOO_HARD = (
    "This PDF is built in a way that takes too long to check. It is not as this service signs policies."
)
BUSY = "Several files are being checked at the moment. Try again in a minute."
TOO_HARD_TO_OPEN = "This file takes too long to open. Export the certificate again, with the usual settings."
_CHILD = Path(__file__).with_name("child.py")
_ROOT = Path(__file__).resolve().parents[2]
_slots = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Reading:
    """One verdict for each signature of a PDF, and the certificates of the signers as PEM."""

    verdicts: list[SignatureVerdict]
    certificates: list[str]

    @property
    def whole(self) -> bool:
        """Whether the file is as the roots' owner signed it."""
        return all_is_well(self.verdicts)


def verify_apart(
    pdf: bytes, *, roots: Sequence[str], moment: datetime, stamp_roots: Sequence[str] = ()
) -> Reading:
    """What `verify_pdf` says. Raises DomainError with a sentence for a file that cannot be read in bounded time."""
    if b"%PDF-" not in pdf[:1024]:
        raise DomainError(NO_PDF)
    order = {"roots": list(roots), "stamp_roots": list(stamp_roots), "moment": moment.isoformat()}
    answer = _ask_child({"task": "verify", **order}, pdf, TOO_HARD)
    if "refused" in answer:
        raise DomainError(DAMAGED)
    return Reading([SignatureVerdict.from_json(one) for one in answer["verdicts"]], answer["certificates"])


def open_apart(data: bytes, password: str, *, moment: datetime) -> Authority:
    """What `open_pkcs12` makes of a file. Raises DomainError with a sentence for one that cannot be used."""
    answer = _ask_child(
        {"task": "open", "password": password, "moment": moment.isoformat()}, data, TOO_HARD_TO_OPEN
    )
    if "refused" in answer:
        raise DomainError(answer["refused"])
    return Authority(certificate_pem=answer["certificate"].encode(), private_key_pem=answer["key"].encode())


def _ask_child(order: dict[str, Any], data: bytes, too_hard: str) -> dict[str, Any]:
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise DomainError(BUSY)
    try:
        done = subprocess.run(  # noqa: S603 our own script, the file goes in on standard input
            [sys.executable, "-I", str(_CHILD), str(_ROOT)],
            input=json.dumps(order).encode() + b"\n" + data,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DomainError(too_hard) from error
    finally:
        _slots.release()
    if done.returncode == 0:
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer
    raise DomainError(too_hard)
