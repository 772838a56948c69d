"""Who may do what with one device, and when."""

from __future__ import annotations

from core.errors import InvalidTransition, PermissionRefused
from devices.enums import HoldKind, Status
from devices.models import Device
from devices.states import TRANSITIONS
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_permission, has_permission


def check_can_receive(by: Membership, school_id: object) -> None:
    """Any member of staff may take a device in."""
    check_permission(by, Permission.DEVICE_RECEIVE, school_id=school_id)


def check_can_release(by: Membership, device: Device) -> None:
    """The desk gives back what is held; what is on hold nobody can (R100)."""
    check_permission(by, Permission.DEVICE_DESK, school_id=device.school_id)
    if device.status == Status.ON_HOLD:
        raise InvalidTransition(
            "This device is on hold and may not leave. Ask whoever placed the hold, or another DSL, to lift it first."
        )
    _check_transition(device, Status.RELEASED)


def can_release(by: Membership, device: Device) -> bool:
    """Whether the page offers to give it back."""
    return (
        has_permission(by, Permission.DEVICE_DESK) and Status.RELEASED in TRANSITIONS[Status(device.status)]
    )


def check_can_hold(by: Membership, device: Device) -> None:
    """A hold is placed by the DSL team or the head."""
    check_permission(by, Permission.DEVICE_HOLD, school_id=device.school_id)
    _check_transition(device, Status.ON_HOLD)


def check_can_lift(by: Membership, device: Device) -> None:
    """A hold is lifted by those who may place one; a police hold by whoever placed it."""
    check_permission(by, Permission.DEVICE_HOLD, school_id=device.school_id)
    if device.status != Status.ON_HOLD:
        raise InvalidTransition("This device is not on hold any more.")
    if device.hold_kind == HoldKind.POLICE and device.hold_by_id != by.pk:
        raise PermissionRefused(
            "This device waits for the police. Only the person who placed the hold can lift it."
        )


def _check_transition(device: Device, to: Status) -> None:
    if to not in TRANSITIONS[Status(device.status)]:
        raise InvalidTransition(
            f"This device is “{Status(device.status).label}” now, so this cannot be done."
        )
