"""Reads of policies that more than one page or another app needs."""

from policies.selectors.acknowledging import (
    AcknowledgementFigure,
    Progress,
    acknowledgement_figures,
    acknowledgement_progress,
    audience_of,
)
from policies.selectors.checking import (
    check_stored,
    check_version,
    read_and_check,
    school_state,
    version_by_id,
)
from policies.selectors.library import (
    PolicyFacts,
    PolicyStanding,
    StandingRow,
    Waiting,
    library,
    policy_standing,
    reminder_days,
    waiting_for,
)
from policies.selectors.page import ReadingFacts, page_findings, reading_facts
from policies.selectors.public import Published, PublishedText, published, published_pdf, published_text
from policies.selectors.signing import document_is_made, document_text, to_sign
from policies.selectors.verification import (
    SignedVersion,
    Verification,
    check_pdf_size,
    signed_version,
    verify_document,
)
from policies.selectors.versions import (
    held_policies,
    policy_choices,
    sections_of,
    title_key,
    unsaved_documents,
    version_to_read,
    visible_versions,
)

__all__ = [
    "AcknowledgementFigure",
    "PolicyFacts",
    "PolicyStanding",
    "Progress",
    "Published",
    "PublishedText",
    "ReadingFacts",
    "SignedVersion",
    "StandingRow",
    "Verification",
    "Waiting",
    "acknowledgement_figures",
    "acknowledgement_progress",
    "audience_of",
    "check_pdf_size",
    "check_stored",
    "check_version",
    "document_is_made",
    "document_text",
    "held_policies",
    "library",
    "page_findings",
    "policy_choices",
    "policy_standing",
    "published",
    "published_pdf",
    "published_text",
    "read_and_check",
    "reading_facts",
    "reminder_days",
    "school_state",
    "sections_of",
    "signed_version",
    "title_key",
    "to_sign",
    "unsaved_documents",
    "verify_document",
    "version_by_id",
    "version_to_read",
    "visible_versions",
    "waiting_for",
]
