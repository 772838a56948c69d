"""A form that was sent twice with different words: what was kept, and what was sent now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from core.templatetags.ui import day, moment
from incidents import procedures
from incidents.enums import EntryKind, Place
from incidents.models import Action, ChronologyEntry, Concern
from incidents.presenters.shared import name_of
from incidents.services import NewConcern

AGAIN = (
    "If what you write now is something new, send the form below once more. If not, you can leave this page."
)


def sent_twice(
    first: Concern, now: NewConcern, words: Mapping[str, str]
) -> tuple[list[dict[str, str]], str, str]:
    """What was kept and what the same form said afterwards, beside each other; where the first is, and what to do."""
    then = [name_of(one) for one in first.people.filter(added_by=first.reporter_id)]
    listed = [*(one.name for one in now.learners), *(one.name for one in now.adults)]
    people = [*listed, *filter(None, now.names)]
    rows = [
        ("Who it is about", ", ".join(sorted(then)), ", ".join(sorted(people))),
        ("When", moment(first.happened_at), moment(now.happened_at) if now.happened_at else ""),
        ("If the time is not known", first.happened_note, now.happened_note),
        ("Where", _where(first), _where(now)),
        ("What happened", first.narrative, now.narrative),
        ("What was done already", first.already_done, now.already_done),
        ("Told in person", _yes(first.told_in_person), _yes(now.told_in_person)),
        ("Immediate danger", _yes(first.immediate_danger), _yes(now.immediate_danger)),
        ("A sexual image of a child", _yes(first.may_involve_imagery), _yes(now.may_involve_imagery)),
    ]
    if first.triaged_at is None:
        rows.append(("Kind", _kind(first, words), _kind(now, words)))
    url = reverse("incidents:own_detail", args=[first.school.slug, first.pk])
    return beside(rows), url, AGAIN


def _where(told: Concern | NewConcern) -> str:
    return ", ".join(filter(None, [Place(told.place).label, told.place_note, told.service]))


def _yes(answer: bool) -> str:
    return "Yes" if answer else "No"


def _kind(told: Concern | NewConcern, words: Mapping[str, str]) -> str:
    kind = procedures.kinds().get(told.category)
    return procedures.in_words(kind.text, words) if kind else "Left to the reader"


def act_sent_twice(
    first: ChronologyEntry | Action, now: Mapping[str, Any]
) -> tuple[list[dict[str, str]], str, str]:
    """An entry or an action that was kept, and what the same form said afterwards; where the first is, and what to do."""
    rows = [("What was written", first.text, now["text"])]
    if isinstance(first, Action):
        rows.append(("Who does it", first.owner.name, now["owner"].name))
        rows.append(("By when", day(first.due_on), day(now["due_on"])))
    elif "happened_at" in now:
        rows.append(("What it is", EntryKind(first.kind).label, EntryKind(now["kind"]).label))
        rows.append(("When", moment(first.happened_at), moment(now["happened_at"])))
    return (
        beside(rows),
        first.concern.get_absolute_url(),
        "If this is something new, send the form once more.",
    )


def beside(rows: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    """Two answers to each question beside each other, without questions that nobody answered."""
    return [
        {"label": label, "first": first, "now": now}
        for label, first, now in rows
        if first.strip() or now.strip()
    ]
