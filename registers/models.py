"""Entries of registers, in one shape. They are never changed: a correction is an entry beside the one it corrects."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.fields import EncryptedTextField
from registers.enums import Checked, Register, Result
from schools.models import Membership, SchoolOwned


class RegisterEntry(SchoolOwned):
    """Something that was done, by whom, what was found and what follows. Notes and actions are sealed."""

    school = models.ForeignKey("schools.School", on_delete=models.PROTECT, related_name="register_entries")
    register = models.CharField(max_length=20, choices=Register)
    client_ref = models.UUIDField(editable=False)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="register_entries")
    done_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    checked = models.JSONField(default=list)
    result = models.CharField(max_length=8, choices=Result, blank=True)
    notes = EncryptedTextField(digest="notes_digest", key_version="key_version")
    actions = EncryptedTextField(blank=True, digest="actions_digest", key_version="key_version")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    reason = EncryptedTextField(blank=True, digest="reason_digest", key_version="key_version")
    notes_digest = models.CharField(max_length=97, editable=False, default="")
    actions_digest = models.CharField(max_length=97, editable=False, default="")
    reason_digest = models.CharField(max_length=97, editable=False, default="")
    key_version = models.PositiveIntegerField(editable=False, default=0)

    class Meta:
        verbose_name_plural = "register entries"
        ordering = ["-happened_on", "-recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_ref"], name="registers_entry_once"),
            models.UniqueConstraint(fields=["corrects"], name="registers_entry_corrected_once"),
            models.CheckConstraint(
                condition=Q(register__in=Register.values), name="registers_entry_known_register"
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", *Result.values]), name="registers_entry_known_result"
            ),
        ]
        indexes = [models.Index(fields=["school", "register", "-happened_on"], name="registers_entry_by_day")]

    def get_absolute_url(self) -> str:
        """Its page, with what corrects it."""
        return reverse("registers:entry_detail", args=[self.school.slug, self.pk])

    @property
    def checked_labels(self) -> list[str]:
        """What was tried, in words."""
        return [Checked(one).label for one in self.checked]
