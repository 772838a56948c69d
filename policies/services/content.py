"""From what was read to rows: sections and clauses, matched to those of the version before."""

from __future__ import annotations

from typing import Any

from policies.compare import Part, match
from policies.models import Clause, PolicyVersion, Section
from policies.reading.rows import row_text


def store_content(
    version: PolicyVersion, sections: list[dict[str, Any]], *, previous: PolicyVersion | None
) -> None:
    """Stores the sections and clauses of a new version; a clause that stood in `previous` keeps its stable id."""
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
            cells = clause.get("cells")
            text = row_text(cells, head=clause.get("head", False)) if cells else clause["text"]
            text, label = _clean(text), _clean(clause["label"])[:60]
            if not (text or label):
                continue
            clauses.append(
                Clause(
                    school_id=version.school_id,
                    version=version,
                    section=section,
                    position=len(clauses),
                    depth=clause["depth"],
                    label=label,
                    text=text,
                )
            )
    _keep_identity(clauses, previous)
    Section.objects.bulk_create(rows, batch_size=500)
    Clause.objects.bulk_create(clauses, batch_size=500)


def _clean(text: str) -> str:
    # PostgreSQL keeps no NUL character.
    return text.replace("\x00", "").strip()


def _keep_identity(clauses: list[Clause], previous: PolicyVersion | None) -> None:
    """Gives each clause the stable id of the clause of `previous` that it was: by its words, then by likeness."""
    if previous is None:
        return
    earlier = list(previous.clauses.select_related("section").order_by("position"))
    pairs = match([_part(one) for one in earlier], [_part(one) for one in clauses])
    for before, after in pairs.items():
        clauses[after].stable_id = earlier[before].stable_id


def _part(clause: Clause) -> Part:
    return Part(clause.text, clause.label, under=clause.section.heading)
