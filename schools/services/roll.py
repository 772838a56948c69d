"""Taking the roll of a school from a file: children and contacts are added and brought up to date, never removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.models import AuditHead
from schools.enums import Permission
from schools.models import Learner, LearnerContact, School
from schools.permissions import check_actor
from schools.selectors import learners_on_roll
from schools.services.roll_file import ContactRow, LearnerRow, child_key, read_roll

BATCH = 200
"""Rows in one statement; SQLite takes no more than some hundreds of values."""


@dataclass(frozen=True)
class Imported:
    """What an import did, in numbers; `missing` are on roll and not in the file; `unread` are headings."""

    counts: dict[str, int]
    missing: list[Learner]
    unread: list[str]


def import_learners(school: School, data: bytes, *, by: Actor) -> Imported:
    """Adds the children of a CSV file, and brings class, year and contacts of those who are known up to date.

    A child is known by name and birth date, a contact by name. Who is not in the file stays as they are. All of the file
    or nothing: raises DomainError with a sentence for every bad row. One audit entry with the counts.
    """
    check_actor(by, Permission.PEOPLE_MANAGE, school.pk)
    rows, unread = read_roll(data)
    with transaction.atomic():
        # Two imports at once would both add the same children.
        AuditHead.objects.select_for_update().get(school_id=school.pk)
        known = _known(school)
        counts: Counter[str] = Counter(
            read=len(rows), added=0, changed=0, contacts_added=0, contacts_changed=0
        )
        pairs = [(known.get(row.key) or _new(school, row), row) for row in rows]
        children = [child for child, _ in pairs if child._state.adding]
        Learner.objects.bulk_create(children, batch_size=BATCH)
        counts["added"] = len(children)
        counts["changed"] = _update(pair for pair in pairs if pair[1].key in known)
        _take_contacts(school, pairs, counts)
        keys = {row.key for row in rows}
        missing = [child for child in learners_on_roll(school) if _key(child) not in keys]
        changes = {name: [0, number] for name, number in (counts | {"missing": len(missing)}).items()}
        audit.record("learners.imported", by=by, school_id=school.pk, target=school, changes=changes)
    return Imported(dict(counts), missing, unread)


def _key(child: Learner) -> tuple[Any, ...]:
    return child_key(child.first_name, child.last_name, child.birth_date)


def _known(school: School) -> dict[tuple[Any, ...], Learner]:
    """Everybody who is or was here; of two of one name and birth date, who is on roll."""
    everybody = Learner.objects.filter(school=school).order_by("-created_at")
    on_roll = {child.pk for child in learners_on_roll(school)}
    return {_key(child): child for child in sorted(everybody, key=lambda child: child.pk in on_roll)}


def _new(school: School, row: LearnerRow) -> Learner:
    return Learner(
        school=school,
        first_name=row.first_name,
        last_name=row.last_name,
        birth_date=row.birth_date,
        year_group=row.year_group,
        class_name=row.class_name,
    )


def _update(pairs: Iterable[tuple[Learner, LearnerRow]]) -> int:
    """Brings class and year up to date, and back on roll who had left; how many changed."""
    changed, now = [], timezone.now()
    for child, row in pairs:
        back = child.left_on is not None and child.left_on < timezone.localdate()
        if back or (child.year_group, child.class_name) != (row.year_group, row.class_name):
            child.year_group, child.class_name, child.updated_at = row.year_group, row.class_name, now
            child.left_on = None if back else child.left_on
            changed.append(child)
    Learner.objects.bulk_update(
        changed, ["year_group", "class_name", "left_on", "updated_at"], batch_size=BATCH // 2
    )
    return len(changed)


def _take_contacts(school: School, pairs: list[tuple[Learner, LearnerRow]], counts: Counter[str]) -> None:
    """Adds who is new, and changes number, relationship and order of who is known."""
    held = {
        (contact.learner_id, contact.name.casefold()): contact
        for contact in LearnerContact.objects.filter(school=school)
    }
    new = []
    for child, row in pairs:
        for priority, said in enumerate(row.contacts, start=1):
            contact = held.get((child.pk, said.name.casefold()))
            if contact is None:
                new.append(_contact(child, said, priority))
            else:
                counts["contacts_changed"] += _change(contact, said, priority)
    LearnerContact.objects.bulk_create(new, batch_size=BATCH)
    counts["contacts_added"] = len(new)


def _contact(child: Learner, said: ContactRow, priority: int) -> LearnerContact:
    return LearnerContact(
        school_id=child.school_id,
        learner=child,
        name=said.name,
        phone=said.phone,
        email=said.email,
        relationship=said.relationship,
        priority=priority,
    )


def _change(contact: LearnerContact, said: ContactRow, priority: int) -> bool:
    """A number or address that is not in the file is kept: an export without them must not take them away."""
    new = {
        "phone": said.phone or contact.phone,
        "email": said.email or contact.email,
        "relationship": said.relationship,
        "priority": priority,
    }
    if not audit.diff(contact, **new):
        return False
    for name, value in new.items():
        setattr(contact, name, value)
    contact.save(update_fields=[*new, "updated_at"])
    return True
