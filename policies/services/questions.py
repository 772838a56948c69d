"""The short check of understanding: written with a policy, answered after reading, as often as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import DomainError, InvalidTransition
from policies.models import Acknowledgement, Policy, PolicyVersion
from policies.selectors.questions import FEWEST, MOST, Question, own_acknowledgement, questions_of
from policies.services.locking import lock_policy
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_actor


def set_questions(policy: Policy, questions: Sequence[Question], *, by: Actor) -> Policy:
    """Sets what is asked after reading; none takes the check away. Who has passed stays so.

    Raises DomainError for too few or too many, Conflict when somebody changed the policy since it was read.
    """
    check_actor(by, Permission.POLICY_MANAGE, policy.school_id)
    if questions and not FEWEST <= len(questions) <= MOST:
        raise DomainError(f"Write {FEWEST} to {MOST} questions, or none at all.")
    if any(len(set(one.answers)) < len(one.answers) or len(one.answers) < 2 for one in questions):
        raise DomainError("Each question needs at least two answers, all of them different.")
    with transaction.atomic():
        locked = lock_policy(policy)
        stored = [one.stored() for one in questions]
        changes = audit.diff(locked, questions=stored)
        locked.questions, locked.revision = stored, locked.revision + 1
        locked.save(update_fields=["questions", "revision", "updated_at"])
        audit.record(
            "policy.questions_set",
            by=by,
            school_id=locked.school_id,
            target=locked,
            label=locked.title,
            changes=changes,
        )
    return locked


def answer_questions(version: PolicyVersion, said: Sequence[str], *, by: Membership) -> list[int]:
    """Takes a member's answers, as keys in the order of the questions; the places of those that are wrong.

    Counts the try, and when all are right keeps the moment; after that nothing changes any more. Raises InvalidTransition
    for somebody who has not acknowledged the version.
    """
    check_actor(by, Permission.POLICY_READ, version.school_id)
    wrong = [
        place
        for place, one in enumerate(questions_of(version.policy))
        if [*said[place : place + 1]] != [one.right]
    ]
    with transaction.atomic():
        given = own_acknowledgement(version, by)
        if given is None:
            raise InvalidTransition("Read this policy and acknowledge it first.")
        locked = Acknowledgement.objects.select_for_update().get(pk=given.pk)
        if locked.passed_at is None:
            locked.tries += 1
            locked.passed_at = None if wrong else timezone.now()
            locked.save(update_fields=["tries", "passed_at", "updated_at"])
            changes: dict[str, list[Any]] = {
                "tries": [locked.tries - 1, locked.tries],
                "passed": [False, not wrong],
            }
            audit.record(
                "policy_version.questions_answered",
                by=by,
                school_id=version.school_id,
                target=version,
                changes=changes,
            )
    return wrong
