"""What specialists advised on a version, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import InvalidTransition, WrongValue
from policies.enums import VersionState as V
from policies.models import Advice, PolicyVersion
from policies.services.commenting import about_clause
from schools.enums import Permission
from schools.permissions import check_actor, member_of
from schools.services.locking import as_read

OVER = (V.SUPERSEDED, V.WITHDRAWN)


@dataclass(frozen=True)
class NewAdvice:
    """Who advised, in which capacity, when, on which clause (None: the whole), what, and what was done."""

    adviser: str
    capacity: str
    on: date
    text: str
    organisation: str = ""
    clause: UUID | None = None
    done: str = ""


def record_advice(version: PolicyVersion, given: NewAdvice, *, by: Actor) -> Advice:
    """Records advice on a version whose life is not over. Raises WrongValue for a day that lies ahead."""
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    if given.on > timezone.localdate():
        raise WrongValue("on", "The day must not lie ahead.")
    with transaction.atomic():
        locked = PolicyVersion.objects.select_for_update().get(pk=version.pk)
        if locked.state in OVER:
            raise InvalidTransition(f"Version {locked.label} is {locked.get_state_display().lower()}.")
        advice = Advice(
            school_id=version.school_id,
            version=locked,
            recorded_by=member_of(by),
            about=about_clause(locked.pk, given.clause),
            **{
                name: value.strip() if isinstance(value, str) else value
                for name, value in vars(given).items()
            },
        )
        advice.full_clean(exclude=["version"])
        advice.save(force_insert=True)
        audit.record("advice.recorded", by=by, school_id=version.school_id, target=advice)
    return advice


def say_what_was_done(advice: Advice, *, by: Actor, done: str) -> Advice:
    """Says what was done about advice; the advice itself stands as it was recorded. Raises Conflict where somebody did since."""
    check_actor(by, Permission.POLICY_MANAGE, advice.school_id)
    if not done.strip():
        raise WrongValue("done", "Say what was done, or why nothing was.")
    with transaction.atomic():
        now = as_read(advice, "done")
        changes = {"done": [now.done, done.strip()]}
        now.done = done.strip()
        now.save(update_fields=["done", "updated_at"])
        audit.record("advice.done", by=by, school_id=now.school_id, target=now, changes=changes)
    return now
