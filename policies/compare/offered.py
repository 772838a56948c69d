"""A text that a trust offers its schools: what is common to all, what each fills in, and taking over a newer one.

Texts are lists of sections as dictionaries; a clause bears its identity (`stable_id`) and, in a text that is offered,
whether it is `local`. Headings are common. A section whose clauses are all common is closed: nothing is added to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

Section = Mapping[str, Any]
KEPT = "Kept from before"
"""The heading of what a school wrote and the newer text has no place for."""


def is_closed(section: Section) -> bool:
    """Whether a section that is offered is the same in every school, as a whole."""
    return bool(section["clauses"]) and not any(one["local"] for one in section["clauses"])


def heading_of(section: Section) -> tuple[str, str]:
    """What a section is found by: its label and its words."""
    return section["label"], _plain(section["heading"])


def locals_of(offered: Iterable[Section]) -> dict[str, str]:
    """The parts that each school fills in: what the trust wrote there, by identity."""
    return {one["stable_id"]: one["text"] for part in offered for one in part["clauses"] if one["local"]}


def departure(offered: Sequence[Section], written: Sequence[Section]) -> str:
    """A sentence about the first common part that does not stand in a school's text as it was offered; "" where all do."""
    place = 0
    for section in offered:
        later = range(place, len(written))
        found = next((i for i in later if heading_of(written[i]) == heading_of(section)), None)
        if found is None or written[found]["status"] != section["status"]:
            return f"The heading {_named(section)} is the same in every school of the trust, and stays where it is."
        if said := _departure_in(section, written[found]):
            return said
        place = found + 1
    return ""


def _departure_in(section: Section, written: Section) -> str:
    common = [one for one in section["clauses"] if not one["local"]]
    there = [_words(one) for one in written["clauses"]]
    rest = iter(there)
    for one in common:
        if _words(one) not in rest:
            what = f"Clause {one['label']}" if one["label"] else f"A clause under {_named(section)}"
            return f"{what} is the same in every school of the trust. Only what is marked as local is yours to write."
    if is_closed(section) and len(there) > len(common):
        return f"{_named(section)} is the same in every school of the trust: nothing is added to it."
    return ""


def taken_over(
    old: Sequence[Section], new: Sequence[Section], own: Sequence[Section]
) -> list[dict[str, Any]]:
    """A newer text with what a school wrote into the older one.

    Local parts are found by their identity; what the school added stays behind the clause that it followed. What has no
    place any more comes last, so that nothing is lost.
    """
    mine = {one["stable_id"]: one for section in own for one in section["clauses"]}
    result = [{**part, "clauses": [_filled(one, mine) for one in part["clauses"]]} for part in new]
    homes = {heading_of(part): place for place, part in enumerate(new) if not is_closed(part)}
    gone = _ids(old) - set(locals_of(old)) | _untouched(old, mine) | _ids(new)
    headings = {heading_of(one) for one in (*old, *new)}
    behind: dict[int, list[dict[str, Any]]] = defaultdict(list)
    common_now = _made_common(old, new, mine)
    left = [{**one, "stable_id": str(uuid4())} for key, one in mine.items() if key in common_now]
    place = -1
    for section in own:
        key, extra = heading_of(section), [one for one in section["clauses"] if one["stable_id"] not in gone]
        place = next((i for i, part in enumerate(new) if heading_of(part) == key), place)
        if key not in headings:
            behind[place].append({**section, "clauses": extra})
        elif key in homes:
            _put_in(result[homes[key]]["clauses"], section["clauses"], extra)
        else:
            left += extra
    rows = list(behind[-1])
    for number, part in enumerate(result):
        rows += [part, *behind[number]]
    return rows + ([_kept(left)] if left else [])


def _put_in(clauses: list[dict[str, Any]], before: Sequence[Any], extra: Sequence[Any]) -> None:
    """Each added clause behind the one that it followed; at the end where that one is gone."""
    for one in extra:
        above = before[before.index(one) - 1]["stable_id"] if before.index(one) else None
        places = [i + 1 for i, row in enumerate(clauses) if row["stable_id"] == above]
        clauses.insert(places[0] if places else 0 if above is None else len(clauses), one)


def _filled(one: Mapping[str, Any], mine: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    written = mine.get(one["stable_id"]) if one["local"] else None
    return {**one, "text": written["text"]} if written else dict(one)


def _untouched(old: Iterable[Section], mine: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Local parts that nobody filled in: there is nothing to keep of them."""
    return {key for key, text in locals_of(old).items() if key in mine and mine[key]["text"] == text}


def _made_common(
    old: Iterable[Section], new: Sequence[Section], mine: Mapping[str, Mapping[str, Any]]
) -> set[str]:
    """Parts that the school filled in and that are the same in every school from now on."""
    return (_ids(new) - set(locals_of(new))) & (set(locals_of(old)) - _untouched(old, mine))


def _ids(text: Iterable[Section]) -> set[str]:
    return {one["stable_id"] for section in text for one in section["clauses"]}


def _kept(clauses: list[dict[str, Any]]) -> dict[str, Any]:
    return {"label": "", "heading": KEPT, "level": 1, "status": "in use", "clauses": clauses}


def _words(clause: Mapping[str, Any]) -> tuple[str, str, int]:
    return clause["label"], _plain(clause["text"]), clause["depth"]


def _named(section: Section) -> str:
    return f"“{' '.join(filter(None, heading_of(section))) or 'without words'}”"


def _plain(text: str) -> str:
    return " ".join(text.split())
