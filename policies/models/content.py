"""The text of a version: sections and clauses with their labels as printed."""

from __future__ import annotations

import uuid

from django.db import models

from policies.enums import SectionStatus
from policies.models.policy import PolicyVersion
from schools.models import SchoolOwned


class Section(SchoolOwned):
    """A heading, kept with its status where the policy says that it is not used."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(default=1)
    label = models.CharField(max_length=60, blank=True)
    heading = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=8, choices=SectionStatus, default=SectionStatus.IN_USE)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="policies_section_one_position")
        ]

    @property
    def anchor(self) -> str:
        """Where a link to it leads on the reading page."""
        return f"s-{self.position + 1}"


class Clause(SchoolOwned):
    """A paragraph or list item. `stable_id` stays the same in later versions as long as it is the same clause."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="clauses")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="clauses")
    stable_id = models.UUIDField(default=uuid.uuid4)
    position = models.PositiveIntegerField()
    depth = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=60, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="policies_clause_one_position"),
            models.UniqueConstraint(fields=["version", "stable_id"], name="policies_clause_once_a_version"),
        ]

    @property
    def anchor(self) -> str:
        """Where a link to it leads on the reading page, in this and in later versions."""
        return f"c-{self.stable_id.hex[:12]}"
