"""The signed PDF: whose signature comes next, and what can be said of any PDF."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policies.models import PolicyVersion, Signature, SignedDocument, SigningAuthority
from policies.permissions import signing_post
from policies.selectors.versions import HEAVY, sections_of
from policies.states import SIGNABLE
from schools.models import Membership, School


def to_sign(membership: Membership) -> list[PolicyVersion]:
    """Versions whose next signature this member may give."""
    versions = (
        membership.school.policyversions.filter(state__in=SIGNABLE)
        .defer(*HEAVY)
        .select_related("document", "school")
        .defer("document__pdf")
        .order_by("ratified_on")
    )
    signed_already = set(membership.policy_signatures.values_list("document__version_id", flat=True))
    return [
        one
        for one in versions
        if one.pk not in signed_already and signing_post(membership, signatures_so_far(one)) is not None
    ]


def document_is_made(version: PolicyVersion) -> bool:
    """Whether the PDF to be signed is there already."""
    return SignedDocument.objects.filter(version=version).exists()


def signatures_so_far(version: PolicyVersion) -> int:
    """How many have signed; 0 while the PDF is not made yet."""
    document = getattr(version, "document", None)
    return document.signed if document else 0


CONTENTS_LEVELS = 2

if TYPE_CHECKING:
    from policies.signing import SignatureVerdict


@dataclass(frozen=True)
class Verification:
    """What can be said of a PDF: its signatures, the version it is, and whether that version still holds."""

    whole: bool
    signatures: list[SignatureVerdict]
    school: str = ""
    title: str = ""
    number: int | None = None
    state: str = ""


def verify_document(data: bytes, school: School) -> Verification:
    """Checks a PDF against a school's own certificate and the documents that it has signed."""
    from policies.signing import all_is_well, verify_pdf  # noqa: PLC0415 - 30 MB that few processes should load

    roots = [authority.certificate.encode() for authority in SigningAuthority.objects.filter(school=school)]
    verdicts = verify_pdf(data, roots=roots)
    digest = hashlib.sha256(data).hexdigest()
    signature = (
        Signature.objects.filter(school=school, sha256=digest).select_related("document__version").first()
    )
    if signature is None:
        return Verification(whole=all_is_well(verdicts), signatures=verdicts)
    version = signature.document.version
    return Verification(
        whole=all_is_well(verdicts),
        signatures=verdicts,
        school=school.name,
        title=version.title,
        number=version.number,
        state=version.get_state_display(),
    )


def document_text(version: PolicyVersion) -> dict[str, Any]:
    """What the PDF of a version is made of. The same version gives the same PDF."""
    sections = sections_of(version)
    headings = [
        {
            "anchor": one.anchor,
            "label": " ".join(filter(None, [one.label, one.heading])),
            "depth": one.level,
        }
        for one in sections
        if (one.heading or one.label) and one.level <= CONTENTS_LEVELS
    ]
    return {
        "version": version,
        "policy": version.policy,
        "school": version.school,
        "sections": sections,
        "entries": headings,
        "dated": version.ratified_on,
    }
