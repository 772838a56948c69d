"""Model fields whose value is ciphertext in the database and plain in Python, bound to their row."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core import crypto


@dataclass(frozen=True)
class Sealed:
    """A value as the database holds it."""

    data: bytes


def salted_digest(text: str, salt: str = "") -> str:
    """`salt$sha256`, by which the database can see that re-encryption left the text unchanged."""
    salt = salt or secrets.token_hex(16)
    return f"{salt}${hashlib.sha256((salt + text).encode()).hexdigest()}"


class UnsealingAttribute(DeferredAttribute):
    """Opens the stored value when it is first read, so that lists that do not show it do not pay for it."""

    field: EncryptedTextField

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.unseal(instance, value)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    # Python sees text; bytes are the database's business.
    _TextInPython = models.BinaryField[Any, Any]
else:
    _TextInPython = models.BinaryField


class EncryptedTextField(_TextInPython):
    """Text sealed with the school's key. It cannot be filtered or sorted by the database.

    With `digest` (and `key_version`) naming two later fields of the model, these are kept beside it, so that the
    database refuses every change except re-encryption (core.db.operations.SealedColumns).
    """

    descriptor_class = UnsealingAttribute
    description = "Encrypted text"

    def __init__(self, *args: Any, digest: str = "", key_version: str = "", **kwargs: Any) -> None:
        self.digest, self.key_version = digest, key_version
        kwargs["editable"] = kwargs.get("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """The digest and version fields must come later, because fields are saved in their order."""
        errors = super().check(**kwargs)
        names = [field.name for field in self.model._meta.concrete_fields]
        for later in filter(None, (self.digest, self.key_version)):
            if names.index(later) < names.index(self.name):
                errors.append(
                    checks.Error(f"{later} must be declared after {self.name}.", obj=self, id="core.E100")
                )
        return errors

    # Python value <-> bytes
    def encode(self, value: Any) -> bytes:
        """The bytes that are sealed."""
        return str(value).encode()

    def decode(self, plain: bytes) -> Any:
        """The Python value of opened bytes."""
        return plain.decode()

    def place(self, instance: models.Model) -> tuple[str, str, str]:
        """Where a ciphertext belongs: (model, row, field)."""
        return (instance._meta.label_lower, str(instance.pk), self.attname)

    def unseal(self, instance: models.Model, value: Sealed) -> Any:
        """The plain value of this row's ciphertext."""
        return self.decode(crypto.unseal(instance.school_id, self.place(instance), value.data))  # type: ignore[attr-defined]

    def seal(self, instance: models.Model, value: Any, key: Any = None) -> Sealed:
        """The ciphertext of a value for this row."""
        return Sealed(crypto.seal(instance.school_id, self.place(instance), self.encode(value), key=key))  # type: ignore[attr-defined]

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname, self.get_default())
        if value is None or isinstance(value, Sealed):
            return value
        key = crypto.current_key(model_instance.school_id)  # type: ignore[attr-defined]
        if self.key_version and add:
            setattr(model_instance, self.digest, salted_digest(str(value)))
            setattr(model_instance, self.key_version, key.version)
        return self.seal(model_instance, value, key)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise FieldError(
                f"{self.name} is encrypted: save it through its instance, and search it in Python."
            )
        return super().get_db_prep_value(None if value is None else value.data, connection, prepared)

    def get_prep_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be searched by the database.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted and is not exported.")

    def get_default(self) -> Any:
        return super().get_default() if self.has_default() else ("" if not self.null else None)

    def formfield(self, **kwargs: Any) -> Any:
        return models.TextField(
            blank=self.blank, verbose_name=self.verbose_name, help_text=self.help_text
        ).formfield(**kwargs)


class EncryptedDateField(EncryptedTextField):
    """A date sealed like text."""

    description = "Encrypted date"

    def encode(self, value: date) -> bytes:
        return value.isoformat().encode()

    def decode(self, plain: bytes) -> date:
        return date.fromisoformat(plain.decode())

    def formfield(self, **kwargs: Any) -> Any:
        return models.DateField(
            blank=self.blank, verbose_name=self.verbose_name, help_text=self.help_text
        ).formfield(**kwargs)
