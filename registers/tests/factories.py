"""Register entries for tests, made through the services."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils import timezone

from registers import services
from registers.enums import Register
from registers.models import RegisterEntry
from schools.models import Membership

NOTES = "Went through how worries travel to the safeguarding team."


def meeting(dsl: Membership, governor: Membership, **changes: Any) -> services.NewEntry:
    """A termly meeting as the form gives it."""
    usual = {
        "happened_on": timezone.localdate(),
        "done_by": dsl,
        "second": governor,
        "notes": NOTES,
        "actions": "Poster.",
    }
    return services.NewEntry(register=Register.GOVERNOR_MEETING, **{**usual, **changes})


def check(by: Membership, **changes: Any) -> services.NewEntry:
    """A check of filtering and monitoring."""
    usual = {
        "happened_on": timezone.localdate(),
        "done_by": by,
        "notes": "Ten test words.",
        "checked": ["learner"],
        "result": "works",
    }
    return services.NewEntry(register=Register.FILTERING_CHECK, **{**usual, **changes})


def add(by: Membership, entry: services.NewEntry) -> RegisterEntry:
    """The entry, stored."""
    return services.add_entry(by.school, entry, by=by, client_ref=uuid4())
