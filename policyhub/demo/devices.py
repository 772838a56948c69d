"""The devices desk of the year: taken in, held, given back or handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from devices import services
from devices.enums import Collector, HoldKind, Identified
from devices.models import Device
from policyhub.demo import data
from policyhub.demo.days import moment
from policyhub.demo.stage import Stage, form_ref
from schools.enums import Permission
from schools.permissions import has_permission

HANDED_IN = "handed in for the day"
IDENTIFIED = {
    "known to the office": Identified.KNOWN,
    "handed back by class teacher": Identified.SCHOOL_LIST,
}


@dataclass
class Custody:
    """One device while the school has it."""

    stage: Stage
    row: dict[str, Any]
    day: date

    @property
    def device(self) -> Device:
        device: Device = self.stage.made[self.row["key"]]
        return device

    @device.setter
    def device(self, device: Device) -> None:
        self.stage.made[self.row["key"]] = device

    def at(self, step: dict[str, Any], *, since: date | None = None) -> datetime | None:
        """When a step happens; None beyond the agreed terms."""
        day = self.stage.days.after(since or self.day, step["after"])
        return moment(day, step["time"]) if day else None


def write_devices(stage: Stage) -> None:
    """Scenes of every device whose day the calendar reaches."""
    for row in data.read("devices")["devices"]:
        day = stage.days.ago(row["ago"])
        if day is not None:
            _write_custody(Custody(stage, row, day))


def _write_custody(custody: Custody) -> None:
    row, thread = custody.row, custody.stage.script.thread()
    thread.then(moment(custody.day, row["received_time"]), partial(_receive, custody))
    if "hold" in row:
        thread.then(custody.at(row["hold"]), partial(_hold, custody))
    if "lifted" in row:
        thread.then(custody.at(row["lifted"]), partial(_lift, custody, row["lifted"]))
    if "release" in row:
        thread.then(custody.at(row["release"]), partial(_release, custody))
    if "police" in row:
        lifted = {**row["police"], "by": row["hold"]["by"], "reason": "Collected by the police."}
        thread.then(custody.at(row["police"]), partial(_lift, custody, lifted))
        thread.then(custody.at(row["police"]), partial(_to_police, custody))
    if "disposed" in row:
        thread.then(custody.at(row["disposed"]), partial(_dispose, custody))


def _receive(custody: Custody) -> None:
    row, stage = custody.row, custody.stage
    learner = stage.learners[row["learner"]]
    intake = services.Intake(
        kind=row["device"],
        reason=row["reason"] or HANDED_IN,
        learner=learner,
        condition=f"{row['description']}; {row['condition']}"[:200],
        taken_where=row["where"],
        taken_at=moment(custody.day, row["time"]),
    )
    custody.device = services.receive_device(
        stage.schools["larkmoor"], intake, by=stage.actor(row["taken_by"]), client_ref=form_ref(row["key"])
    )


def _hold(custody: Custody) -> None:
    hold = custody.row["hold"]
    kind = HoldKind.POLICE if "police" in hold["reason"].casefold() else HoldKind.SAFEGUARDING
    custody.device = services.place_hold(
        custody.device,
        by=custody.stage.actor(hold["by"]),
        version=custody.device.version,
        kind=kind,
        reason=hold["reason"],
    )


def _lift(custody: Custody, lifted: dict[str, Any]) -> None:
    custody.device = services.lift_hold(
        custody.device,
        by=custody.stage.actor(lifted["by"]),
        version=custody.device.version,
        reason=lifted["reason"],
    )


def _release(custody: Custody) -> None:
    release = custody.row["release"]
    own = release["relationship"] == "owner"
    handover = services.Handover(
        collector=Collector.LEARNER if own else Collector.PARENT,
        collector_name=release["to"],
        identified=IDENTIFIED.get(release["identity"], Identified.DOCUMENT),
        signature=release["to"],
        early_reason="As school ended, with a younger child.",
    )
    _give_back(custody, release["by"], handover)


def _to_police(custody: Custody) -> None:
    police = custody.row["police"]
    handover = services.Handover(
        collector=Collector.OTHER,
        collector_name=f"{police['officer']}, {police['reference']}",
        identified=Identified.DOCUMENT,
        signature=police["officer"],
        early_reason="Collected by the police.",
    )
    _give_back(custody, police["by"], handover)


def _dispose(custody: Custody) -> None:
    """The desk has no other end than this one: what was not given back says so where the collector's name stands."""
    disposed = custody.row["disposed"]
    handover = services.Handover(
        collector=Collector.OTHER,
        collector_name=f"Not given back. {disposed['how']}",
        identified=Identified.SCHOOL_LIST,
        early_reason="It was not given back.",
    )
    _give_back(custody, disposed["by"], handover)


def _give_back(custody: Custody, key: str, handover: services.Handover) -> None:
    """The desk gives back; where a teacher did, the office had the envelope and books it out."""
    by = custody.stage.actor(key)
    if not has_permission(by, Permission.DEVICE_DESK):
        by = custody.stage.actor(custody.row["received_by"])
    custody.device = services.release_device(custody.device, handover, by=by, version=custody.device.version)
