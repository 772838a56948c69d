"""What the reporter is told: who reads, whom to ring, what happens next, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from incidents.enums import Route, Status
from incidents.models import Concern
from incidents.presenters.shared import post_of
from schools.models import Membership


def on_duty(people: Iterable[Membership], phone: str, words: Mapping[str, str]) -> list[dict[str, str]]:
    """Whom to tell in person, with a number to ring; the school's own where a person has none."""
    return [
        {"name": one.name, "role": post_of(one, words), "phone": getattr(one, "phone", "") or phone}
        for one in people
    ]


OUTSIDE = {Route.CHILD: ("social_care", "social_care_out_of_hours"), Route.ADULT: ("lado", "police")}
"""Whom outside anybody may ring about a concern; 999 stands above them on the page."""


def readers_line(people: Iterable[Membership], route: Route, words: Mapping[str, str]) -> str:
    """Who will read what is being typed."""
    names = [f"{one.name} ({post_of(one, words)})" for one in people]
    listed = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""
    if route == Route.CHILD:
        return (
            f"{listed} will read this. Nobody else will."
            if listed
            else "Nobody holds the post of safeguarding lead today."
        )
    chair = words.get("chair", "chair of governors")
    if not listed:
        return f"The {chair} will read this, because no head is in post. Nobody else will."
    return f"{listed} will read this. If it is about a head, the {chair} reads it instead. Whoever it is about never does."


def progress(concern: Concern) -> dict[str, str]:
    """What a reporter may know of where their concern stands."""
    if concern.status == Status.CLOSED:
        return {"kind": "done", "word": "Closed"}
    return {"kind": "open", "word": "Read"} if concern.is_seen else {"kind": "wait", "word": "Received"}


def what_happens_next(
    concern: Concern, recipients: Iterable[Membership], words: Mapping[str, str]
) -> list[str]:
    """The sentences of the receipt."""
    people = list(recipients)
    if not people:
        return [
            "Nobody in the school is free to receive this. Ring the officer for allegations (LADO) or children's social care today: their numbers stand among the outside contacts.",
            "Keep this reference; it shows when you reported.",
        ]
    listed = ", ".join(f"{one.name} ({post_of(one, words)})" for one in people)
    first = f"It has gone to {listed}, who {'have' if len(people) > 1 else 'has'} been told by e-mail."
    rows = [
        first,
        "You can see under My concerns when it is read and when it is closed, and what is written back to you.",
    ]
    if concern.immediate_danger:
        rows.insert(0, "If you have not yet rung 999 or told one of them in person, do it now.")
    elif not concern.told_in_person:
        rows.append("If you are worried that it cannot wait, tell one of them in person as well.")
    rows.append(
        "Do not look into it yourself, and speak about it to nobody else. Anybody may also turn to children's social care directly."
    )
    return rows
