"""From what was read to rows: sections and clauses, matched to those of the version before."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from policies.models import Clause, PolicyVersion, Section


def store_content(
    version: PolicyVersion, sections: list[dict[str, Any]], *, previous: PolicyVersion | None
) -> None:
    """Stores the sections and clauses of a new version; a clause that stood in `previous` keeps its stable id."""
    known = _Matcher(previous)
    rows: list[Section] = []
    clauses: list[Clause] = []
    for position, read in enumerate(sections):
        section = Section(
            school_id=version.school_id,
            version=version,
            position=position,
            level=read.get("level", 1),
            label=_clean(read["label"])[:60],
            heading=_clean(read["heading"])[:500],
            status=read["status"],
        )
        rows.append(section)
        for clause in read["clauses"]:
            text = _clean(clause["text"])
            if not text:
                continue
            clauses.append(
                Clause(
                    school_id=version.school_id,
                    version=version,
                    section=section,
                    stable_id=known.claim(section.label, section.heading, clause["label"], text),
                    position=len(clauses),
                    depth=clause["depth"],
                    label=_clean(clause["label"])[:60],
                    text=text,
                )
            )
    Section.objects.bulk_create(rows, batch_size=500)
    Clause.objects.bulk_create(clauses, batch_size=500)


def _clean(text: str) -> str:
    # PostgreSQL keeps no NUL character.
    return text.replace("\x00", "").strip()


class _Matcher:
    """Finds the clause of the version before: first by its words, then by its label under the same heading."""

    def __init__(self, previous: PolicyVersion | None) -> None:
        self.by_text: dict[str, list[UUID]] = {}
        self.by_place: dict[tuple[str, str, str], UUID] = {}
        self.taken: set[UUID] = set()
        clauses = previous.clauses.select_related("section") if previous else ()
        for clause in clauses:
            self.by_text.setdefault(_words(clause.text), []).append(clause.stable_id)
            if clause.label:
                place = (clause.section.label, _words(clause.section.heading), clause.label)
                self.by_place[place] = clause.stable_id

    def claim(self, section: str, heading: str, label: str, text: str) -> UUID:
        """The stable id of the matching clause that nobody has claimed yet, or a new one."""
        candidates = list(self.by_text.get(_words(text), ()))
        if label and (place := self.by_place.get((section, _words(heading), label))):
            candidates.append(place)
        found = next((one for one in candidates if one not in self.taken), None) or uuid4()
        self.taken.add(found)
        return found


def _words(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text.casefold()).split())
