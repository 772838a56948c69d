"""Encryption at rest: a data key per school, wrapped by a key that lives outside database and backups.

AES-256-GCM. Everything that says where a ciphertext belongs (format, key, school, model, row, field) is authenticated
with it, so that a value moved to another row, field or school does not open.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import Manager, Max, QuerySet

from core.db.compiled import compiled_once
from core.errors import DomainError

if TYPE_CHECKING:
    from core.models import DataKey

FORMAT = b"\x01"
SYSTEM: UUID | None = None
"""The owner of what belongs to no school: second-factor secrets of people."""

_NONCE = 12
_HEADER = len(FORMAT) + 16 + _NONCE
_opened: dict[UUID, bytes] = {}


class Undecryptable(DomainError):
    """A stored value does not open with its key: it was changed, moved, or the key is another."""


# --- Key-encryption keys: a file of lines "version:base64", the last one in use --------------------------------------


def make_key_file(path: Path) -> None:
    """Writes a key file with one new key, readable by its owner alone. An existing file stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        write_key_file(path, {1: secrets.token_bytes(32)})


def write_key_file(path: Path, keys: dict[int, bytes]) -> None:
    """Writes the keys of all versions, replacing the file in one step."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(
            f"{version}:{base64.b64encode(key).decode()}\n" for version, key in sorted(keys.items())
        )
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    read_key_file.cache_clear()


def add_outer_key(path: Path) -> None:
    """Adds a key-encryption key to those in the file. Of two rotations at once each adds its own: none is lost."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        read_key_file.cache_clear()
        keys = read_key_file(path)
        write_key_file(path, {**keys, max(keys) + 1: secrets.token_bytes(32)})
    finally:
        os.close(folder)


@lru_cache(maxsize=4)
def read_key_file(path: Path) -> dict[int, bytes]:
    """The key-encryption keys by version. Raises ImproperlyConfigured with what to do when the file is unusable."""
    try:
        lines = path.read_text().split()
        keys = {
            int(version): base64.b64decode(key) for version, _, key in (line.partition(":") for line in lines)
        }
    except OSError as error:
        raise ImproperlyConfigured(
            f"KEY_FILE {path} cannot be read ({error.strerror}). Make one with `manage.py make_keys`, or restore it from your safe."
        ) from None
    except ValueError:
        raise ImproperlyConfigured(
            f"KEY_FILE {path} is damaged: every line must read version:base64 key."
        ) from None
    if not keys or any(len(key) != 32 for key in keys.values()):
        raise ImproperlyConfigured(f"KEY_FILE {path} holds no usable key: each must be 32 bytes.")
    return keys


def key_file_is_private(path: Path) -> bool:
    """Whether nobody but the owner may read the key file."""
    return not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


# --- Data keys --------------------------------------------------------------------------------------------------------


def _wrapping_data(school_id: UUID | None, key_id: UUID, version: int) -> bytes:
    return b"|".join([b"data-key", str(school_id or "system").encode(), key_id.bytes, str(version).encode()])


def _outer_key(version: int) -> bytes:
    """A key-encryption key. One that is not known yet was added by a rotation while this process ran."""
    if version not in read_key_file(settings.KEY_FILE):
        read_key_file.cache_clear()
    return read_key_file(settings.KEY_FILE).get(version, bytes(32))


def _wrap(key: DataKey, plain: bytes) -> None:
    versions = read_key_file(settings.KEY_FILE)
    key.wrapping_version = max(versions)
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(versions[key.wrapping_version]).encrypt(
        nonce, plain, _wrapping_data(key.school_id, key.pk, key.version)
    )
    key.wrapped = nonce + sealed


def unwrap(key: DataKey) -> bytes:
    """The plain data key. Raises Undecryptable when the key file is not the one it was wrapped with."""
    if key.pk not in _opened:
        outer = _outer_key(key.wrapping_version)
        wrapped = bytes(key.wrapped)
        try:
            _opened[key.pk] = AESGCM(outer).decrypt(
                wrapped[:_NONCE], wrapped[_NONCE:], _wrapping_data(key.school_id, key.pk, key.version)
            )
        except InvalidTag:
            raise Undecryptable(
                "The key file does not open this database. Restore the key file that belongs to it."
            ) from None
    return _opened[key.pk]


def _data_keys() -> Manager[DataKey]:
    """Found by name: models have fields that are sealed here."""
    return apps.get_model("core", "DataKey").objects  # type: ignore[no-any-return]


def make_data_key(school_id: UUID | None) -> DataKey:
    """A new data key for a school (or the system), one version above the last. New text is sealed with it."""
    last = _data_keys().filter(school_id=school_id).aggregate(last=Max("version"))["last"] or 0
    key = _data_keys().model(school_id=school_id, version=last + 1)
    _wrap(key, secrets.token_bytes(32))
    key.save(force_insert=True)
    _kept()[school_id] = None
    return key


def _kept() -> dict[UUID | None, DataKey | None]:
    """Keys looked up in this transaction; None where one was made in it, which a rollback may take back."""
    kept: dict[UUID | None, DataKey | None] = getattr(connection, "data_keys", {})
    return kept if connection.in_atomic_block else {}


def current_key(school_id: UUID | None) -> DataKey:
    """The newest data key of a school, looked up once in a transaction. The system's key is made on first use."""
    kept = _kept()
    if known := kept.get(school_id):
        return known
    key = _newest_of_system() if school_id is SYSTEM else next(iter(_newest(school=school_id)), None)
    if key is None and school_id is SYSTEM:
        with transaction.atomic():
            return make_data_key(SYSTEM)
    if key is None:
        raise Undecryptable(
            "This school has no data key. It was not made by the service that creates schools."
        )
    kept.setdefault(school_id, key)
    return key


@compiled_once
def _newest(*, school: Any) -> QuerySet[DataKey]:
    return _data_keys().filter(school_id=school).order_by("-version")[:1]


def _newest_of_system() -> DataKey | None:
    return _data_keys().filter(school_id=SYSTEM).order_by("-version").first()


def current_keys(schools: Iterable[UUID]) -> None:
    """Looks up the newest data keys of many schools at once, so that `current_key` need not ask for each."""
    kept = _kept()
    missing = [one for one in schools if one not in kept]
    for key in _data_keys().filter(school_id__in=missing).order_by("version"):
        kept[key.school_id] = key


def rewrap_data_keys() -> int:
    """Wraps every visible data key with the newest key-encryption key; returns how many were changed."""
    newest, changed = max(read_key_file(settings.KEY_FILE)), 0
    with transaction.atomic():
        for key in _data_keys().select_for_update().exclude(wrapping_version=newest):
            _wrap(key, unwrap(key))
            key.save(update_fields=["wrapped", "wrapping_version"])
            changed += 1
    return changed


# --- Sealing ----------------------------------------------------------------------------------------------------------


def _place(header: bytes, school_id: UUID | None, place: tuple[str, ...]) -> bytes:
    return b"|".join([header, str(school_id or "system").encode(), *(part.encode() for part in place)])


def seal(
    school_id: UUID | None, place: tuple[str, ...], plain: bytes, *, key: DataKey | None = None
) -> bytes:
    """Ciphertext of `plain`, bound to its place: (model, row, field)."""
    key = key or current_key(school_id)
    header = FORMAT + key.pk.bytes + secrets.token_bytes(_NONCE)
    return header + AESGCM(unwrap(key)).encrypt(header[-_NONCE:], plain, _place(header, school_id, place))


def key_id_of(sealed: bytes | memoryview) -> UUID:
    """Which data key a ciphertext was sealed with."""
    return UUID(bytes=bytes(sealed[1:17]))


def unseal(school_id: UUID | None, place: tuple[str, ...], sealed: bytes | memoryview) -> bytes:
    """The plain bytes. Raises Undecryptable when anything about the ciphertext or its place is not as it was."""
    sealed = bytes(sealed)
    if len(sealed) <= _HEADER or sealed[:1] != FORMAT:
        raise Undecryptable("A stored value is not in the form this version writes.")
    plain_key = _opened.get(key_id_of(sealed))
    if plain_key is None:
        key = _data_keys().filter(pk=key_id_of(sealed), school_id=school_id).first()
        if key is None:
            raise Undecryptable("A stored value was sealed with a key that this school does not have.")
        plain_key = unwrap(key)
    header = sealed[:_HEADER]
    try:
        return AESGCM(plain_key).decrypt(header[-_NONCE:], sealed[_HEADER:], _place(header, school_id, place))
    except InvalidTag:
        raise Undecryptable("A stored value was changed or moved outside the application.") from None


def token_digest(token: str) -> str:
    """What is kept of a secret address; the secret is long and random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
