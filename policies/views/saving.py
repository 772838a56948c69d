"""Saving what a form says about a policy that others may be changing too."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import DomainError
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
        form.put(revision=policy.revision)
        return False
    return True
