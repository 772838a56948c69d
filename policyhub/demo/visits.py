"""Visitors of the demonstration: a tablet at the desk, and who came to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from policies import services
from policies.enums import VisitorKind
from policies.models import Visit
from policyhub.demo.days import before_weekend, moment
from policyhub.demo.stage import Stage, form_ref

OFFICE = "p.tresco"
VISITS = (
    (-9, "08:50", "contractor", "Piotr Lang", "Langley Boilers", "Premises", "15:05"),
    (-9, "13:20", "visitor", "Marian Okello", "Educational psychology", "The SENCO", "14:40"),
    (-2, "09:10", "volunteer", "Jean Trevanion", "", "Year 2 readers", "11:30"),
    (-2, "10:30", "visitor", "Lewis Amoah", "Wendshire Music", "Heron class", "12:10"),
    (-1, "08:35", "contractor", "Dina Castell", "Castell Windows", "Premises", ""),
    (-1, "09:05", "visitor", "Anwen Pryce", "Wendshire Council", "The head", ""),
)
"""Days from today, when they came, as what, name, from where, to whom, and when they were signed out; "": still here."""


def write_visits(stage: Stage) -> None:
    """Scenes of the desk."""
    thread = stage.script.thread()
    thread.then(_at(stage, -30, "07:50"), partial(_open_desk, stage))
    for place, (days, came, kind, name, company, host, left) in enumerate(VISITS):
        said = services.Arrival(VisitorKind(kind), name, host, company)
        thread.then(_at(stage, days, came), partial(_come, stage, f"visit-{place}", said))
        if left:
            stage.script.add(_at(stage, days, left), partial(_leave, stage, f"visit-{place}", said))


def _at(stage: Stage, days: int, clock: str) -> datetime:
    return moment(before_weekend(timezone.localdate(stage.now) + timedelta(days=days)), clock)


def _open_desk(stage: Stage) -> None:
    stage.made["desk"] = services.open_desk("Front desk", by=stage.actor(OFFICE))


def _come(stage: Stage, key: str, said: services.Arrival) -> None:
    services.sign_in_visitor(stage.made["desk"], said, client_ref=form_ref(key))


def _leave(stage: Stage, key: str, said: services.Arrival) -> None:
    visit = Visit.objects.get(client_ref=services.visit_ref(form_ref(key), said))
    services.sign_out_visitor(visit, by=stage.actor(OFFICE))
