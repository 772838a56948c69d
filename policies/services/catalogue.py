"""A school's part of the catalogue: editions of guidance it knows of, and which policies it is expected to have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from core import audit
from core.audit import Actor, Job
from core.errors import Conflict, WrongValue
from core.partdate import first_day
from policies.check import OwnCatalogue, OwnEdition, OwnPolicy, shipped
from policies.models import ExpectedPolicy, GuidanceEdition
from schools.enums import Permission
from schools.models import School
from schools.permissions import check_actor, member_of
from schools.services.locking import one_by_one

_Wanted = tuple[GuidanceEdition | ExpectedPolicy, dict[str, Any]]


def note_edition(school: School, edition: OwnEdition, *, by: Actor) -> GuidanceEdition:
    """Notes an edition of guidance with its source, from now on used by the check.

    A document that the catalogue does not hold gets its key from its title. Raises Conflict when the school has noted
    this edition before: take that away first, and DomainError for a title without letters.
    """
    check_actor(by, Permission.POLICY_MANAGE, school.pk)
    key = _key_of(edition.guidance, edition.title)
    with transaction.atomic():
        one_by_one(school.pk)
        row = GuidanceEdition(school=school, by=member_of(by), **{**asdict(edition), "guidance": key})
        if GuidanceEdition.objects.filter(school=school, guidance=row.guidance, edition=row.edition).exists():
            raise Conflict(f"The {row.edition} edition of “{row.title}” is noted already.")
        row.full_clean()
        row.save(force_insert=True)
        audit.record("guidance.noted", by=by, school_id=school.pk, target=row, label=str(row))
    return row


def forget_edition(row: GuidanceEdition, *, by: Actor) -> None:
    """Takes back an edition that the school noted; the catalogue as shipped holds again. The audit keeps what stood."""
    check_actor(by, Permission.POLICY_MANAGE, row.school_id)
    with transaction.atomic():
        now = GuidanceEdition.objects.select_for_update().filter(pk=row.pk).first()
        if now is None:
            return
        changes = {
            name: [getattr(now, name), None] for name in ("edition", "in_force", "confirmed", "source")
        }
        now.delete()
        audit.record(
            "guidance.forgotten", by=by, school_id=row.school_id, target=row, label=str(row), changes=changes
        )


def decide_expected(school: School, policy: OwnPolicy, *, seen: str, by: Actor) -> ExpectedPolicy:
    """Sets whether a policy is needed here, how often it is reviewed (months), and why.

    A policy that the catalogue does not hold gets its key from its title. `seen` is the stamp of what the school decided
    before ("" for nothing); raises Conflict when somebody decided meanwhile, and DomainError for a title without letters.
    """
    check_actor(by, Permission.POLICY_MANAGE, school.pk)
    key = _key_of(policy.key, policy.title)
    with transaction.atomic():
        one_by_one(school.pk)
        row = ExpectedPolicy.objects.filter(school=school, key=key).first()
        if row and not policy.key:
            raise Conflict(f"“{row.title}” is on the list already. Open it there to decide about it.")
        if (row.updated_at.isoformat() if row else "") != seen:
            raise Conflict(
                "Somebody decided this while you were writing. Save again to put your answer in its place."
            )
        row = row or ExpectedPolicy(school=school, key=key)
        new = {
            "title": policy.title,
            "needed": policy.needed,
            "interval": policy.interval,
            "source": policy.source,
        }
        changes = audit.diff(row, **new)
        for name, value in new.items():
            setattr(row, name, value)
        row.by = member_of(by)
        row.full_clean()
        row.save()
        audit.record(
            "expected_policy.decided",
            by=by,
            school_id=school.pk,
            target=row,
            label=row.title,
            changes=changes,
        )
    return row


def _key_of(key: str, title: str) -> str:
    """The key of a known document or policy; of another, what its title gives."""
    key = key or slugify(title)[:60]
    if not key:
        raise WrongValue(
            "title", "Give a title with letters from A to Z, so that it can be told from others."
        )
    return key


def load_catalogue(school: School, own: OwnCatalogue, *, by: Job) -> tuple[int, int]:
    """Takes in what a file says; returns how many rows are new or changed, and how many stay as people here decided.

    What the catalogue as shipped says already needs no row.
    """
    with transaction.atomic():
        one_by_one(school.pk)
        wanted: list[_Wanted] = [*_editions(school, own), *_policies(school, own)]
        taken = [row for row, values in wanted if not row.by_id and _set(row, values)]
        for row in taken:
            row.full_clean()
            row.save()
        if taken:
            said = {str(row): ["", row.source] for row in taken}
            audit.record("catalogue.loaded", by=by, school_id=school.pk, target=school, changes=said)
    return len(taken), sum(bool(row.by_id) for row, _ in wanted)


def _editions(school: School, own: OwnCatalogue) -> Iterator[_Wanted]:
    """The school's row of each edition of a file, and what the file says; without those that the catalogue holds as said."""
    known = {
        (entry.key, one.name): (one.since, one.confirmed)
        for entry in shipped().guidance
        for one in entry.editions
    }
    held = {(row.guidance, row.edition): row for row in GuidanceEdition.objects.filter(school=school)}
    for one in own.editions:
        place = (one.guidance, one.edition)
        if place in held or known.get(place) != (first_day(one.in_force), one.confirmed):
            yield held.get(place) or GuidanceEdition(school=school), asdict(one)


def _policies(school: School, own: OwnCatalogue) -> Iterator[_Wanted]:
    """The same for the policies of a file."""
    known = {one.key: one.interval for one in shipped().statutory if school.kind in one.kinds}
    held = {row.key: row for row in ExpectedPolicy.objects.filter(school=school)}
    for one in own.policies:
        if one.key in held or not one.needed or known.get(one.key) != one.interval:
            yield held.get(one.key) or ExpectedPolicy(school=school), asdict(one)


def _set(row: GuidanceEdition | ExpectedPolicy, values: dict[str, Any]) -> bool:
    """Sets what a row says; whether anything of it is new."""
    new = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in new.items():
        setattr(row, name, value)
    return bool(new)
