"""The PDF of a version, made once, and the signatures of headteacher and chair, one after the other.

The libraries of signing take half a second and 30 MB to load, which only a process that signs should pay: they are
imported where they are used.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import audit
from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused
from core.pdf import render_pdf
from policies.models import PaperSignature, PolicyVersion, Signature, SignedDocument
from policies.permissions import signing_post
from policies.selectors import document_text
from policies.services.certificates import authority_of
from policies.states import SIGNABLE
from schools.enums import Permission, Role
from schools.models import Membership, School
from schools.permissions import check_actor
from schools.selectors import post_names

PLACES = (("headteacher", "Signature of the headteacher"), ("chair", "Signature of the chair"))
TEMPLATE = "pdf/policy.html"
FONT = "fonts/atkinson-hyperlegible-next-latin-400-normal.woff2"


def ensure_document(version: PolicyVersion) -> SignedDocument:
    """The PDF of a version with its empty places to sign, made on the first call; nothing is signed here.

    Rendering takes seconds, so call it outside a transaction. Two makers at once both render, and the first file kept is
    the one both get. Raises InvalidTransition unless the version is ratified or in force, and DomainError with a sentence
    when its text is too much for a PDF; nothing is kept then.
    """
    made = SignedDocument.objects.filter(version=version).first()
    if made:
        return made
    if version.state not in SIGNABLE:
        raise InvalidTransition("Only a ratified version is made into a PDF to sign.")
    document = SignedDocument(school_id=version.school_id, version=version)
    document.pdf = _make_pdf(version, document.pk)
    document.sha256 = _digest(document.pdf)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:
        return SignedDocument.objects.get(version=version)
    return document


def _make_pdf(version: PolicyVersion, document_id: UUID) -> bytes:
    """The PDF carries the address of its own check page: the id of the document, which stands nowhere else."""
    from policies.signing import SignatureField, prepare_for_signing  # noqa: PLC0415 - see above

    title = f"{version.title}, version {version.label}"
    check_url = f"{settings.PUBLIC_URL}{reverse('document_check', args=[document_id])}"
    pdf = render_pdf(TEMPLATE, document_text(version, check_url), title=title)
    return prepare_for_signing(pdf, [SignatureField(name, label) for name, label in PLACES])


def _digest(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


def sign_version(version: PolicyVersion, *, by: Membership, after: int | None = None) -> Signature:
    """Adds this member's signature to the PDF of a ratified version: the head first, then the chair.

    `after` is how many signatures the person saw. Raises Conflict when somebody signed in the meantime.
    """
    check_actor(by, Permission.POLICY_SIGN, version.school_id)
    if version.state not in SIGNABLE:
        raise InvalidTransition(
            "This version is not one to sign any more. Open the policy to see what holds now."
        )
    _check_no_paper(version.pk)
    document = ensure_document(version)
    _check_turn(document, by, after)
    post = signing_post(by, document.signed)
    if post is None:
        raise PermissionRefused(_whose_turn(document.signed))
    with transaction.atomic():
        # As every step on a version: the version first, then the end of the audit chain, where a new certificate is noted.
        PolicyVersion.objects.select_for_update().only("pk").get(pk=version.pk)
        authority_of(version.school)
    moment = timezone.now()
    pdf = _add_signature(document, by.name, Role(post), moment, version.school)
    signature = Signature(
        school_id=document.school_id,
        document=document,
        member=by,
        position=document.signed,
        name=by.name,
        post=post,
        sha256=_digest(pdf),
        at=moment,
    )
    return _store(signature, pdf)


def _add_signature(
    document: SignedDocument, name: str, post: Role, moment: datetime, school: School
) -> bytes:
    from policies.signing import SigningAct, sign_pdf  # noqa: PLC0415 - see above

    act = SigningAct(
        field=PLACES[document.signed][0],
        signer_name=name,
        signer_post=post_names(school)[post],
        signed_at=moment,
        certify=document.signed == 0,
        font=_font(),
    )
    return sign_pdf(bytes(document.pdf), act, authority=authority_of(school), tsa_url=settings.TSA_URL)


def _check_no_paper(version_id: UUID) -> None:
    if PaperSignature.objects.filter(version_id=version_id).exists():
        raise InvalidTransition("This version was signed on paper. Its scan stands beside it.")


def _check_turn(document: SignedDocument, by: Membership, after: int | None) -> None:
    if after is not None and after != document.signed:
        raise Conflict(_who_signed(document))
    if document.signatures.filter(member=by).exists():
        raise DomainError("You have signed this version already.")
    if document.signed >= len(PLACES):
        raise DomainError("Everybody who signs has signed this version.")


def _who_signed(document: SignedDocument) -> str:
    last = document.signatures.order_by("-position").first()
    who = f"{last.name} signed first" if last else "Somebody signed first"
    return f"{who}. Your signature was not added; look at the version again."


def _whose_turn(signed: int) -> str:
    return "The headteacher signs first." if signed == 0 else "The chair signs next."


def _store(signature: Signature, pdf: bytes) -> Signature:
    """Keeps the signed file unless somebody else signed the same one meanwhile, here or on paper."""
    document = signature.document
    with transaction.atomic():
        # Locked as where a scan is attached, so that of the two one is first and the other is told.
        PolicyVersion.objects.select_for_update().only("pk").get(pk=document.version_id)
        _check_no_paper(document.version_id)
        locked = SignedDocument.objects.select_for_update().defer("pdf").get(pk=document.pk)
        if locked.sha256 != document.sha256:
            raise Conflict(_who_signed(locked))
        document.pdf, document.sha256, document.signed = pdf, signature.sha256, document.signed + 1
        document.save(update_fields=["pdf", "sha256", "signed", "updated_at"])
        signature.save(force_insert=True)
        audit.record(
            "policy_version.signed",
            by=signature.member,
            school_id=document.school_id,
            target=audit.Reference("policies.policyversion", document.version_id),
            changes={"sha256": ["", signature.sha256]},
        )
    return signature


@cache
def _font() -> bytes:
    found = finders.find(FONT)
    return Path(found).read_bytes() if found else b""
