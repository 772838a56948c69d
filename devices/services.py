"""Writes of custody: take in, hold, lift, give back. Each adds one link to the chain."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.errors import Conflict, DomainError, SentBefore
from devices import selectors
from devices.enums import Collector, HoldKind, Identified, Status, Step
from devices.models import Device, Movement, Release, place_of
from devices.permissions import check_can_hold, check_can_lift, check_can_receive, check_can_release
from devices.selectors import ReleaseRule
from schools.models import Learner, Membership, School

WITH_OWNER = "With its owner"
SLOT_TRIES = 5


@dataclass(frozen=True)
class Intake:
    """What is known about a device when it is taken in. Without a learner, `owner_name` says whose it is."""

    kind: str
    reason: str
    learner: Learner | None = None
    owner_name: str = ""
    condition: str = ""
    taken_where: str = ""
    taken_at: datetime | None = None


class ReasonNeeded(DomainError):
    """A device goes back before the school's time, and nobody said why."""


@dataclass(frozen=True)
class Handover:
    """How a device is given back: to whom, how they were known, and their signature as typed."""

    collector: str
    collector_name: str
    identified: str
    signature: str = ""
    early_reason: str = ""


def receive_device(school: School, intake: Intake, *, by: Membership, client_ref: UUID) -> Device:
    """Books a device in: the system chooses the slot. The same form sent twice is one device.

    Raises SentBefore when the same form was sent with other words.
    """
    check_can_receive(by, school.pk)
    if not (intake.learner or intake.owner_name.strip()):
        raise DomainError("Say whose device it is: choose the learner, or write the owner's name.")
    for _ in range(SLOT_TRIES):
        try:
            with transaction.atomic():
                return _book_in(school, intake, by, client_ref)
        except IntegrityError:
            if booked := selectors.same_form(school, client_ref):
                return _same(booked, intake, by)
    raise Conflict("The safe was busy and no slot could be kept for this device. Send the form again.")


def _same(device: Device, intake: Intake, by: Membership) -> Device:
    """The device that this form booked in, if it says the same now; the time it was taken counts where it is given."""
    names = [one.name for one in fields(intake) if one.name != "taken_at" or intake.taken_at is not None]
    if all(getattr(device, name) == getattr(intake, name) for name in names):
        return device
    if device.taken_by_id != by.pk:
        raise Conflict("This form was sent before by somebody else. Open a new one for this device.")
    raise SentBefore(device)


def _book_in(school: School, intake: Intake, by: Membership, client_ref: UUID) -> Device:
    if booked := selectors.same_form(school, client_ref):
        return _same(booked, intake, by)
    device = Device(
        school=school, client_ref=client_ref, learner=intake.learner, owner_name=intake.owner_name, taken_by=by,
        kind=intake.kind, reason=intake.reason, condition=intake.condition, taken_where=intake.taken_where,
        taken_at=intake.taken_at or timezone.now(), slot=selectors.free_slot(school),
    )  # fmt: skip
    device.full_clean(exclude=["owner_name", "condition"], validate_unique=False, validate_constraints=False)
    device.save(force_insert=True)
    _add_link(device, Step.RECEIVED, by, to=place_of(device.slot), at=device.taken_at)
    audit.record("device.received", by=by, school_id=school.pk, target=device, label=device.reference)
    return device


def _add_link(
    device: Device, step: Step, by: Membership, *, to: str, note: str = "", at: datetime | None = None
) -> Movement:
    last = device.movements.order_by("-seq").first()
    return Movement.objects.create(
        school_id=device.school_id, device=device, seq=last.seq + 1 if last else 1, step=step, by=by,
        from_place=last.to_place if last else WITH_OWNER, to_place=to, note=note, at=at or timezone.now(),
    )  # fmt: skip


def _locked(device: Device, version: int) -> Device:
    """The device as it is now, locked. Raises Conflict when somebody changed it since the page was made."""
    now = Device.objects.select_for_update().get(pk=device.pk)
    if now.version != version:
        last = now.movements.select_related("by").order_by("-seq")[0]
        when = timezone.localtime(last.at).strftime("%H:%M")
        raise Conflict(
            f"{last.by.name} was first, at {when}: the device is now “{Status(now.status).label}”. Nothing you typed was used."
        )
    return now


def place_hold(device: Device, *, by: Membership, version: int, kind: str, reason: str) -> Device:
    """Keeps a device from leaving until the hold is lifted. Raises Conflict when somebody was first."""
    with transaction.atomic():
        device = _locked(device, version)
        check_can_hold(by, device)
        device.status, device.hold_kind, device.hold_by = Status.ON_HOLD, HoldKind(kind), by
        _save(device)
        _add_link(device, Step.HELD_BACK, by, to=place_of(device.slot), note=reason)
        audit.record(
            "device.held", by=by, school_id=device.school_id, target=device, changes={"hold": [None, kind]}
        )
    return device


def lift_hold(device: Device, *, by: Membership, version: int, reason: str) -> Device:
    """Lets a device leave again, with the reason."""
    with transaction.atomic():
        device = _locked(device, version)
        check_can_lift(by, device)
        kind = device.hold_kind
        device.status, device.hold_kind, device.hold_by = Status.HELD, "", None
        _save(device)
        _add_link(device, Step.HOLD_LIFTED, by, to=place_of(device.slot), note=reason)
        audit.record(
            "device.hold_lifted",
            by=by,
            school_id=device.school_id,
            target=device,
            changes={"hold": [kind, None]},
        )
    return device


def release_device(device: Device, handover: Handover, *, by: Membership, version: int) -> Device:
    """Gives a device back. Of two people at once one wins; the other gets Conflict with who and when.

    Raises ReasonNeeded before the school's time, DomainError where its rule names somebody else or asks for a document.
    """
    with transaction.atomic():
        device = _locked(device, version)
        check_can_release(by, device)
        rule = selectors.release_rule(device)
        check_handover(rule, handover)
        device.status, device.ended_at = Status.RELEASED, timezone.now()
        _save(device)
        Release.objects.create(
            school_id=device.school_id, device=device, by=by, collector=handover.collector,
            collector_name=handover.collector_name, identified=handover.identified, signature=handover.signature,
            early_reason=handover.early_reason.strip() if rule.is_early else "", at=device.ended_at,
        )  # fmt: skip
        _add_link(device, Step.RELEASED, by, to=WITH_OWNER, at=device.ended_at)
        audit.record(
            "device.released", by=by, school_id=device.school_id, target=device, label=device.reference
        )
    return device


def check_handover(rule: ReleaseRule, handover: Handover) -> None:
    """The school's rules for giving back: not before the time without a reason, to whom, and how they are known."""
    is_learner = handover.collector == Collector.LEARNER
    if is_learner and not rule.learner_may:
        raise DomainError("The school's rule is that a parent or carer collects this device.")
    if rule.needs_document and not is_learner and handover.identified != Identified.DOCUMENT:
        raise DomainError("The school's rule is to ask for a document with a photograph.")
    if rule.is_early and not handover.early_reason.strip():
        raise ReasonNeeded(f"The school's rule is {rule.text}. Write why it goes back before then.")


def _save(device: Device) -> None:
    device.version += 1
    device.save(update_fields=["status", "hold_kind", "hold_by", "slot", "ended_at", "version", "updated_at"])
