"""Devices in the school's custody and the chain of who had them where."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.fields import EncryptedTextField
from devices.enums import HANDED_IN, Collector, HoldKind, Identified, Status, Step
from devices.states import IN_CUSTODY
from schools.models import Learner, Membership, SchoolOwned

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A reference that is easy to read out and says nothing about how many there are."""
    return "D-" + "".join(secrets.choice(ALPHABET) for _ in range(6))


class DeviceQuerySet(models.QuerySet["Device"]):
    """The words of the desk."""

    def in_custody(self) -> DeviceQuerySet:
        """Everything that the school still has."""
        return self.filter(status__in=IN_CUSTODY)


class Device(SchoolOwned):
    """One device while the school has it: from being taken in to being given back."""

    reference = models.CharField(max_length=12, default=new_reference, editable=False)
    client_ref = models.UUIDField()
    learner = models.ForeignKey(
        Learner, null=True, blank=True, on_delete=models.PROTECT, related_name="devices"
    )
    taken_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="devices_taken")
    owner_name = EncryptedTextField(blank=True)
    kind = models.CharField(max_length=40)
    reason = models.CharField(max_length=80)
    condition = EncryptedTextField(blank=True)
    taken_where = models.CharField(max_length=80, blank=True)
    taken_at = models.DateTimeField(default=timezone.now)
    slot = models.CharField(max_length=12)
    status = models.CharField(max_length=10, choices=Status, default=Status.HELD)
    hold_kind = models.CharField(max_length=14, choices=HoldKind, blank=True)
    hold_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="holds_placed"
    )
    version = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "reference"], name="devices_device_one_reference"),
            models.UniqueConstraint(fields=["school", "client_ref"], name="devices_device_once"),
            models.UniqueConstraint(
                fields=["school", "slot"],
                condition=Q(status__in=IN_CUSTODY),
                name="devices_device_one_per_slot",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="devices_device_known_status"),
            models.CheckConstraint(
                condition=Q(status=Status.ON_HOLD, hold_by__isnull=False)
                | (~Q(status=Status.ON_HOLD) & Q(hold_by__isnull=True)),
                name="devices_device_hold_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.RELEASED, ended_at__isnull=False)
                | (~Q(status=Status.RELEASED) & Q(ended_at__isnull=True)),
                name="devices_device_end_when_released",
            ),
        ]
        indexes = [
            models.Index(
                fields=["school", "-ended_at"], condition=Q(status=Status.RELEASED), name="devices_given_back"
            ),
            models.Index(fields=["school", "-taken_at"], name="devices_by_time"),
            models.Index(fields=["school", "learner", "-taken_at"], name="devices_by_learner"),
        ]

    @property
    def whose(self) -> str:
        """The name of its owner."""
        return self.learner.name if self.learner is not None else self.owner_name or "Owner not known"

    @property
    def is_confiscated(self) -> bool:
        """Whether it was taken, and not handed in."""
        return self.reason not in HANDED_IN

    def get_absolute_url(self) -> str:
        """The page of this device."""
        return reverse("devices:device_detail", args=[self.school.slug, self.pk])


class Movement(SchoolOwned):
    """One link of a device's custody chain. Append-only; each begins where the one before ended."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="movements")
    seq = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=12, choices=Step)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="device_movements")
    from_place = models.CharField(max_length=80)
    to_place = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)
    note = EncryptedTextField(blank=True, digest="note_digest", key_version="key_version")
    note_digest = models.CharField(max_length=97, editable=False, default="")
    key_version = models.PositiveIntegerField(editable=False, default=0)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["school", "device", "seq"], name="devices_movement_no_fork")
        ]


class Release(SchoolOwned):
    """Who took a device back, and how the office knew them. One per device; append-only."""

    device = models.OneToOneField(Device, on_delete=models.PROTECT, related_name="release")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="devices_released")
    collector = models.CharField(max_length=8, choices=Collector)
    collector_name = EncryptedTextField(digest="name_digest", key_version="key_version")
    name_digest = models.CharField(max_length=97, editable=False, default="")
    key_version = models.PositiveIntegerField(editable=False, default=0)
    identified = models.CharField(max_length=12, choices=Identified)
    signature = EncryptedTextField(blank=True)
    early_reason = EncryptedTextField(blank=True)
    at = models.DateTimeField(default=timezone.now)


def place_of(slot: str) -> str:
    """A slot of the safe as the chain names it."""
    return f"Safe, slot {slot}"
