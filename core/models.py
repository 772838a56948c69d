"""What every app stands on: identity and times of a row, the audit trail, data keys, outgoing mail."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from core.fields import EncryptedTextField


class TimeStamped(models.Model):
    """A row with an id that reveals nothing, and when it was made and last changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        # Ids only: this text reaches logs and tracebacks.
        return f"{self._meta.model_name} {self.pk}"


class DataKey(models.Model):
    """A school's data key, wrapped by a key-encryption key; without a school: the system's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school_id = models.UUIDField(null=True, db_index=True)
    version = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    wrapping_version = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_id", "version"], name="core_datakey_one_version"),
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(school_id=None), name="core_datakey_one_system_version"
            ),
        ]

    def __str__(self) -> str:
        return f"datakey {self.pk}"


class AuditHead(models.Model):
    """The end of a school's audit chain; locked while an entry is appended."""

    school_id = models.UUIDField(primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"audithead {self.school_id}"


class AuditEvent(models.Model):
    """One entry of the audit trail: ids, action and digests, never a name. Append-only; hash-chained per school."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school_id = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    digest = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_id", "seq"], name="core_auditevent_one_seq"),
            models.UniqueConstraint(fields=["school_id", "prev_hash"], name="core_auditevent_no_fork"),
        ]
        indexes = [models.Index(fields=["school_id", "object_id", "seq"], name="core_audit_by_object")]

    def __str__(self) -> str:
        return f"auditevent {self.school_id}/{self.seq}"


class AuditPayload(models.Model):
    """Labels and changes of an audit entry, sealed; retention may shred it and the chain still proves whole."""

    event_id = models.UUIDField(primary_key=True)
    school_id = models.UUIDField()
    salt = models.CharField(max_length=32)
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["school_id"], name="core_payload_by_school")]

    def __str__(self) -> str:
        return f"auditpayload {self.event_id}"


class OutgoingMail(models.Model):
    """An e-mail that is owed to somebody: written with the change that causes it, sent by a worker."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        SENT = "sent", "Sent"
        QUARANTINED = "quarantined", "Could not be sent"
        SUPERSEDED = "superseded", "Overtaken by a later one"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school_id = models.UUIDField()
    recipient = models.EmailField()
    cause = models.CharField(max_length=160)
    template = models.CharField(max_length=100)
    path = EncryptedTextField(null=True)  # may open an account or a private page
    reference = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_id", "recipient", "cause"], name="core_outgoingmail_once")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(status="pending"), name="core_mail_waiting")
        ]

    def __str__(self) -> str:
        return f"outgoingmail {self.pk}"
