"""Writes of policies; every function takes plain values and the one who acts."""

from policies.services.acknowledging import acknowledge_version
from policies.services.advice import NewAdvice, record_advice, say_what_was_done
from policies.services.approval import (
    approve_version,
    ask_for_approval,
    replace_approver,
    send_back,
    take_back,
)
from policies.services.audience import hand_over, record_induction, set_audience, set_owner_and_audience
from policies.services.catalogue import decide_expected, forget_edition, load_catalogue, note_edition
from policies.services.certificates import authority_of, bring_certificate, make_certificate
from policies.services.clauses import (
    Heading,
    add_clause,
    add_first_clause,
    add_section,
    change_section,
    delete_clause,
    delete_section,
    move_clause,
    move_section,
    reword_clause,
)
from policies.services.collecting import asks_class, collect_from_class, collect_on_paper, mark_mistaken
from policies.services.commenting import answer_comment, leave_unanswered, record_word, say
from policies.services.consulting import ask_more, close_consultation, open_consultation
from policies.services.feeds import close_calendar, renew_calendar
from policies.services.guests import ending_soon, invite_guest, remind_once, remind_silent, remove_guest
from policies.services.importing import DraftDetails, check_size, import_document, save_draft
from policies.services.life import bring_into_force, ratify_version, withdraw_version
from policies.services.numbering import make_major, make_minor
from policies.services.outlines import (
    LOCAL,
    offer_outline,
    read_outline,
    start_outline,
    take_over,
    write_outline,
)
from policies.services.paper import OnPaper, attach_paper
from policies.services.parents import agree_by_link, close_link, remind_parents, send_link
from policies.services.publishing import publish_version, record_announcement, unpublish_version
from policies.services.questions import answer_questions, set_questions
from policies.services.reading_reminders import remind_readers
from policies.services.reminders import remind_all, remind_schools
from policies.services.reviewing import conclude_review, open_review
from policies.services.signing import ensure_document, sign_version
from policies.services.visiting import (
    Arrival,
    close_desk,
    erase_visits,
    open_desk,
    sign_in_visitor,
    sign_out_visitor,
    visit_ref,
)
from policies.services.writing import VersionDetails, save_details, start_policy, start_version

__all__ = [
    "LOCAL",
    "Arrival",
    "DraftDetails",
    "Heading",
    "NewAdvice",
    "OnPaper",
    "VersionDetails",
    "acknowledge_version",
    "add_clause",
    "add_first_clause",
    "add_section",
    "agree_by_link",
    "answer_comment",
    "answer_questions",
    "approve_version",
    "ask_for_approval",
    "ask_more",
    "asks_class",
    "attach_paper",
    "authority_of",
    "bring_certificate",
    "bring_into_force",
    "change_section",
    "check_size",
    "close_calendar",
    "close_consultation",
    "close_desk",
    "close_link",
    "collect_from_class",
    "collect_on_paper",
    "conclude_review",
    "decide_expected",
    "delete_clause",
    "delete_section",
    "ending_soon",
    "ensure_document",
    "erase_visits",
    "forget_edition",
    "hand_over",
    "import_document",
    "invite_guest",
    "leave_unanswered",
    "load_catalogue",
    "make_certificate",
    "make_major",
    "make_minor",
    "mark_mistaken",
    "move_clause",
    "move_section",
    "note_edition",
    "offer_outline",
    "open_consultation",
    "open_desk",
    "open_review",
    "publish_version",
    "ratify_version",
    "read_outline",
    "record_advice",
    "record_announcement",
    "record_induction",
    "record_word",
    "remind_all",
    "remind_once",
    "remind_parents",
    "remind_readers",
    "remind_schools",
    "remind_silent",
    "remove_guest",
    "renew_calendar",
    "replace_approver",
    "reword_clause",
    "save_details",
    "save_draft",
    "say",
    "say_what_was_done",
    "send_back",
    "send_link",
    "set_audience",
    "set_owner_and_audience",
    "set_questions",
    "sign_in_visitor",
    "sign_out_visitor",
    "sign_version",
    "start_outline",
    "start_policy",
    "start_version",
    "take_back",
    "take_over",
    "unpublish_version",
    "visit_ref",
    "withdraw_version",
    "write_outline",
]
