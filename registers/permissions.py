"""Who adds to registers, and who reads the notes in them."""

from __future__ import annotations

from registers.enums import Register
from registers.models import RegisterEntry
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_permission, has_permission

KEEPS: dict[str, Permission] = {Register.FILTERING_CHECK: Permission.REGISTER_ADD}
"""What keeping one register takes, where it is less than keeping every register."""


def keeps(by: Membership, register: str) -> bool:
    """Whether this member adds to a register and reads all of it."""
    return has_permission(by, KEEPS.get(register, Permission.REGISTER_WRITE))


def check_can_write(by: Membership, school_id: object, register: str) -> None:
    """Those who lead on safeguarding and the school keep every register, the technicians the checks of filtering."""
    check_permission(by, KEEPS.get(register, Permission.REGISTER_WRITE), school_id=school_id)


def can_read_notes(by: Membership, entry: RegisterEntry) -> bool:
    """Notes are for those who keep the register and for those who were there; others see what was done and when."""
    was_there = by.pk in (entry.done_by_id, entry.second_id)
    return by.school_id == entry.school_id and (was_there or keeps(by, entry.register))
