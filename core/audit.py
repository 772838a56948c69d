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
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from core import crypto
from core.db.compiled import compiled_once
from core.db.together import change, insertion, run_together
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
    event, payload = _entry(action, by, school_id, target, {"label": label, "changes": changes or {}})
    _append(event, payload)
    return event


def record_each(action: str, *, by: Actor, changes: dict[UUID, dict[str, list[Any]]]) -> None:
    """Appends one entry to the chain of each school named by `changes`, as `record` does, in a few statements for all.

    Meant for a few hundred schools at a time: their chains are locked until the transaction ends.
    """
    crypto.current_keys(changes)
    heads = AuditHead.objects.select_for_update().filter(school_id__in=changes).order_by("school_id")
    entries = []
    for head in heads:
        what = {"label": "", "changes": changes[head.school_id]}
        event, payload = _entry(action, by, head.school_id, None, what)
        _link(event, head)
        entries.append((event, payload))
    if len(entries) != len(changes):
        raise AuditHead.DoesNotExist("A school has no chain to append to.")
    AuditEvent.objects.bulk_create([event for event, _ in entries], batch_size=BATCH)
    AuditPayload.objects.bulk_create([payload for _, payload in entries], batch_size=BATCH)
    of_next = AuditEvent.objects.filter(school_id=OuterRef("school_id"), seq=OuterRef("seq") + 1)
    AuditHead.objects.filter(school_id__in=changes).update(
        hash=Subquery(of_next.values("hash")[:1]), seq=F("seq") + 1
    )


def _entry(
    action: str, by: Actor, school_id: UUID, target: models.Model | Reference | None, what: dict[str, Any]
) -> tuple[AuditEvent, AuditPayload]:
    """An entry that is not linked yet, and its sealed details."""
    plain, salt = json.dumps(what, separators=(",", ":"), default=str).encode(), secrets.token_hex(16)
    event = AuditEvent(
        id=uuid4(),
        school_id=school_id,
        at=timezone.now(),
        actor_id=by.actor_id,
        action=action,
        object_type=_kind_of(target),
        object_id=str(target.pk) if target is not None else "",
        request_id=request_id.get(),
        digest=_digest(salt, plain),
    )
    sealed = crypto.seal(school_id, (*_place, str(event.id)), plain)
    return event, AuditPayload(event_id=event.id, school_id=school_id, salt=salt, sealed=sealed)


def _kind_of(target: models.Model | Reference | None) -> str:
    if target is None:
        return ""
    return target.kind if isinstance(target, Reference) else target._meta.label_lower


def _append(event: AuditEvent, payload: AuditPayload) -> None:
    """Locks the chain, links the entry to its end, and moves the end."""
    found = _locked_head(school=event.school_id)
    if not found:
        raise AuditHead.DoesNotExist("A school has no chain to append to.")
    head = found[0]
    _link(event, head)
    head.seq, head.hash = event.seq, event.hash
    run_together(insertion(event), insertion(payload), change(head, "seq", "hash"))


@compiled_once
def _locked_head(*, school: Any) -> QuerySet[AuditHead]:
    return AuditHead.objects.select_for_update().filter(school_id=school)


def _link(event: AuditEvent, head: AuditHead) -> None:
    event.seq, event.prev_hash = head.seq + 1, head.hash
    event.hash = _hash(event)


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
