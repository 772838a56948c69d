"""Reads the environment, and stops the start with a sentence where it is wrong.

Every variable is declared by a call here, so `docs/settings.md` can be generated and no setting is read twice.
A secret may also come from a file: NAME_FILE holds the path (the form containers and systemd hand secrets in).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


@dataclass(frozen=True)
class Variable:
    """One environment variable as the documentation prints it."""

    name: str
    kind: str
    default: str
    about: str


DECLARED: dict[str, Variable] = {}


def _declare(name: str, kind: str, default: object, about: str) -> str | None:
    DECLARED[name] = Variable(name, kind, "" if default is None else str(default), about)
    return os.environ.get(name)


def env_str(name: str, default: str = "", *, about: str) -> str:
    """A text; empty means the default."""
    return _declare(name, "text", default, about) or default


def env_bool(name: str, default: bool = False, *, about: str) -> bool:
    """Yes or no; any other word stops the start."""
    value = _declare(name, "yes/no", "yes" if default else "no", about)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to yes or no.")


def env_int(name: str, default: int, *, about: str) -> int:
    """A whole number."""
    value = _declare(name, "number", default, about)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number.") from None


def env_list(name: str, default: str = "", *, about: str) -> list[str]:
    """Words separated by commas."""
    value = _declare(name, "list", default, about)
    return [word.strip() for word in (value if value is not None else default).split(",") if word.strip()]


def env_url(name: str, default: str = "", *, about: str) -> str:
    """A web address without a slash at its end."""
    value = _declare(name, "address", default, about) or default
    if value and not (value.startswith(("https://", "http://")) and urlsplit(value).hostname):
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to an address with https:// or http://.")
    return value.rstrip("/")


def env_secret(name: str, default: str = "", *, about: str) -> str:
    """A secret from NAME or from the file that NAME_FILE names."""
    value = _declare(name, "secret", "", about)
    file = os.environ.get(f"{name}_FILE")
    if value and file:
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set. Keep one of them.")
    if not file:
        return value or default
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {file}, which cannot be read: {error.strerror}."
        ) from None


def env_database(name: str, default: str, *, about: str) -> dict[str, Any]:
    """A database address such as postgres://user:password@host:5432/name, as Django's settings dictionary."""
    value = env_secret(name, default, about=about)
    if not value.startswith(("sqlite://", "postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"{name} must start with postgres:// or sqlite:///.")
    return dict(environ.Env.db_url_config(value))


def env_email(name: str, default: str, *, about: str) -> dict[str, Any]:
    """A mail server address such as smtp+tls://user:password@host:587, as Django's settings."""
    value = env_secret(name, default, about=about)
    try:
        return dict(environ.Env.email_url_config(value))
    except (KeyError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{name} must start with smtp://, smtp+tls://, smtp+ssl:// or filemail://."
        ) from None
