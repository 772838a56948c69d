"""Proves a school's audit chain whole, or names the first broken link."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from core import audit, scope


class Command(BaseCommand):
    """`manage.py verify_audit [--school SLUG] [--against FILE] [--heads]`"""

    help = "Verifies the audit chain of every school; with --against also its end. Exit code 1 when a link is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--school", default="", help="slug of one school")
        parser.add_argument(
            "--against",
            default="",
            help="file of exported heads: lines 'school-id seq hash', or the e-mails that hold them",
        )
        parser.add_argument(
            "--heads",
            action="store_true",
            help="print the heads in the form --against reads, to keep outside this system",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints one line a school."""
        expected = _read_heads(options["against"])
        schools = apps.get_model("schools", "School").objects.order_by("slug")
        if options["school"]:
            schools = schools.filter(slug=options["school"])
        if not schools:
            raise CommandError("There is no such school.")
        broken = 0
        for school in schools:
            with scope.acting(schools=[school.pk]), scope.reading():
                verdict = audit.verify(school.pk, expected=expected.get(str(school.pk)))
            if not verdict.whole:
                broken += 1
                self.stdout.write(f"{school.slug}: BROKEN at entry {verdict.broken_at}: {verdict.reason}")
            elif options["heads"]:
                self.stdout.write(f"{school.pk} {verdict.entries} {verdict.head}")
            else:
                self.stdout.write(f"{school.slug}: whole, {verdict.entries} entries")
        if broken:
            sys.exit(1)


def _read_heads(path: str) -> dict[str, dict[int, str]]:
    """Heads in a file, by school; lines of any other form are passed over, so that a saved e-mail can be given."""
    heads: dict[str, dict[int, str]] = {}
    for line in Path(path).read_text().splitlines() if path else []:
        words = line.split()
        if len(words) == 3 and words[1].isdigit() and len(words[2]) == 64:
            heads.setdefault(str(UUID(words[0])), {})[int(words[1])] = words[2]
    return heads
