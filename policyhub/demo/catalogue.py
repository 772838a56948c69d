"""What the demonstration school adds to the catalogue of guidance and expected policies, and what its trust offers."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from policies import services
from policies.check import OwnEdition, OwnPolicy
from policies.reading.notation import from_lines
from policyhub.demo import data
from policyhub.demo.days import before_weekend, moment
from policyhub.demo.stage import Stage
from schools.models import Trust

Row = dict[str, Any]
PRINTED = ("title", "also_called", "kind", "edition", "in_force", "source")


def write_catalogue(stage: Stage) -> None:
    """Scenes of editions that were noted and of policies that were decided about."""
    read = data.read("catalogue")
    for row in read["editions"]:
        stage.script.add(_at(stage, row), partial(_note, stage, row))
    for row in read["expected"]:
        stage.script.add(_at(stage, row), partial(_decide, stage, row))
    for row in read["outlines"]:
        stage.script.add(_at(stage, row), partial(_offer, row))


def _at(stage: Stage, row: Row) -> datetime:
    return moment(before_weekend(timezone.localdate(stage.now) + timedelta(days=row["days"])), "10:20")


def _note(stage: Stage, row: Row) -> None:
    edition = OwnEdition(guidance="", confirmed=True, **{name: row[name] for name in PRINTED})
    services.note_edition(stage.schools[row["school"]], edition, by=stage.actor(row["by"]))


def _decide(stage: Stage, row: Row) -> None:
    policy = OwnPolicy(row["key"], row["title"], row["needed"], row["interval"], row["source"])
    services.decide_expected(stage.schools[row["school"]], policy, seen="", by=stage.actor(row["by"]))


def _offer(row: Row) -> None:
    trust = Trust.objects.get(slug=data.read("school")["trust"]["slug"])
    lead = trust.appointments.get().user
    outline = services.start_outline(
        trust, by=lead, title=row["title"], kind=row["kind"], sections=from_lines(row["text"])
    )
    services.offer_outline(outline, by=lead, note=row["note"])
