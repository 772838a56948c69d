"""The procedure that a concern began with, and what became of its steps. Neither is ever changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from incidents.enums import StepState
from incidents.procedures import ANYTHING, Procedure, read_procedure
from schools.models import SchoolOwned


class ProcedureVersion(SchoolOwned):
    """A procedure as it stood in a school when a concern began it; the same text is kept once.

    `body` is the procedure as data (incidents.procedures), `digest` its SHA-256.
    """

    school = models.ForeignKey(
        "schools.School", on_delete=models.PROTECT, related_name="procedure_versions", db_index=False
    )
    key = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    body = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "key", "digest"], name="incidents_procedureversion_once"
            )
        ]

    @cached_property
    def procedure(self) -> Procedure:
        """The procedure itself; what it refers to may have left the hub since."""
        return read_procedure(self.body, ANYTHING)


class StepRecord(SchoolOwned):
    """That a step was done or not needed. What was written down with it is its entry of the chronology.

    `number` counts the records of one step: the highest stands, unless its entry was marked as entered in error.
    """

    concern = models.ForeignKey(
        "incidents.Concern", on_delete=models.PROTECT, related_name="step_records", db_index=False
    )
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=28)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=StepState)
    answer = models.CharField(max_length=28, blank=True)
    entry = models.OneToOneField(
        "incidents.ChronologyEntry", on_delete=models.PROTECT, related_name="step_record"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "version", "step", "number"], name="incidents_steprecord_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=StepState.values), name="incidents_steprecord_known_state"
            ),
        ]
