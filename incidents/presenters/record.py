"""What the page of one concern says: the story, the facts, the people, what is to be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from incidents import procedures
from incidents.enums import EntryKind, PersonRole, Risk, Route
from incidents.models import ChronologyEntry, Concern
from incidents.presenters.procedure import panel
from incidents.presenters.shared import (
    ABOUT,
    clock_of,
    detail_of,
    kind_of,
    name_of,
    queue_url,
    short_of,
    status_of,
    url_of,
)
from incidents.selectors.clocks import SchoolTime
from incidents.selectors.procedures import begun, key_for
from schools.enums import Relationship
from schools.models import Learner, LearnerContact


def story(concern: Concern, slug: str) -> list[dict[str, Any]]:
    """The chronology: what was reported, then every entry by when it happened, corrections beside what they correct."""
    entries = list(concern.entries.all())
    beside: dict[Any, list[ChronologyEntry]] = {}
    for entry in entries:
        if entry.corrects_id:
            beside.setdefault(entry.corrects_id, []).append(entry)
    told = [
        _told(entry, beside.get(entry.pk, []), concern, slug) for entry in entries if not entry.corrects_id
    ]
    return sorted([_report(concern), *told], key=lambda one: one["happened"])


def _report(concern: Concern) -> dict[str, Any]:
    return {
        "happened": concern.happened_at, "recorded": concern.recorded_at, "late": concern.is_late, "kind": "Reported",
        "author": concern.reporter.name, "text": concern.narrative, "done": concern.already_done,
        "note": concern.happened_note, "is_report": True,
    }  # fmt: skip


def _told(
    entry: ChronologyEntry, beside: list[ChronologyEntry], concern: Concern, slug: str
) -> dict[str, Any]:
    errors = [one for one in beside if one.kind == EntryKind.ERROR]
    return {
        "happened": entry.happened_at, "recorded": entry.recorded_at, "late": entry.is_late,
        "pk": entry.pk, "kind": EntryKind(entry.kind).label, "author": entry.author.name, "text": entry.text,
        "error": {"reason": errors[0].reason, "author": errors[0].author.name, "at": errors[0].recorded_at} if errors else None,
        "corrections": [
            {"text": one.text, "reason": one.reason, "author": one.author.name, "at": one.recorded_at}
            for one in beside if one.kind == EntryKind.CORRECTION
        ],
        "correct_url": url_of(concern, "correct", slug, concern.pk, entry.pk), "error_url": url_of(concern, "error", slug, concern.pk, entry.pk),
    }  # fmt: skip


def facts(concern: Concern, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """The plain facts of a concern for its page."""
    place = concern.get_place_display()
    rows = [
        {"label": "Kind", "value": kind_of(concern, words) or "Not decided"},
        {"label": "Risk", "value": Risk(concern.risk).label if concern.risk else "Not decided"},
        {"label": "Where", "value": ", ".join(filter(None, [place, concern.place_note, concern.service]))},
        {"label": "Lead", "value": concern.lead.name if concern.lead else "Nobody yet"},
        {"label": "Told in person", "value": "Yes" if concern.told_in_person else "No"},
    ]
    if concern.outcome:
        rows.append({"label": "Outcome", "value": concern.get_outcome_display()})
        rows.append({"label": "Parents or carers told", "value": concern.get_parents_told_display()})
    return rows


def people_rows(concern: Concern) -> list[dict[str, Any]]:
    """Everybody in a concern with their role in it; `child` where its readers may open the page of one."""
    return [
        {
            "name": name_of(one),
            "detail": detail_of(one),
            "role": PersonRole(one.role).label,
            "child": one.learner_id if concern.route == Route.CHILD else None,
        }
        for one in concern.people.all()
    ]


def heading(concern: Concern, words: Mapping[str, str]) -> str:
    """Whom a concern is about, in short, and its kind; for its page alone, never for an address or a tab."""
    about = [short_of(one) for one in concern.people.all() if one.role in ABOUT]
    more = f" and {len(about) - 2} more" if len(about) > 2 else ""
    return f"{', '.join(about[:2]) + more or 'Not sure who'}: {kind_of(concern, words) or 'kind not decided'}"


def steps(concern: Concern, words: Mapping[str, str]) -> dict[str, Any]:
    """What the procedure of this kind of concern will ask of its readers, before it has begun, and whom it turns to outside."""
    procedure = begun(concern) or procedures.procedure(key_for(concern))
    return {
        "title": procedures.in_words(procedure.title, words),
        "opening": [procedures.in_words(line, words) for line in procedure.opening],
        "rows": [procedures.in_words(step.text, words) for step in procedure.steps if not step.when],
        "outside": list(dict.fromkeys(step.agency for step in procedure.steps if step.agency)),
    }


def urls(concern: Concern, slug: str) -> dict[str, str]:
    """The addresses of everything that can be done with a concern."""
    acts = ("triage", "close", "reopen", "entry", "reply", "action", "person", "assign")
    return {"queue": queue_url(concern.route, slug), **{act: url_of(concern, act, slug) for act in acts}}


def action_rows(concern: Concern, slug: str) -> list[dict[str, Any]]:
    """Actions, those still to do first."""
    rows = [
        {
            "text": action.text,
            "owner": action.owner.name,
            "due_on": action.due_on,
            "done_at": action.done_at,
            "overdue": action.done_at is None and action.due_on < timezone.localdate(),
            "done_url": url_of(concern, "done", slug, concern.pk, action.pk),
        }
        for action in concern.actions.all()
    ]
    return sorted(rows, key=lambda row: (row["done_at"] is not None, row["due_on"]))


def _has_contacts(concern: Concern) -> bool:
    """Whether its page leads to whom to call: for children, and for those who read their records."""
    return concern.route == Route.CHILD and any(one.learner_id for one in concern.people.all())


def contact_groups(learners: Iterable[Learner], contacts: Iterable[LearnerContact]) -> list[dict[str, Any]]:
    """Children, each with the adults to be told, in the order in which they are called."""
    by_learner: dict[Any, list[LearnerContact]] = {}
    for contact in contacts:
        by_learner.setdefault(contact.learner_id, []).append(contact)
    return [
        {"name": learner.name, "contacts": [_contact_row(one) for one in by_learner.get(learner.pk, [])]}
        for learner in learners
    ]


def _contact_row(contact: LearnerContact) -> dict[str, str]:
    notes = [
        "" if contact.has_parental_responsibility else "No parental responsibility",
        "" if contact.may_collect else "May not collect",
    ]
    role = Relationship(contact.relationship).label
    return {
        "name": contact.name,
        "role": role,
        "phone": contact.phone,
        "note": ". ".join(filter(None, notes)),
    }


def record(concern: Concern, words: Mapping[str, str], time: SchoolTime) -> dict[str, Any]:
    """Everything that the page says about the concern itself."""
    slug = concern.school.slug
    return {
        "concern": concern,
        "heading": heading(concern, words),
        "is_adult": concern.route == Route.ADULT,
        "story": story(concern, slug),
        "status": status_of(concern),
        "clock": clock_of(concern, time, timezone.now()),
        "facts": facts(concern, words),
        "people": people_rows(concern),
        "contacts_url": url_of(concern, "contacts", slug) if _has_contacts(concern) else "",
        "steps": steps(concern, words),
        "procedure": panel(concern, words, slug),
        "actions": action_rows(concern, slug),
        "urls": urls(concern, slug),
    }
