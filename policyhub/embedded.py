"""Makes the secrets of an embedded installation on first start, so that it runs with no set-up."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def read_or_make_secret(path: Path, *, production: bool) -> str:
    """The installation's secret key; made once, readable by its owner alone. Never made silently in production."""
    if path.exists():
        return path.read_text().strip()
    if production:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set SECRET_KEY (or SECRET_KEY_FILE) to at least 50 random characters."
        )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()
