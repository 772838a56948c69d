"""Acknowledgements that somebody collects from others: from a class at the teacher's screen, or from a list on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused, WrongValue
from policies.enums import Audience, Way
from policies.models import Acknowledgement, Policy, PolicyVersion
from policies.permissions import may_take_back
from policies.selectors import told_before
from schools.enums import Permission
from schools.models import Learner, LearnerContact, Membership
from schools.permissions import check_actor
from schools.selectors import learners_of, start_of

Person = Membership | Learner | LearnerContact
PARTS: dict[type[Person], str] = {Membership: "member", Learner: "learner", LearnerContact: "contact"}
"""The field of an acknowledgement that names each kind of person."""


@dataclass(frozen=True)
class Sheet:
    """One collection: how, by whom, and when people agreed."""

    way: Way
    collected_by: Membership
    at: datetime


def collect_from_class(
    version: PolicyVersion, class_name: str, learners: Sequence[Learner], *, by: Membership
) -> int:
    """Records that these learners of one class agreed together, with their teacher; how many were new.

    Raises DomainError when the policy does not ask this class, or one of them is not in it.
    """
    check_actor(by, Permission.POLICY_CLASS, version.school_id)
    if not asks_class(version.policy, class_name):
        raise DomainError("This policy does not ask this class.")
    in_class = {one.pk for one in learners_of(version.school, [class_name])}
    if any(one.pk not in in_class for one in learners):
        raise DomainError("Somebody who is ticked is not in this class. Look at the list again.")
    return _record(version, learners, by=by, sheet=Sheet(Way.CLASS, by, timezone.now()))


def collect_on_paper(
    version: PolicyVersion,
    people: Sequence[Person],
    *,
    by: Membership,
    collected_by: Membership,
    on: date,
) -> int:
    """Enters a list that people signed on paper on one day; how many were new.

    Raises WrongValue for a day before the version was in force or one that lies ahead.
    """
    check_actor(by, Permission.POLICY_COLLECT, version.school_id)
    since = version.in_force_from
    if since is None or not since <= on <= timezone.localdate():
        raise WrongValue("on", "Give a day since this version is in force, and not one that lies ahead.")
    return _record(version, people, by=by, sheet=Sheet(Way.PAPER, collected_by, start_of(on)))


def mark_mistaken(given: Acknowledgement, *, by: Membership, reason: str) -> Acknowledgement:
    """Marks an agreement that somebody collected as entered in error: it stays on record, and counts no more.

    For whoever collected it, and those who keep the records. Raises Conflict where somebody marked it before.
    """
    check_actor(by, Permission.POLICY_CLASS, given.school_id)
    if not reason.strip():
        raise WrongValue("reason", "Say what was wrong with it.")
    with transaction.atomic():
        locked = Acknowledgement.objects.select_for_update().get(pk=given.pk)
        if locked.error_at:
            raise Conflict("Somebody was first: it is marked as entered in error already.")
        if not may_take_back(by, locked):
            raise PermissionRefused("Whoever collected it can mark it, or somebody who keeps these records.")
        locked.error_at, locked.error_by, locked.error_reason = timezone.now(), by, reason.strip()
        locked.save(update_fields=["error_at", "error_by", "error_reason", "updated_at"])
        audit.record(
            "acknowledgement.mistaken",
            by=by,
            school_id=locked.school_id,
            target=locked,
            changes={
                "person": [str(locked.person_id), None],
                "reason": [None, reason.strip()],
            },
        )
    return locked


def asks_class(policy: Policy, class_name: str) -> bool:
    """Whether learners of a class are asked to read a policy."""
    return Audience.LEARNER in policy.audience and (not policy.classes or class_name in policy.classes)


def _record(version: PolicyVersion, people: Sequence[Person], *, by: Membership, sheet: Sheet) -> int:
    """Who is on record already stays as they are. One audit entry for the list, with the ids of those who are new."""
    if not people:
        raise DomainError("Tick those who agreed.")
    with transaction.atomic():
        now = PolicyVersion.objects.select_for_update().get(pk=version.pk)
        if not now.is_binding:
            raise InvalidTransition(f"Version {now.label} is {now.get_state_display().lower()}.")
        rows = _missing(version, people, sheet)
        Acknowledgement.objects.bulk_create(rows, batch_size=200)
        told = told_before(version.policy, _reader(people)).monitoring
        changes: dict[str, list[Any]] = {
            "people": [None, [str(row.person_id) for row in rows]],
            "way": [None, sheet.way.value],
            "collected_by": [None, str(sheet.collected_by.pk)],
            "told_before": [None, told],
        }
        audit.record(
            "policy_version.collected", by=by, school_id=version.school_id, target=version, changes=changes
        )
    return len(rows)


def _reader(people: Sequence[Person]) -> str:
    """Whose words a list was told: those of learners or parents where one is on it."""
    kinds = {type(one) for one in people}
    if Learner in kinds:
        return Audience.LEARNER
    return Audience.PARENT if LearnerContact in kinds else ""


def _missing(version: PolicyVersion, people: Sequence[Person], sheet: Sheet) -> list[Acknowledgement]:
    """A row for each who is not on record yet."""
    standing = Acknowledgement.objects.standing_for(version)
    given = {pk for row in standing.values_list("member_id", "learner_id", "contact_id") for pk in row}
    return [
        Acknowledgement(
            school_id=version.school_id,
            version=version,
            way=sheet.way,
            collected_by=sheet.collected_by,
            at=sheet.at,
            **{PARTS[type(one)]: one},
        )
        for one in people
        if one.pk not in given
    ]
