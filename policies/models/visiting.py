"""Visitors: the tablet at the desk on which they agree, and who came, to whom and until when."""

from __future__ import annotations

from django.db import models

from core.fields import EncryptedTextField
from policies.enums import VisitorKind
from schools.models import Membership, SchoolOwned


class Desk(SchoolOwned):
    """A tablet that somebody of the office opened: the digest of its secret address, good until it is closed."""

    digest = models.CharField(max_length=64, unique=True)
    place = models.CharField("where it stands", max_length=60)
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="desks_opened")
    closed_at = models.DateTimeField(null=True, blank=True)


class Visit(SchoolOwned):
    """Somebody without an account came and agreed to what was in force. Erased when the school's time for it is over."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="visits")
    client_ref = models.UUIDField()
    kind = models.CharField(max_length=10, choices=VisitorKind)
    name = EncryptedTextField()
    company = EncryptedTextField(blank=True)
    host = EncryptedTextField("whom they visit")
    car = EncryptedTextField("registration of their car", blank=True)
    versions = models.JSONField("ids of the versions they agreed to", default=list, blank=True)
    agreed_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    signed_out_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="visits_signed_out"
    )

    class Meta:
        ordering = ["agreed_at"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_ref"], name="policies_visit_once"),
            models.CheckConstraint(
                condition=models.Q(left_at=None, signed_out_by=None)
                | models.Q(left_at__isnull=False, signed_out_by__isnull=False),
                name="policies_visit_signed_out_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["school", "agreed_at"], name="policies_visit_by_day")]
