"""Seals everything of a school anew with its newest data key, row by row, so that it can be stopped at any time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from core import audit, crypto, scope
from core.fields import EncryptedTextField, Sealed
from core.models import AuditEvent, AuditPayload, DataKey

BATCH = 200
OLDER_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < %s
"""


def sealed_models() -> Iterator[tuple[type[models.Model], list[EncryptedTextField]]]:
    """Every model that holds sealed fields."""
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
        if fields:
            yield model, fields


def seal_anew(school_id: UUID, *, by: audit.Actor) -> int:
    """Re-encrypts what an older key sealed, then drops the keys that nothing needs; returns the number of values.

    Every batch is one transaction. Old keys stay until no ciphertext names them, and no work that began before this
    may still write one; then the next run drops them.
    """
    with transaction.atomic():
        key, begun = crypto.current_key(school_id), _database_time()
    changed = sum(_reseal_model(model, fields, school_id, key) for model, fields in sealed_models())
    with transaction.atomic():
        if changed:
            audit.record("keys.rotated", by=by, school_id=school_id, changes={"version": [None, key.version]})
    changed += _reseal_payloads(school_id, key)
    if _older_work(begun):
        return changed
    with transaction.atomic():
        for old in DataKey.objects.filter(school_id=school_id, version__lt=key.version):
            if not _still_used(school_id, old.pk):
                old.delete()
    return changed


def _database_time() -> Any:
    """Now, by the clock that transactions begin by."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _older_work(begun: Any) -> bool:
    """Whether a transaction goes on that began earlier. On SQLite the write gate lets none go on."""
    if begun is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(OLDER_WORK, [begun])
        return bool(cursor.fetchone()[0])


def _batches(queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
    with scope.reading():  # outside of a transaction PostgreSQL shows no school's rows
        ids = list(queryset.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _reseal_model(
    model: type[models.Model], fields: list[EncryptedTextField], school_id: UUID, key: DataKey
) -> int:
    changed = 0
    for ids in _batches(model._default_manager.filter(school_id=school_id)):
        with transaction.atomic():
            for row in model._default_manager.select_for_update().filter(pk__in=ids):
                changed += _reseal_row(row, fields, key)
    return changed


def _reseal_row(row: models.Model, fields: list[EncryptedTextField], key: DataKey) -> int:
    new: dict[str, Any] = {}
    for field in fields:
        value = row.__dict__[field.attname]
        if isinstance(value, Sealed) and crypto.key_id_of(value.data) != key.pk:
            new[field.attname] = field.seal(row, field.unseal(row, value), key)
            if field.key_version:
                new[field.key_version] = key.version
    if new:
        type(row)._default_manager.filter(pk=row.pk).update(**new)
    return len(new)


def _reseal_payloads(school_id: UUID, key: DataKey) -> int:
    changed = 0
    for ids in _batches(AuditPayload.objects.filter(school_id=school_id)):
        with transaction.atomic():
            events = AuditEvent.objects.in_bulk(ids)
            for row in AuditPayload.objects.select_for_update().filter(pk__in=ids):
                if crypto.key_id_of(row.sealed) != key.pk:
                    sealed = audit.reseal_payload(events[row.pk], row, key)
                    AuditPayload.objects.filter(pk=row.pk).update(sealed=sealed)
                    changed += 1
    return changed


def _still_used(school_id: UUID, key_id: UUID) -> bool:
    stored = AuditPayload.objects.filter(school_id=school_id).values_list("sealed", flat=True)
    if any(crypto.key_id_of(sealed) == key_id for sealed in stored.iterator(chunk_size=2000)):
        return True
    for model, fields in sealed_models():
        for field in fields:
            values = model._default_manager.filter(school_id=school_id).values_list(field.attname, flat=True)
            if any(
                value is not None and crypto.key_id_of(value.data) == key_id
                for value in values.iterator(chunk_size=2000)
            ):
                return True
    return False
