"""Writing the text of a draft clause by clause: add, reword, move, delete. Each change is audited with what it changed.

Every function locks the draft. They raise Conflict when somebody changed it since `version` was read, InvalidTransition
when it is not a draft any more, and DomainError with a sentence where the change makes no sense.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from policies.enums import SectionStatus
from policies.models import Clause, PolicyVersion, Section
from policies.services.content import check_common
from policies.services.text import Text, clean_words
from policies.services.writing import lock_draft, touch
from schools.enums import Permission
from schools.permissions import check_actor

DEEPEST = 5
UP, DOWN, IN, OUT = "up", "down", "in", "out"


@dataclass
class Act:
    """A change under way: the text to work on, and what the audit entry will say."""

    text: Text
    target: Section | Clause | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)


@contextmanager
def _writing(version: PolicyVersion, by: Actor, action: str) -> Iterator[Act]:
    """One change of the text: the draft locked before, its rows stored, it and the audit written after."""
    check_actor(by, Permission.POLICY_MANAGE, version.school_id)
    with transaction.atomic():
        locked = lock_draft(version)
        act = Act(Text(locked))
        yield act
        check_common(locked, act.text.plain())
        act.text.store()
        touch(locked)
        label = act.target.label if act.target else ""
        audit.record(
            action, by=by, school_id=locked.school_id, target=act.target or locked, label=label, changes=act.changes
        )  # fmt: skip


def add_clause(
    version: PolicyVersion, wording: tuple[str, str], *, by: Actor, beside: UUID, above: bool = False
) -> Clause:
    """A new clause (label, text) below the clause `beside` or above it, as deep as that one."""
    with _writing(version, by, "policy_clause.added") as act:
        neighbour = act.text.clause(beside)
        section, index = act.text.place(neighbour)
        clause = _new_clause(act, wording, neighbour.depth)
        act.text.insert(clause, act.text.sections[section], index if above else index + 1)
    return clause


def add_first_clause(version: PolicyVersion, wording: tuple[str, str], *, by: Actor, section: UUID) -> Clause:
    """A new clause (label, text) as the first of a section."""
    with _writing(version, by, "policy_clause.added") as act:
        clause = _new_clause(act, wording, 0)
        act.text.insert(clause, act.text.section(section), 0)
    return clause


def _new_clause(act: Act, wording: tuple[str, str], depth: int) -> Clause:
    label, text = _said(wording)
    version = act.text.version
    clause = Clause(
        id=uuid4(), school_id=version.school_id, version=version, depth=depth, label=label, text=text
    )
    act.target, act.changes = clause, {"label": ["", label], "text": ["", text]}
    return clause


def _said(wording: tuple[str, str]) -> tuple[str, str]:
    label, text = (clean_words(part).strip() for part in wording)
    if not text:
        raise DomainError("Write what the clause says.")
    return label, text


def reword_clause(version: PolicyVersion, wording: tuple[str, str], *, by: Actor, clause: UUID) -> Clause:
    """Another label and text of a clause; the same again changes nothing."""
    label, text = _said(wording)
    with _writing(version, by, "policy_clause.reworded") as act:
        found = act.text.clause(clause)
        act.target, act.changes = found, audit.diff(found, label=label, text=text)
        found.label, found.text = label, text
        found.save(update_fields=["label", "text", "updated_at"])
    return found


def move_clause(version: PolicyVersion, direction: str, *, by: Actor, clause: UUID) -> Clause:
    """A clause one place up or down, into the next section at the end of one, or one step in or out."""
    with _writing(version, by, "policy_clause.moved") as act:
        found = act.text.clause(clause)
        act.target = found
        before = (act.text.place(found), found.depth)
        if direction in (IN, OUT):
            found.depth = _indented(found.depth, 1 if direction == IN else -1)
            found.save(update_fields=["depth", "updated_at"])
        else:
            _step(act.text, found, -1 if direction == UP else 1)
        (section, index), depth = before
        after, place = act.text.place(found)
        act.changes = {"section": [section, after], "place": [index, place], "depth": [depth, found.depth]}
    return found


def _indented(depth: int, by: int) -> int:
    if not 0 <= depth + by <= DEEPEST:
        raise DomainError("It is as far out as it goes." if by < 0 else "It is as far in as it goes.")
    return depth + by


def _step(text: Text, clause: Clause, by: int) -> None:
    section, index = text.place(clause)
    beside = text.under[clause.section_id]
    if 0 <= index + by < len(beside):
        text.take_out(clause)
        text.insert(clause, text.sections[section], index + by)
        return
    if not 0 <= section + by < len(text.sections):
        raise DomainError("It stands first already." if by < 0 else "It stands last already.")
    other = text.sections[section + by]
    text.take_out(clause)
    text.insert(clause, other, len(text.under[other.pk]) if by < 0 else 0)
    clause.save(update_fields=["section", "updated_at"])


def delete_clause(version: PolicyVersion, *, by: Actor, clause: UUID) -> None:
    """Takes a clause out of the draft; its words stay in the audit trail and in earlier versions."""
    with _writing(version, by, "policy_clause.deleted") as act:
        found = act.text.clause(clause)
        act.target = found
        act.changes = {"label": [found.label, ""], "text": [found.text, ""]}
        act.text.take_out(found)
        pk = found.pk
        found.delete()
        found.pk = pk


@dataclass(frozen=True)
class Heading:
    """What a section says of itself."""

    label: str = ""
    heading: str = ""
    level: int = 1
    status: str = SectionStatus.IN_USE


def add_section(version: PolicyVersion, heading: Heading, *, by: Actor, after: UUID | None = None) -> Section:
    """A new section behind another one, or at the end."""
    with _writing(version, by, "policy_section.added") as act:
        section = Section(
            id=uuid4(), school_id=version.school_id, version=act.text.version, **_titled(heading)
        )
        place = len(act.text.sections)
        if after is not None:
            place = act.text.sections.index(act.text.section(after)) + 1
        act.text.sections.insert(place, section)
        act.text.under[section.pk] = []
        act.target, act.changes = section, {"heading": ["", section.heading], "label": ["", section.label]}
    return section


def _titled(heading: Heading) -> dict[str, Any]:
    label, words = heading.label.strip(), " ".join(heading.heading.split())
    if not (label or words):
        raise DomainError("Give the section a heading or a label.")
    return {"label": label, "heading": words, "level": heading.level, "status": heading.status}


def change_section(version: PolicyVersion, heading: Heading, *, by: Actor, section: UUID) -> Section:
    """Another label, heading, level or status of a section."""
    said = _titled(heading)
    with _writing(version, by, "policy_section.changed") as act:
        found = act.text.section(section)
        act.target, act.changes = found, audit.diff(found, **said)
        for name, value in said.items():
            setattr(found, name, value)
        found.save(update_fields=[*said, "updated_at"])
    return found


def move_section(version: PolicyVersion, direction: str, *, by: Actor, section: UUID) -> Section:
    """A section with its clauses one place up or down."""
    with _writing(version, by, "policy_section.moved") as act:
        found = act.text.section(section)
        place = act.text.sections.index(found)
        other = place + (-1 if direction == UP else 1)
        if not 0 <= other < len(act.text.sections):
            raise DomainError("It stands first already." if direction == UP else "It stands last already.")
        act.text.sections.insert(other, act.text.sections.pop(place))
        act.target, act.changes = found, {"place": [place, other]}
    return found


def delete_section(version: PolicyVersion, *, by: Actor, section: UUID) -> None:
    """Takes a heading out; its clauses go to the section above. Refused for the first section while it has clauses."""
    with _writing(version, by, "policy_section.deleted") as act:
        found = act.text.section(section)
        place, orphans = act.text.sections.index(found), act.text.under[found.pk]
        if orphans and not place:
            raise DomainError("It is the first section and has clauses. Move or delete them before.")
        act.target = found
        act.changes = {"label": [found.label, ""], "heading": [found.heading, ""]}
        for clause in orphans:
            act.text.under[act.text.sections[place - 1].pk].append(clause)
            clause.section = act.text.sections[place - 1]
            clause.save(update_fields=["section", "updated_at"])
        del act.text.sections[place]
        pk = found.pk
        found.delete()
        found.pk = pk
