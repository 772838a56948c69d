"""How policies are said on pages."""

from policies.presenters.importing import draft_initial, preview
from policies.presenters.library import READER_COLUMNS, library, reader_row
from policies.presenters.public import published_page, published_text_page
from policies.presenters.publishing import ANNOUNCING, publishing_panel
from policies.presenters.verification import (
    signature_word,
    signed_version_page,
    standing,
    verification_json,
    verification_page,
)
from policies.presenters.version import (
    RATIFYING,
    WITHDRAWING,
    acknowledge_url,
    file_name,
    ratify_initial,
    reading_page,
    signing_page,
)

__all__ = [
    "ANNOUNCING",
    "RATIFYING",
    "READER_COLUMNS",
    "WITHDRAWING",
    "acknowledge_url",
    "draft_initial",
    "file_name",
    "library",
    "preview",
    "published_page",
    "published_text_page",
    "publishing_panel",
    "ratify_initial",
    "reader_row",
    "reading_page",
    "signature_word",
    "signed_version_page",
    "signing_page",
    "standing",
    "verification_json",
    "verification_page",
]
