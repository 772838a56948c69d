"""Saving what a form says about a policy that others may be changing too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.errors import Conflict, DomainError
from core.forms import HouseForm
from policies.models import Policy


def saved(policy: Policy, form: HouseForm, save: Callable[[], object]) -> bool:
    """Whether it is saved; else the form says why not, and the next send is about what stands now."""
    policy.revision = form.cleaned_data["revision"]
    try:
        save()
    except DomainError as error:
        form.add_error(None, str(error))
        policy.refresh_from_db()
        if isinstance(error, Conflict):  # whatever else was wrong, nobody was told of another's change
            form.put(revision=policy.revision)
        return False
    return True


def stamp(row: Any) -> str:
    """Which saving of a record this is, for the form that is about it; "" for none."""
    return row.updated_at.isoformat() if row else ""


def saved_row(row: Any, form: HouseForm, save: Callable[[], object]) -> bool:
    """The same for a record of its own, as the person saw it when the form was made (`seen`)."""
    try:
        row.updated_at = datetime.fromisoformat(form.cleaned_data["seen"])
    except ValueError:
        row.updated_at = None  # no saving bears it: what stands now is shown
    try:
        save()
    except DomainError as error:
        form.add_error(error.about, str(error))
        row.refresh_from_db()
        if isinstance(error, Conflict):
            form.put(seen=stamp(row))
        return False
    return True
