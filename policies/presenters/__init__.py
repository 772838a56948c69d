"""How policies are said on pages."""

from policies.presenters.importing import draft_initial, preview
from policies.presenters.library import READER_COLUMNS, library, reader_row
from policies.presenters.public import published_page, published_text_page
from policies.presenters.publishing import ANNOUNCING, publishing_panel
from policies.presenters.reading import (
    NEWCOMER_COLUMNS,
    READING_COLUMNS,
    audience_initial,
    audience_said,
    induction_page,
    newcomer_rows,
    reading_rows,
    scope_facts,
    still_to_discuss,
)
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
    "NEWCOMER_COLUMNS",
    "RATIFYING",
    "READER_COLUMNS",
    "READING_COLUMNS",
    "WITHDRAWING",
    "acknowledge_url",
    "audience_initial",
    "audience_said",
    "draft_initial",
    "file_name",
    "induction_page",
    "library",
    "newcomer_rows",
    "preview",
    "published_page",
    "published_text_page",
    "publishing_panel",
    "ratify_initial",
    "reader_row",
    "reading_page",
    "reading_rows",
    "scope_facts",
    "signature_word",
    "signed_version_page",
    "signing_page",
    "standing",
    "still_to_discuss",
    "verification_json",
    "verification_page",
]
