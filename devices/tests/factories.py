"""Devices for tests, made through the services."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from devices import services
from devices.models import Device
from schools.models import Membership

PHONE = {"kind": "mobile phone", "reason": "used or seen against the rules"}
TO_PARENT = services.Handover(
    "parent", "Pat Ashdown", "known", "Pat Ashdown", early_reason="Ill, going home."
)


def make_device(by: Membership, **details: Any) -> Device:
    """A phone in the safe."""
    details.setdefault("owner_name", "Robin Ashdown")
    return services.receive_device(
        by.school, services.Intake(**{**PHONE, **details}), by=by, client_ref=uuid4()
    )
