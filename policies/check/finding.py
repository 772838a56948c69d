"""What a check reports: a code, how much it matters, where, what is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)
"""An error misleads whoever follows the policy; a warning should be put right; a note is worth a look."""


@dataclass(frozen=True)
class Finding:
    """One remark. `where` is the printed label of clause or section, `section` and `clause` their places from 0,
    `heading` the words of the section for those that have no label, `quote` what only the file shows of it.
    """

    code: str
    severity: str
    where: str
    message: str
    what_to_do: str
    section: int | None = None
    clause: int | None = None
    heading: str = ""
    quote: str = ""

    @property
    def order(self) -> tuple[int, int, int]:
        """Gravest first, then as printed; what concerns the whole policy comes before its clauses."""
        section = -1 if self.section is None else self.section
        return SEVERITIES.index(self.severity), section, -1 if self.clause is None else self.clause

    def as_json(self) -> dict[str, Any]:
        """The finding as other programs read it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": self.where,
            "message": self.message,
            "what_to_do": self.what_to_do,
            "heading": self.heading,
            "quote": self.quote,
        }
