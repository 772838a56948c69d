"""Rotates keys: the outer key, the data keys, and the text sealed with old ones."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from core import crypto, rotation, scope
from core.audit import Job


class Command(BaseCommand):
    """`manage.py rotate_keys [--outer] [--school SLUG]`"""

    help = "Makes new data keys, seals everything anew and drops the old keys. It can be stopped and run again at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument(
            "--outer",
            action="store_true",
            help="also add a new key to KEY_FILE and wrap the data keys with it",
        )
        parser.add_argument("--school", default="", help="slug of one school")
        parser.add_argument(
            "--resume", action="store_true", help="make no new data key; finish an earlier rotation"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """School after school; each is whole on its own."""
        if options["outer"]:
            crypto.add_outer_key(settings.KEY_FILE)
        schools = apps.get_model("schools", "School").objects.order_by("slug")
        for school in schools.filter(slug=options["school"]) if options["school"] else schools:
            with scope.acting(schools=[school.pk]):
                if not options["resume"]:
                    with transaction.atomic():
                        crypto.make_data_key(school.pk)
                changed = rotation.seal_anew(school.pk, by=Job("rotate-keys"))
                if options["outer"]:
                    crypto.rewrap_data_keys()
            self.stdout.write(f"{school.slug}: {changed} values sealed anew")
