"""Writes of concerns: logging, working, telling the story, undertaking actions.

Each runs in a transaction from its first check on, because the database shows rows inside a transaction alone.
"""

from incidents.services.actions import NewAction, add_action, complete_action
from incidents.services.people import add_person
from incidents.services.procedure import StepDone, record_step
from incidents.services.report import NewConcern, log_concern, mark_seen
from incidents.services.story import (
    NewEntry,
    add_entry,
    correct_entry,
    mark_entered_in_error,
    reply_to_reporter,
)
from incidents.services.work import (
    Closing,
    Triage,
    assign_concern,
    close_concern,
    reopen_concern,
    triage_concern,
)

__all__ = [
    "Closing", "NewAction", "NewConcern", "NewEntry", "StepDone", "Triage", "add_action", "add_entry", "add_person", "assign_concern",
    "close_concern", "complete_action", "correct_entry", "log_concern", "mark_entered_in_error", "mark_seen", "record_step",
    "reopen_concern", "reply_to_reporter", "triage_concern",
]  # fmt: skip
