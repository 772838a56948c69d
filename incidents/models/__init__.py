"""Concerns and the procedures that they follow."""

from incidents.models.concerns import (
    ALLOWED_AHEAD,
    LATE_AFTER,
    LONGEST_TEXT,
    REASON_LENGTH,
    Action,
    ChronologyEntry,
    Concern,
    ConcernPerson,
    ConcernQuerySet,
    ShutOut,
)
from incidents.models.procedures import ProcedureVersion, StepRecord

__all__ = [
    "ALLOWED_AHEAD", "LATE_AFTER", "LONGEST_TEXT", "REASON_LENGTH", "Action", "ChronologyEntry", "Concern", "ConcernPerson",
    "ConcernQuerySet", "ProcedureVersion", "ShutOut", "StepRecord",
]  # fmt: skip
