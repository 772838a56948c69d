"""Makes the file of key-encryption keys, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core import crypto


class Command(BaseCommand):
    """`manage.py make_keys`"""

    help = "Makes the key file if there is none. Keep a copy in a safe, apart from database and backups."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Leaves an existing file as it is."""
        existed = settings.KEY_FILE.exists()
        crypto.make_key_file(settings.KEY_FILE)
        self.stdout.write(f"{'Found' if existed else 'Made'} {settings.KEY_FILE}.")
