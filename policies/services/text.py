"""The text of a draft in memory: its sections and clauses in order, changed as lists and then stored in few statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F

from core.errors import Conflict
from policies.models import Clause, PolicyVersion, Section
from policies.selectors.outlines import plain_section

AWAY = 1_000_000_000
"""Rows that change places step aside so far: no two rows of a version may stand at one position, not even for a moment."""

_LONE_BREAK = re.compile(r"\r\n?")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def clean_words(text: str) -> str:
    """Typed words with one kind of line break and without characters that neither a page nor a Word file can show."""
    return _UNSEEN.sub("", _LONE_BREAK.sub("\n", text))


class Text:
    """What stands in a draft. Its version is locked by whoever makes one."""

    def __init__(self, version: PolicyVersion) -> None:
        self.version = version
        self.sections = list(version.sections.order_by("position"))
        self.under: dict[UUID, list[Clause]] = {one.pk: [] for one in self.sections}
        for clause in version.clauses.order_by("position"):
            self.under[clause.section_id].append(clause)

    def clause(self, stable_id: UUID) -> Clause:
        """The clause of this identity. Raises Conflict when somebody deleted it."""
        found = (one for clauses in self.under.values() for one in clauses if one.stable_id == stable_id)
        clause = next(found, None)
        if clause is None:
            raise Conflict(
                "Somebody else deleted this clause. What you typed is kept below; nothing was saved."
            )
        return clause

    def section(self, pk: UUID) -> Section:
        """The section of this id. Raises Conflict when somebody deleted it."""
        section = next((one for one in self.sections if one.pk == pk), None)
        if section is None:
            raise Conflict(
                "Somebody else deleted this section. What you typed is kept below; nothing was saved."
            )
        return section

    def place(self, clause: Clause) -> tuple[int, int]:
        """The index of its section, and its own index there."""
        section = next(i for i, one in enumerate(self.sections) if one.pk == clause.section_id)
        beside = self.under[clause.section_id]
        return section, next(i for i, one in enumerate(beside) if one.pk == clause.pk)

    def insert(self, clause: Clause, section: Section, index: int) -> None:
        """Puts a clause into a section."""
        clause.section = section
        self.under[section.pk].insert(index, clause)

    def take_out(self, clause: Clause) -> None:
        """Takes a clause out of its place; it is stored where it is put next."""
        beside = self.under[clause.section_id]
        del beside[next(i for i, one in enumerate(beside) if one.pk == clause.pk)]

    def plain(self) -> list[dict[str, Any]]:
        """The text as one that a trust offers is held."""
        return [plain_section(one, self.under[one.pk]) for one in self.sections]

    def store(self) -> None:
        """Stores new rows, and those that stand elsewhere than before."""
        _store(self.sections)
        _store([clause for section in self.sections for clause in self.under[section.pk]])


def _store(rows: Sequence[Any]) -> None:
    if not rows:
        return
    model: Any = type(rows[0])
    moved = [row for place, row in enumerate(rows) if not row._state.adding and row.position != place]
    model.objects.filter(pk__in=[row.pk for row in moved]).update(position=F("position") + AWAY)
    for place, row in enumerate(rows):
        row.position = place
    names = ["position"] if model is Section else ["position", "section"]
    model.objects.bulk_update(moved, names, batch_size=200)
    for row in rows:
        if row._state.adding:
            row.save(force_insert=True)
