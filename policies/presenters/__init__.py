"""How policies are said on pages."""

from policies.presenters.importing import draft_initial, preview
from policies.presenters.library import READER_COLUMNS, library, reader_row
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
    "RATIFYING",
    "READER_COLUMNS",
    "WITHDRAWING",
    "acknowledge_url",
    "draft_initial",
    "file_name",
    "library",
    "preview",
    "ratify_initial",
    "reader_row",
    "reading_page",
    "signing_page",
]
