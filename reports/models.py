"""The frozen term report, the one thing that reports write."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from reports.enums import ReportState
from schools.models import Membership, SchoolOwned, Term

WORDS = ("summary", "outcomes", "learnt", "requirements", "asks")
"""The parts that the DSL writes, in the order of the page."""


class TermReport(SchoolOwned):
    """What governors read about one term. Figures are bands, computed once when the term is over, and never change."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="reports")
    client_ref = models.UUIDField(editable=False)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT)
    covers_from = models.DateField()
    covers_to = models.DateField()
    figures = models.JSONField()
    frozen_at = models.DateTimeField(default=timezone.now)
    prepared_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="prepared_reports")
    published_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="published_reports"
    )
    published_at = models.DateTimeField(null=True)
    audit_seq = models.PositiveBigIntegerField(null=True)
    audit_head = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=0)

    summary = models.TextField(blank=True)
    outcomes = models.TextField(blank=True)
    learnt = models.TextField(blank=True)
    requirements = models.TextField(blank=True)
    asks = models.TextField(blank=True)

    class Meta:
        ordering = ["-covers_to"]
        constraints = [
            models.UniqueConstraint(fields=["school", "term"], name="reports_termreport_one_a_term"),
            models.UniqueConstraint(fields=["school", "client_ref"], name="reports_termreport_once"),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values), name="reports_termreport_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT, published_at=None)
                | Q(state=ReportState.PUBLISHED, published_at__isnull=False, audit_seq__isnull=False),
                name="reports_termreport_published_when",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The page that governors read."""
        return reverse("reports:report_detail", args=[self.school.slug, self.pk])

    @property
    def is_published(self) -> bool:
        """Whether governors can read it."""
        return self.state == ReportState.PUBLISHED
