"""Outlines of a trust: its lead writes and offers them, each of its schools writes its own parts and takes over newer ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit, scope
from core.audit import Actor
from core.errors import Conflict, DomainError, WrongValue
from policies.compare import Part, match
from policies.compare.offered import taken_over
from policies.fields import from_typed
from policies.models import Clause, OutlineIssue, Policy, PolicyVersion, Section, TrustOutline
from policies.permissions import check_lead
from policies.reading.notation import LONGEST_HEADING, LONGEST_LABEL
from policies.reading.rows import row_text
from policies.selectors import read_to_keep, sections_of
from policies.selectors.outlines import followed_by, plain_section, source_of
from policies.services.content import store_content
from policies.services.importing import check_size
from policies.services.writing import lock_draft, start_version, touch
from schools.enums import Permission
from schools.models import Trust, User
from schools.permissions import check_actor
from schools.services.locking import one_by_one

TAKEN = "There is an outline of this title already."
LOCAL = "(local)"
"""Stands before the words of a part that each school fills in, where an outline is written as lines."""


def read_outline(data: bytes, filename: str) -> list[dict[str, Any]]:
    """The sections of the first policy in a file. Raises DomainError when it cannot be read; nothing is kept."""
    check_size(len(data))
    documents = read_to_keep(data, filename, timezone.localdate())["documents"]
    if not documents or not documents[0]["sections"]:
        raise DomainError("There is no text in this file that could be read.")
    sections: list[dict[str, Any]] = documents[0]["sections"]
    return sections


def start_outline(
    trust: Trust, *, by: User, title: str, kind: str, sections: Sequence[Any] = ()
) -> TrustOutline:
    """An outline that nobody but the lead sees yet, all of it common. Raises WrongValue for a title that is taken."""
    outline = TrustOutline(trust=trust, title=title.strip(), kind=kind, sections=_stored(sections, []))
    with _leading(trust, by, "trust_outline.begun", outline.title):
        _check_title(outline)
        outline.full_clean(exclude=["trust"])
        outline.save(force_insert=True)
    return outline


def write_outline(
    outline: TrustOutline, *, by: User, title: str, kind: str, sections: Sequence[Any]
) -> TrustOutline:
    """Its text anew; a clause that was there keeps its identity.

    Raises Conflict when it was changed since it was read, and WrongValue for a title that is taken.
    """
    with _leading(outline.trust, by, "trust_outline.written", title):
        locked = _locked(outline)
        locked.title, locked.kind = title.strip(), kind
        _check_title(locked)
        locked.sections = _stored(sections, locked.sections)
        locked.revision += 1
        locked.full_clean(exclude=["trust"])
        locked.save()
    return locked


def offer_outline(outline: TrustOutline, *, by: User, note: str = "") -> OutlineIssue:
    """The text as it stands, to every school of the trust. Raises DomainError where it is empty or was offered as it is."""
    with _leading(outline.trust, by, "trust_outline.offered", outline.title):
        locked = _locked(outline)
        newest = locked.issues.first()
        if not any(one["clauses"] for one in locked.sections):
            raise DomainError("There is no clause yet. Write the text first.")
        if newest and (newest.title, newest.sections) == (locked.title, locked.sections):
            raise DomainError(f"The schools have this text already: it is issue {newest.number}.")
        issue = OutlineIssue(
            trust_id=locked.trust_id,
            outline=locked,
            offered_by=by,
            number=newest.number + 1 if newest else 1,
            title=locked.title,
            kind=locked.kind,
            sections=locked.sections,
            note=note.strip(),
        )
        issue.save(force_insert=True)
    return issue


@contextmanager
def _leading(trust: Trust, by: User, action: str, label: str) -> Iterator[None]:
    """A change by the lead, written to the audit of each school of the trust. Of two who take one title at once, one does."""
    check_lead(by, trust)
    schools = list(trust.schools.order_by("pk").values_list("pk", flat=True))
    try:
        with scope.acting(schools=schools, user=by.pk), transaction.atomic():
            yield
            audit.record_each(action, by=by, changes={pk: {"title": [None, label]} for pk in schools})
    except IntegrityError as error:
        raise WrongValue("title", TAKEN) from error


def _check_title(outline: TrustOutline) -> None:
    others = TrustOutline.objects.filter(trust_id=outline.trust_id, title=outline.title)
    if others.exclude(pk=outline.pk).exists():
        raise WrongValue("title", TAKEN)


def _locked(outline: TrustOutline) -> TrustOutline:
    locked = TrustOutline.objects.select_for_update().get(pk=outline.pk)
    if locked.revision != outline.revision:
        raise Conflict(
            "Somebody else changed this outline while you were writing. Your words are still here and not saved yet: "
            "open it in another window to see what stands now, then save again."
        )
    return locked


def _stored(sections: Sequence[Any], before: Sequence[Any]) -> list[dict[str, Any]]:
    """Sections as somebody typed or a reader read them, as an outline holds them.

    Nothing stands here that a school's draft would keep otherwise, or not at all: it could never be as it was offered.
    """
    rows = [
        {
            "label": part["label"][:LONGEST_LABEL],
            "heading": from_typed(part["heading"].removeprefix(LOCAL).strip())[:LONGEST_HEADING],
            "level": part.get("level", 1),
            "status": part["status"],
            "clauses": [
                row
                for one in part["clauses"]
                if (row := _clause(one, local=part["heading"].startswith(LOCAL)))["text"] or row["label"]
            ],
        }
        for part in sections
    ]
    earlier, later = _flat(before), _flat(rows)
    pairs = match([_part(*one) for one in earlier], [_part(*one) for one in later])
    for old, new in pairs.items():
        later[new][1]["stable_id"] = earlier[old][1]["stable_id"]
    return rows


def _clause(read: dict[str, Any], *, local: bool) -> dict[str, Any]:
    cells = read.get("cells")
    text = row_text(cells, head=read.get("head", False)) if cells else read["text"]
    is_local, text = local or text.startswith(LOCAL), from_typed(text.removeprefix(LOCAL).strip())
    return {
        "stable_id": str(uuid4()),
        "label": read["label"][:LONGEST_LABEL],
        "text": text,
        "depth": read["depth"],
        "local": is_local,
    }


def _flat(sections: Sequence[Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(part["heading"], one) for part in sections for one in part["clauses"]]


def _part(heading: str, clause: dict[str, Any]) -> Part:
    return Part(clause["text"], clause["label"], under=heading)


# --- In a school ------------------------------------------------------------------------------------------------------


def take_over(policy: Policy, *, by: Actor) -> PolicyVersion:
    """The trust's newest issue in a draft of the policy, with the school's own parts. Raises DomainError where there is none."""
    check_actor(by, Permission.POLICY_MANAGE, policy.school_id)
    with transaction.atomic():
        one_by_one(policy.school_id)
        found = followed_by(policy)
        if found is None or found[0].pk == found[1].pk:
            raise DomainError("The trust has offered nothing newer than what this policy follows.")
        draft = lock_draft(start_version(policy, by=by))
        old, new = found
        own = [plain_section(one, one.clauses.all()) for one in sections_of(draft)]
        Clause.objects.filter(version=draft).delete()
        Section.objects.filter(version=draft).delete()
        store_content(draft, taken_over(old.sections, new.sections, own), previous=None)
        draft.follows, draft.template = new, source_of(new)
        touch(draft, "follows", "template")
        audit.record(
            "policy_version.outline_taken_over", by=by, school_id=policy.school_id, target=draft,
            label=draft.title, changes={"issue": [old.number, new.number]},
        )  # fmt: skip
    return draft
