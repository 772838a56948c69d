"""Appends many entries to a school's audit chain at once; `audit.verify` then proves them like any other.

The database lets the chain grow by one entry at a time only. So the owner of the tables writes these, with the triggers
set aside, which the application's own role cannot do.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connections, transaction

from core import audit, crypto
from core.models import AuditEvent, AuditHead, AuditPayload

BATCH = 2000
OWNER = "owner"


class Chain:
    """The end of one school's chain, and the entries that are still to be written."""

    def __init__(self, school_id: UUID) -> None:
        self.school_id, self.key = school_id, crypto.current_key(school_id)
        self.head = AuditHead.objects.get(school_id=school_id)
        self.events: list[AuditEvent] = []
        self.payloads: list[AuditPayload] = []

    def add(self, action: str, at: datetime, actor_id: str, target: tuple[str, Any], label: str = "") -> None:
        """One entry, as core.audit.record would make it."""
        payload = json.dumps({"label": label, "changes": {}}, separators=(",", ":")).encode()
        event, salt = (
            AuditEvent(id=uuid4(), school_id=self.school_id, at=at, action=action),
            secrets.token_hex(16),
        )
        event.actor_id, event.object_type, event.object_id = actor_id, target[0], str(target[1])
        event.digest = audit._digest(salt, payload)  # noqa: SLF001 - the chain's own rule
        event.seq, event.prev_hash = self.head.seq + 1, self.head.hash
        event.hash = audit._hash(event)  # noqa: SLF001 - likewise
        self.head.seq, self.head.hash = event.seq, event.hash
        sealed = crypto.seal(self.school_id, ("core.auditpayload", str(event.id)), payload, key=self.key)
        self.events.append(event)
        self.payloads.append(
            AuditPayload(event_id=event.id, school_id=self.school_id, salt=salt, sealed=sealed)
        )

    def write(self) -> None:
        """Stores what was added and moves the head."""
        with transaction.atomic(using=OWNER):
            with connections[OWNER].cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
            AuditEvent.objects.using(OWNER).bulk_create(self.events, batch_size=BATCH)
            AuditPayload.objects.using(OWNER).bulk_create(self.payloads, batch_size=BATCH)
            AuditHead.objects.using(OWNER).filter(school_id=self.school_id).update(
                seq=self.head.seq, hash=self.head.hash
            )
        self.events, self.payloads = [], []
