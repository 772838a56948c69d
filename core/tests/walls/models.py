"""Schools with cases, entries that are only added, badges that people see as their own, parcels for jobs."""

from __future__ import annotations

import uuid

from django.db import models


class Row(models.Model):
    """A row with an id that reveals nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class School(Row):
    """Owner of the others."""

    name = models.CharField(max_length=40)


class Owned(Row):
    """A row of one school."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Case(Owned):
    """A record with sealed text and a state that moves."""

    title = models.CharField(max_length=40)
    status = models.CharField(max_length=10, default="open")
    reporter = models.CharField(max_length=40, default="reporter")
    narrative = models.BinaryField(default=b"sealed")
    digest = models.CharField(max_length=40, default="salt$digest")
    note = models.BinaryField(null=True)
    key_version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["school", "title"], name="walls_case_by_title")]


class File(Owned):
    """Belongs to a case, of the same school or of none."""

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)


class Entry(Owned):
    """Only ever added."""

    number = models.IntegerField(default=0)
    text = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "number"], name="walls_entry_once")]


class Badge(Owned):
    """Its owner sees it in every school."""

    user_id = models.UUIDField()
    name = models.CharField(max_length=40)


class Parcel(Owned):
    """Jobs see its state across schools, and never what is inside."""

    status = models.CharField(max_length=10, default="pending")
    attempts = models.IntegerField(default=0)
    inside = models.CharField(max_length=40)
