"""What can be said of a PDF that anybody brings, and of the version that a check page is about.

Nothing of a school is told but to whoever holds the very file that it signed, or the address printed on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from core import scope
from core.errors import DomainError
from policies.enums import Outcome
from policies.models import PolicyVersion, Signature, SigningAuthority
from policies.reading.limits import MAX_BYTES, MEGABYTE
from schools.selectors import post_names

if TYPE_CHECKING:
    from policies.signing import SignatureVerdict


LONGEST_CERTIFICATE = 20_000
"""Letters of a PEM: longer ones are nobody's, and more than a database compares."""


@dataclass(frozen=True)
class SignedVersion:
    """The version that a signed PDF is, and whether it still holds."""

    school: str
    title: str
    label: str
    state: str
    in_force_from: date | None
    ended_on: date | None
    superseded_by: str
    """The label of the version that is in force in its place, or ""."""


@dataclass(frozen=True)
class Verification:
    """What can be said of a PDF: its signatures, whether it is as signed, and the version it is, where that is on record."""

    outcome: Outcome
    signatures: list[SignatureVerdict]
    version: SignedVersion | None = None


def check_pdf_size(size: int) -> None:
    """Raises DomainError for a file that is empty or too large, before anything of it is read."""
    if not size:
        raise DomainError("The file is empty. Choose the signed PDF.")
    if size > MAX_BYTES:
        raise DomainError(
            f"The file is larger than {MAX_BYTES // MEGABYTE} MB, too large for a signed policy."
        )


def verify_document(data: bytes) -> Verification:
    """Checks a PDF against the school that signed it. Raises DomainError for a file that cannot be read."""
    from policies.signing import verify_apart  # noqa: PLC0415 - 30 MB that few processes should load

    now = timezone.now()
    school_id, document_id = _on_record(sha256=hashlib.sha256(data).hexdigest())
    if school_id is None:
        read = verify_apart(data, roots=[], moment=now)
        school_id = _school_that_signs_with(read.certificates)
    if school_id is not None:
        with _inside(school_id):
            roots = list(
                SigningAuthority.objects.values_list("certificate", flat=True).filter(school=school_id)
            )
            signed = Signature.objects.filter(sha256=hashlib.sha256(data).hexdigest()).order_by("at").last()
        # A file on record is judged by the day on which it was signed: its certificate may have ended since.
        read = verify_apart(data, roots=roots, stamp_roots=stamp_roots(), moment=signed.at if signed else now)
    outcome = _outcome(read.verdicts, whole=read.whole)
    if outcome != Outcome.UNCHANGED:
        return Verification(outcome, read.verdicts)
    if school_id is None or document_id is None:
        return Verification(Outcome.NO_RECORD, read.verdicts)
    with _inside(school_id):
        return Verification(outcome, read.verdicts, _version_of(document_id))


def stamp_roots() -> list[str]:
    """The certificates that vouch for time stamps, from the file that TSA_CERTIFICATES names."""
    return [Path(settings.TSA_CERTIFICATES).read_text()] if settings.TSA_CERTIFICATES else []


def signed_version(document_id: UUID) -> tuple[SignedVersion, list[Signature], dict[str, str]] | None:
    """The version whose PDF carries this address, its signatures and the school's names of posts; None where nobody signed."""
    school_id, found = _on_record(document_id=document_id)
    if school_id is None or found is None:
        return None
    with _inside(school_id):
        signatures = list(Signature.objects.filter(document_id=found).select_related("school"))
        return _version_of(found), signatures, post_names(signatures[0].school)


def _outcome(verdicts: list[SignatureVerdict], *, whole: bool) -> Outcome:
    if not verdicts:
        return Outcome.UNSIGNED
    if not all(one.intact for one in verdicts):
        return Outcome.CHANGED
    if not any(one.trusted for one in verdicts):
        return Outcome.UNKNOWN
    return Outcome.UNCHANGED if whole else Outcome.ADDED


def _on_record(**which: object) -> tuple[UUID, UUID] | tuple[None, None]:
    """School and document of a file by its digest, or of a document by its id."""
    with scope.acting_as_public(), scope.reading():
        return Signature.objects.filter(**which).order_by("pk").values_list(
            "school_id", "document_id"
        ).first() or (
            None,
            None,
        )


def _school_that_signs_with(certificates: list[str]) -> UUID | None:
    """The school whose key one of these certificates belongs to. Anybody can put a certificate into a file."""
    with scope.acting_as_public(), scope.reading():
        for certificate in certificates:
            if not 0 < len(certificate) <= LONGEST_CERTIFICATE:
                continue
            held = SigningAuthority.objects.filter(certificate__startswith=certificate)
            found: UUID | None = held.values_list("school_id", flat=True).first()
            if found is not None:
                return found
    return None


@contextmanager
def _inside(school_id: UUID) -> Iterator[None]:
    """Reading what the one school has, for whoever holds its file."""
    with scope.acting(schools=[school_id]), scope.reading():
        yield


def _version_of(document_id: UUID) -> SignedVersion:
    fields = (
        "number",
        "amendment",
        "minor",
        "title",
        "state",
        "in_force_from",
        "ended_on",
        "policy_id",
        "school__name",
    )
    version = PolicyVersion.objects.only(*fields).select_related("school").get(document=document_id)
    others = PolicyVersion.objects.binding().filter(policy_id=version.policy_id).exclude(pk=version.pk)
    other = others.only("number", "amendment", "minor").first()
    return SignedVersion(
        school=version.school.name,
        title=version.title,
        label=version.label,
        state=version.state,
        in_force_from=version.in_force_from,
        ended_on=version.ended_on,
        superseded_by=other.label if other else "",
    )
