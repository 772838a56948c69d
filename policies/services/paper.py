"""Signatures on paper, as a scan, in place of signatures in the PDF."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from core import audit
from core.errors import Conflict, DomainError, InvalidTransition, WrongValue
from core.partdate import knows_day
from policies.models import PaperSignature, PolicyVersion, SignedDocument
from policies.services.importing import check_size
from policies.states import SIGNABLE
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_actor


@dataclass(frozen=True)
class OnPaper:
    """Who signed on paper, as the names stand there, and the day of the later signature."""

    head: str
    chair: str
    on: date


def attach_paper(
    version: PolicyVersion, scan: bytes, given: OnPaper, *, by: Membership, seen: str = ""
) -> PaperSignature:
    """Keeps the scan of a version that headteacher and chair signed on paper; a better scan takes the place of the first.

    `seen` is the stamp of the one that is replaced, "" for none; raises Conflict where somebody attached another meanwhile.
    Raises WrongValue for what is no PDF, holds anything that runs, or was signed before ratification or after today, and
    InvalidTransition when the version is not one to sign or somebody signed its PDF here.
    """
    check_actor(by, Permission.POLICY_RATIFY, version.school_id)
    _check_day(version, given.on)
    _check_scan(scan)
    digest = hashlib.sha256(scan).hexdigest()
    with transaction.atomic():
        locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
        if locked.state not in SIGNABLE:
            raise InvalidTransition("This version is not one to sign. Open the policy to see what holds now.")
        if SignedDocument.objects.filter(version=version, signed__gt=0).exists():
            raise InvalidTransition(
                "Somebody has signed the PDF of this version here. Sign it here throughout."
            )
        paper = _paper_of(version, seen)
        said = {"head": given.head.strip(), "chair": given.chair.strip(), "on": given.on, "sha256": digest}
        changes = audit.diff(paper, **said)
        for name, value in said.items():
            setattr(paper, name, value)
        paper.content, paper.by = scan, by
        paper.full_clean()
        paper.save()
        audit.record(
            "policy_version.paper_attached",
            by=by,
            school_id=version.school_id,
            target=version,
            changes=changes,
        )
    return paper


def _paper_of(version: PolicyVersion, seen: str) -> PaperSignature:
    there = PaperSignature.objects.filter(version=version).first()
    if there and there.updated_at.isoformat() != seen:
        raise Conflict(
            f"Somebody else attached a scan meanwhile, signed by {there.head} and {there.chair} by {date_format(there.on)}. "
            "Yours is not saved; choose it again and send it if it is the better one."
        )
    return there or PaperSignature(school_id=version.school_id, version=version)


def _check_day(version: PolicyVersion, on: date) -> None:
    if on > timezone.localdate():
        raise WrongValue("on", "Attach it once it is signed: this day is still to come.")
    if version.ratified_on and on < version.ratified_on and knows_day(version.ratified):
        raise WrongValue(
            "on", "This day is before the version was ratified. Look at the date on the paper again."
        )


def _check_scan(scan: bytes) -> None:
    from policies.reading.pdfguard import check_pdf  # noqa: PLC0415 - the reader loads only where a file is read

    try:
        check_size(len(scan))
        if scan[:1024].lstrip().startswith(b"%PDF"):
            check_pdf(scan)
    except DomainError as error:
        raise WrongValue("file", str(error)) from error
    if not scan[:1024].lstrip().startswith(b"%PDF"):
        raise WrongValue("file", "This is no PDF. Scan the signed policy to a PDF, and attach that.")
