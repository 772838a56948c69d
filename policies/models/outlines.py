"""Texts that a trust offers to its schools. They belong to the trust: its lead writes them, its schools read what was offered."""

from __future__ import annotations

from django.db import models

from core.models import TimeStamped
from policies.enums import PolicyKind
from schools.models import Trust, User


class TrustOutline(TimeStamped):
    """What the trust is writing. `sections` are as a reader gives them; each clause bears its identity and whether it is local."""

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="outlines")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PolicyKind, default=PolicyKind.OTHER)
    sections = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "title"], name="policies_trustoutline_one_title")
        ]


class OutlineIssue(TimeStamped):
    """A text as it was offered to every school of the trust, never changed after."""

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="outline_issues")
    outline = models.ForeignKey(TrustOutline, on_delete=models.PROTECT, related_name="issues")
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PolicyKind)
    sections = models.JSONField()
    note = models.TextField("what is new, for the schools", blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["outline", "number"], name="policies_outlineissue_one_number")
        ]
