"""Writes of tenancy: schools with their keys and chain, people and posts, learners, contacts, words, rules, drafts."""

from schools.services.agencies import add_agency, add_known_agencies, change_agency, remove_agency
from schools.services.drafts import discard_draft, draft_token, keep_draft, typed_text
from schools.services.form_draft import FormDraft
from schools.services.founding import create_school
from schools.services.invitations import (
    INVITATION_DAYS,
    accept_invitation,
    decline_invitation,
    invitation_path,
    invite_member,
    read_invitation,
    send_invitation_again,
)
from schools.services.learners import add_contact, add_learner, set_contact_email
from schools.services.people import add_member, appoint, end_appointment, end_membership
from schools.services.roll import Imported, import_learners
from schools.services.school_year import add_calendar, add_closure, add_term
from schools.services.settings import set_rule, set_word
from schools.services.signins import mail_about_sign_in, record_sign_in_event
from schools.services.trusts import create_trust

__all__ = [
    "INVITATION_DAYS",
    "FormDraft",
    "Imported",
    "accept_invitation",
    "add_agency",
    "add_calendar",
    "add_closure",
    "add_contact",
    "add_known_agencies",
    "add_learner",
    "add_member",
    "add_term",
    "appoint",
    "change_agency",
    "create_school",
    "create_trust",
    "decline_invitation",
    "discard_draft",
    "draft_token",
    "end_appointment",
    "end_membership",
    "import_learners",
    "invitation_path",
    "invite_member",
    "keep_draft",
    "mail_about_sign_in",
    "read_invitation",
    "record_sign_in_event",
    "remove_agency",
    "send_invitation_again",
    "set_contact_email",
    "set_rule",
    "set_word",
    "typed_text",
]
