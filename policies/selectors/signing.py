"""The signed PDF: whose signature comes next, and what the file is made of."""

from __future__ import annotations

from typing import Any

from policies.models import PaperSignature, PolicyVersion, SignedDocument
from policies.permissions import signing_post
from policies.selectors.fields import fill_sections
from policies.selectors.versions import HEAVY, sections_of
from policies.states import SIGNABLE
from schools.models import Membership


def to_sign(membership: Membership) -> list[PolicyVersion]:
    """Versions whose next signature this member may give."""
    versions = (
        membership.school.policyversions.filter(state__in=SIGNABLE, paper=None)
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


def paper_of(version: PolicyVersion) -> PaperSignature | None:
    """The scan of its signatures on paper, where there is one."""
    return getattr(version, "paper", None)


def signatures_so_far(version: PolicyVersion) -> int:
    """How many have signed; 0 while the PDF is not made yet."""
    document = getattr(version, "document", None)
    return document.signed if document else 0


CONTENTS_LEVELS = 2


def document_text(version: PolicyVersion, check_url: str) -> dict[str, Any]:
    """What the PDF of a version is made of. The same version and address give the same PDF."""
    sections = sections_of(version)
    fill_sections(version.school, sections)
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
        "check_url": check_url,
    }
