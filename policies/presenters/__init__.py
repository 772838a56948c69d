"""How policies are said on pages."""

from policies.presenters.importing import draft_initial, preview
from policies.presenters.library import library
from policies.presenters.life import CONCLUDING, REVIEWING, life_panel
from policies.presenters.public import published_page, published_text_page
from policies.presenters.publishing import ANNOUNCING, publishing_panel
from policies.presenters.readers import (
    READER_COLUMNS,
    SUMMARY_COLUMNS,
    class_page,
    paper_choices,
    reader_lines,
    reader_rows,
    readers_pdf,
    summary_rows,
    who_choices,
)
from policies.presenters.reading import (
    LATE_COLUMNS,
    NEWCOMER_COLUMNS,
    READING_COLUMNS,
    audience_initial,
    audience_said,
    induction_page,
    late_rows,
    newcomer_rows,
    reading_rows,
    scope_facts,
    still_to_discuss,
)
from policies.presenters.steps import STARTING, check_summary, comparison, start_page
from policies.presenters.verification import (
    signature_word,
    signed_version_page,
    standing,
    verification_json,
    verification_page,
)
from policies.presenters.version import (
    MAKING_MINOR,
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
    "CONCLUDING",
    "LATE_COLUMNS",
    "MAKING_MINOR",
    "NEWCOMER_COLUMNS",
    "RATIFYING",
    "READER_COLUMNS",
    "READING_COLUMNS",
    "REVIEWING",
    "STARTING",
    "SUMMARY_COLUMNS",
    "WITHDRAWING",
    "acknowledge_url",
    "audience_initial",
    "audience_said",
    "check_summary",
    "class_page",
    "comparison",
    "draft_initial",
    "file_name",
    "induction_page",
    "late_rows",
    "library",
    "life_panel",
    "newcomer_rows",
    "paper_choices",
    "preview",
    "published_page",
    "published_text_page",
    "publishing_panel",
    "ratify_initial",
    "reader_lines",
    "reader_rows",
    "readers_pdf",
    "reading_page",
    "reading_rows",
    "scope_facts",
    "signature_word",
    "signed_version_page",
    "signing_page",
    "standing",
    "start_page",
    "still_to_discuss",
    "summary_rows",
    "verification_json",
    "verification_page",
    "who_choices",
]
