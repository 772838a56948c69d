"""Loads the demonstration: all of it in one transaction, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from core import scope
from core.models import OutgoingMail
from policyhub.demo import ground
from policyhub.demo.catalogue import write_catalogue
from policyhub.demo.concerns import write_concerns
from policyhub.demo.data import years_on
from policyhub.demo.days import SchoolDays
from policyhub.demo.devices import write_devices
from policyhub.demo.ground import spans
from policyhub.demo.policies import write_policies
from policyhub.demo.reports import write_reports
from policyhub.demo.signins import check_demonstration
from policyhub.demo.stage import Stage
from policyhub.demo.visits import write_visits
from schools.models import School

STILL_TO_SEND = timedelta(days=7)


def is_loaded() -> bool:
    """Whether the demonstration is here; as one transaction made it, it is here whole."""
    return School.objects.filter(is_demonstration=True).exists()


def load() -> int:
    """Plays the year into an empty database; how many scenes there were. Raises DomainError outside DEMO."""
    check_demonstration()
    now = timezone.now()
    stage = make_stage(now)
    with transaction.atomic():
        with time_machine.travel(ground.opening(stage.years).astimezone(UTC), tick=False):
            ground.make_schools(stage)
        with scope.acting(schools=[school.pk for school in stage.schools.values()]):
            write(stage)
            played = stage.script.play(now)
            send_old_mail(now)
        forget_wake_ups()
    return played


def make_stage(now: datetime) -> Stage:
    """An empty stage with the school days around now."""
    years = years_on(timezone.localdate(now))
    return Stage(now, years, SchoolDays(spans("terms", years), spans("closures", years), now=now))


def write(stage: Stage) -> None:
    """Collects the scenes of every part."""
    ground.write_ground(stage)
    write_concerns(stage)
    write_devices(stage)
    write_policies(stage)
    write_visits(stage)
    write_catalogue(stage)
    write_reports(stage)


def send_old_mail(now: datetime) -> None:
    """The year's mail counts as sent when it was due; what is younger than a week is left to the worker."""
    old = OutgoingMail.objects.filter(status=OutgoingMail.Status.PENDING, due_at__lt=now - STILL_TO_SEND)
    old.update(status=OutgoingMail.Status.SENT, sent_at=F("due_at"), path=None)


def forget_wake_ups() -> None:
    """A year of calls for the worker would stand in its queue; its timetable finds what is still to be done."""
    connection.run_on_commit = []
