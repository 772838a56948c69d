"""The audit trail: who did or read what, append-only, hash-chained per school, provable.

An entry holds ids, the action and digests. Labels and changes stand in a sealed payload that retention may shred
without breaking the chain. Appending locks the school's chain, so `record` is the last statement of a transaction.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.db import models, transaction
from django.utils import timezone

from core import crypto
from core.logs import request_id
from core.models import AuditEvent, AuditHead, AuditPayload, DataKey


class Actor(Protocol):
    """Who acts: a person, a member of a school, or a named job of the system."""

    @property
    def actor_id(self) -> str: ...


@dataclass(frozen=True)
class Job:
    """A job that acts without a person, e.g. Job("review-reminders")."""

    name: str

    @property
    def actor_id(self) -> str:
        return f"job:{self.name}"


@dataclass(frozen=True)
class Reference:
    """An object that an entry is about, where only its kind and id are at hand."""

    kind: str
    pk: Any


@dataclass(frozen=True)
class Verdict:
    """What verification found for one school: `whole`, or the first entry that does not hold and why."""

    school_id: UUID
    entries: int
    head: str
    broken_at: int | None = None
    reason: str = ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def genesis(school_id: UUID) -> str:
    """The hash before a school's first entry."""
    return hashlib.sha256(f"policyhub audit {school_id}".encode()).hexdigest()


def start_chain(school_id: UUID) -> None:
    """Makes the empty chain of a new school."""
    AuditHead.objects.create(school_id=school_id, seq=0, hash=genesis(school_id))


_compact = json.JSONEncoder(separators=(",", ":")).encode


def _hash(event: AuditEvent) -> str:
    fields = [
        str(event.school_id), event.seq, event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.actor_id, event.action,
        event.object_type, event.object_id, event.request_id, event.digest, event.prev_hash,
    ]  # fmt: skip
    return hashlib.sha256(_compact(fields).encode()).hexdigest()


def _digest(salt: str, payload: bytes) -> str:
    return hashlib.sha256(salt.encode() + payload).hexdigest()


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, date | datetime)
        else value
        if isinstance(value, str | int | bool | None)
        else str(value)
    )


def diff(obj: models.Model, **new: Any) -> dict[str, list[Any]]:
    """{field: [old, new]} for the named fields that change."""
    return {
        name: [_plain(getattr(obj, name)), _plain(value)]
        for name, value in new.items()
        if getattr(obj, name) != value
    }


_place = ("core.auditpayload",)
BATCH = 500
"""Entries that are read with their details at a time; SQLite takes no more than some hundreds of values."""


def record(
    action: str,
    *,
    by: Actor,
    school_id: UUID,
    target: models.Model | Reference | None = None,
    label: str = "",
    changes: dict[str, list[Any]] | None = None,
) -> AuditEvent:
    """Appends one entry to the school's chain, in the caller's transaction; call it last.

    `by` must be a saved person or a Job. `label` and `changes` are sealed. Raises ValueError without an actor, and
    RuntimeError outside a transaction.
    """
    if by is None or not by.actor_id:
        raise ValueError("An audit entry needs the person or job that acts.")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry is written in the transaction of the change it records.")
    payload = json.dumps(
        {"label": label, "changes": changes or {}}, separators=(",", ":"), default=str
    ).encode()
    salt = secrets.token_hex(16)
    event = AuditEvent(
        id=uuid4(),
        school_id=school_id,
        at=timezone.now(),
        actor_id=by.actor_id,
        action=action,
        object_type=_kind_of(target),
        object_id=str(target.pk) if target is not None else "",
        request_id=request_id.get(),
        digest=_digest(salt, payload),
    )
    _append(event, salt, crypto.seal(school_id, (*_place, str(event.id)), payload))
    return event


def _kind_of(target: models.Model | Reference | None) -> str:
    if target is None:
        return ""
    return target.kind if isinstance(target, Reference) else target._meta.label_lower


def _append(event: AuditEvent, salt: str, sealed: bytes) -> None:
    """Locks the chain, links the entry to its end, and moves the end."""
    head = AuditHead.objects.select_for_update().get(school_id=event.school_id)
    event.seq, event.prev_hash = head.seq + 1, head.hash
    event.hash = _hash(event)
    event.save(force_insert=True)
    payload = AuditPayload(event_id=event.id, school_id=event.school_id, salt=salt, sealed=sealed)
    AuditPayload.objects.bulk_create([payload])
    AuditHead.objects.filter(school_id=event.school_id).update(seq=event.seq, hash=event.hash)


def payload_of(event: AuditEvent, payload: AuditPayload | None = None) -> dict[str, Any]:
    """Label and changes of an entry; empty when retention has shredded them."""
    payload = payload or AuditPayload.objects.filter(event_id=event.pk).first()
    if payload is None:
        return {}
    return dict(json.loads(crypto.unseal(event.school_id, (*_place, str(event.pk)), payload.sealed)))


def _fault(event: AuditEvent, seq: int, previous: str, payload: AuditPayload | None) -> str:
    if event.seq != seq:
        return f"entry {seq} is missing"
    if event.prev_hash != previous:
        return "it does not follow from the entry before"
    if event.hash != _hash(event):
        return "its content was changed"
    if payload is not None:
        try:
            plain = crypto.unseal(event.school_id, (*_place, str(event.id)), payload.sealed)
        except crypto.Undecryptable:
            return "its details were changed"
        if _digest(payload.salt, plain) != event.digest:
            return "its details were changed"
    return ""


def verify(school_id: UUID, *, expected: dict[int, str] | None = None) -> Verdict:
    """Walks a school's chain. `expected` maps sequence numbers to hashes that were exported earlier.

    Only an exported head can show that the end of the chain was cut off or that all of it was rewritten.
    """
    expected, seq, previous = dict(expected or {}), 0, genesis(school_id)
    while True:
        walked = seq
        for event, payload in _with_payloads(_entries_after(school_id, seq)):
            reason = _fault(event, seq + 1, previous, payload)
            if not reason and expected.pop(event.seq, event.hash) != event.hash:
                reason = "it differs from the hash that was exported"
            if reason:
                return Verdict(school_id, seq, previous, broken_at=seq + 1, reason=reason)
            seq, previous = event.seq, event.hash
        head = AuditHead.objects.filter(school_id=school_id).first()
        if head is None or head.seq <= seq or seq == walked:
            break  # else others appended meanwhile: the walk goes on with what is new
    reason = _fault_of_end(head, seq, previous, expected)
    return Verdict(school_id, seq, previous, broken_at=seq + 1 if reason else None, reason=reason)


def _fault_of_end(head: AuditHead | None, seq: int, last: str, missing: dict[int, str]) -> str:
    """What is wrong after the last entry; `missing` are exported hashes that no entry bore."""
    if head is None or (head.seq, head.hash) != (seq, last):
        return "the end of the chain was cut off or moved"
    return f"entry {min(missing)} was exported and is missing" if missing else ""


def _entries_after(school_id: UUID, seq: int) -> Iterator[Any]:
    """Rows instead of instances: a walk reads everything there is."""
    names = [field.attname for field in AuditEvent._meta.concrete_fields]
    found = AuditEvent.objects.filter(school_id=school_id, seq__gt=seq).order_by("seq")
    return found.values_list(*names, named=True).iterator(chunk_size=BATCH)


def _with_payloads(events: Iterator[AuditEvent]) -> Iterator[tuple[AuditEvent, AuditPayload | None]]:
    """Pairs entries with their payloads, BATCH at a time."""
    while batch := list(islice(events, BATCH)):
        found: Any = AuditPayload.objects.filter(event_id__in=[event.id for event in batch])
        payloads = {row.event_id: row for row in found.values_list("event_id", "salt", "sealed", named=True)}
        for event in batch:
            yield event, payloads.get(event.id)


def reseal_payload(event: AuditEvent, payload: AuditPayload, key: DataKey) -> bytes:
    """The same details under another data key; the digest in the chain stays true."""
    place = (*_place, str(event.pk))
    return crypto.seal(event.school_id, place, crypto.unseal(event.school_id, place, payload.sealed), key=key)
