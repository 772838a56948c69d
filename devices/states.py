"""When a device may go where: the only transitions of custody."""

from __future__ import annotations

from devices.enums import Status

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.HELD: frozenset({Status.ON_HOLD, Status.RELEASED}),
    Status.ON_HOLD: frozenset({Status.HELD}),
    Status.RELEASED: frozenset(),
}
"""A device on hold goes back to held first: nobody can give it back while the hold stands (R100)."""

IN_CUSTODY = (Status.HELD, Status.ON_HOLD)
