"""Writes of policies; every function takes plain values and the one who acts."""

from policies.services.acknowledging import acknowledge_version
from policies.services.audience import record_induction, set_audience
from policies.services.feeds import close_calendar, renew_calendar
from policies.services.importing import DraftDetails, check_size, import_document, save_draft
from policies.services.life import bring_into_force, ratify_version, withdraw_version
from policies.services.numbering import make_major, make_minor
from policies.services.publishing import publish_version, record_announcement, unpublish_version
from policies.services.reminders import remind_all, remind_schools
from policies.services.signing import authority_of, ensure_document, sign_version

__all__ = [
    "DraftDetails",
    "acknowledge_version",
    "authority_of",
    "bring_into_force",
    "check_size",
    "close_calendar",
    "ensure_document",
    "import_document",
    "make_major",
    "make_minor",
    "publish_version",
    "ratify_version",
    "record_announcement",
    "record_induction",
    "remind_all",
    "remind_schools",
    "renew_calendar",
    "save_draft",
    "set_audience",
    "sign_version",
    "unpublish_version",
    "withdraw_version",
]
