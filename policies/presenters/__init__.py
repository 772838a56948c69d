"""How policies are said on pages."""

from policies.presenters.importing import draft_initial, preview
from policies.presenters.library import LIBRARY_COLUMNS, READER_COLUMNS, library_row, reader_row
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
    "LIBRARY_COLUMNS",
    "RATIFYING",
    "READER_COLUMNS",
    "WITHDRAWING",
    "acknowledge_url",
    "draft_initial",
    "file_name",
    "library_row",
    "preview",
    "ratify_initial",
    "reader_row",
    "reading_page",
    "signing_page",
]
