"""The access table as text: one line a route, reviewed by a person; `python scripts/access_table.py` writes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from policyhub.tests import routes
from schools.enums import Permission, Role
from schools.permissions import ROLE_PERMISSIONS

FILE = Path(__file__).with_name("access_table.txt")


@dataclass(frozen=True)
class Row:
    """Who may do what at one address."""

    name: str
    permission: str
    methods: tuple[str, ...]
    reads: str
    step_up: bool
    roles: tuple[Role, ...]

    def line(self) -> str:
        """The row as the file holds it."""
        marks = " ".join(filter(None, [self.reads and f"reads={self.reads}", self.step_up and "step-up"]))
        return (
            f"{self.name} | {self.permission} | {' '.join(self.methods)} | {marks} | {' '.join(self.roles)}"
        )


def _read(line: str) -> Row:
    name, permission, methods, marks, roles = (part.strip() for part in line.split("|"))
    reads = next((mark.removeprefix("reads=") for mark in marks.split() if mark.startswith("reads=")), "")
    return Row(
        name,
        permission,
        tuple(methods.split()),
        reads,
        "step-up" in marks.split(),
        tuple(map(Role, roles.split())),
    )


def current_table() -> list[Row]:
    """What the code says now."""
    rows = []
    for route in routes.gated():
        gate = route.gate
        if gate is not None:
            roles = tuple(role for role in Role if Permission(gate.permission) in ROLE_PERMISSIONS[role])
            rows.append(Row(route.name, str(gate.permission), gate.methods, gate.reads, gate.step_up, roles))
    return sorted(rows, key=lambda row: row.name)


def reviewed_table() -> list[Row]:
    """What a person has reviewed."""
    return [_read(line) for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
