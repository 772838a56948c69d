"""The closed lists of reports, stored as plain values."""

from __future__ import annotations

from django.db.models import TextChoices


class ReportState(TextChoices):
    """Where a term report stands."""

    DRAFT = "draft", "Being prepared"
    PUBLISHED = "published", "Published"
