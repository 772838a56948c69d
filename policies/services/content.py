"""From what was read to rows: sections and clauses, matched to those of the version before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.errors import DomainError
from policies.compare import Part, match
from policies.compare.offered import departure
from policies.models import Clause, PolicyVersion, Section
from policies.reading.rows import row_text


def store_content(
    version: PolicyVersion, sections: list[dict[str, Any]], *, previous: PolicyVersion | None
) -> None:
    """Stores the sections and clauses of a new version; a clause that stood in `previous` keeps its stable id,
    and one that comes from an outline of the trust brings its own.
    """
    rows, clauses = _rows(version, sections)
    _keep_identity(clauses, previous)
    Section.objects.bulk_create(rows, batch_size=500)
    Clause.objects.bulk_create(clauses, batch_size=500)


def holds_text(version: PolicyVersion, sections: list[dict[str, Any]]) -> bool:
    """Whether a version says the same as a text that was read: the same sections and clauses in the same order."""
    rows, clauses = _rows(version, sections)
    kept = list(version.sections.order_by("position")), list(version.clauses.order_by("position"))
    headings = ("label", "heading", "level", "status")
    places = {one.pk: one.position for one in (*rows, *kept[0])}

    def said(rows: Sequence[Section], clauses: Sequence[Clause]) -> list[Any]:
        return [
            [[getattr(one, name) for name in headings] for one in rows],
            [(places[one.section_id], one.label, one.text, one.depth) for one in clauses],
        ]

    return said(rows, clauses) == said(*kept)


def _rows(version: PolicyVersion, sections: list[dict[str, Any]]) -> tuple[list[Section], list[Clause]]:
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
            if (row := _clause(section, clause, len(clauses))) is not None:
                clauses.append(row)
    return rows, clauses


def _clause(section: Section, read: dict[str, Any], position: int) -> Clause | None:
    """The row of a clause as it was read; None for one that says nothing."""
    cells = read.get("cells")
    text = _clean(row_text(cells, head=read.get("head", False)) if cells else read["text"])
    label = _clean(read["label"])[:60]
    if not (text or label):
        return None
    own = {"stable_id": read["stable_id"]} if "stable_id" in read else {}
    return Clause(
        school_id=section.school_id,
        version=section.version,
        section=section,
        position=position,
        depth=read["depth"],
        label=label,
        text=text,
        **own,
    )


def check_common(version: PolicyVersion, sections: Sequence[Any]) -> None:
    """Raises DomainError unless everything that the trust keeps common stands in this text as it was offered."""
    if version.follows and (said := departure(version.follows.sections, sections)):
        raise DomainError(said)


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
