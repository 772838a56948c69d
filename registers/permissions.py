"""Who adds to registers, and who reads the notes in them."""

from __future__ import annotations

from registers.models import RegisterEntry
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_permission, has_permission


def check_can_write(by: Membership, school_id: object) -> None:
    """Those who lead on safeguarding and the school keep the registers."""
    check_permission(by, Permission.REGISTER_WRITE, school_id=school_id)


def can_read_notes(by: Membership, entry: RegisterEntry) -> bool:
    """Notes are for those who keep the registers and for those who were there; others see what was done and when."""
    was_there = by.pk in (entry.done_by_id, entry.second_id)
    return by.school_id == entry.school_id and (was_there or has_permission(by, Permission.REGISTER_WRITE))
