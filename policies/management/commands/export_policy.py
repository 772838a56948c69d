"""Writes a policy as a Word file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from core import scope
from core.errors import DomainError
from policies import selectors
from policies.selectors import exporting
from schools.models import School


class Command(BaseCommand):
    """Exit 0 when the file was written, 2 when it was not, with one sentence on the error output."""

    help = (
        "Writes a policy as a Word file (.docx): the version of this id, or that of the policy of this id which people follow,"
        " otherwise its newest. Read in again it is the same. An existing file is not replaced."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which policy, and where to."""
        parser.add_argument("id", type=UUID)
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Finds, writes, and says so."""
        try:
            title, number, content = _exported(options["id"])
            with options["file"].open("xb") as file:
                file.write(content)
        except DomainError as error:
            self._stop(str(error))
        except OSError as error:
            self._stop(f"{options['file'].name} cannot be written: {error.strerror}.")
        self.stdout.write(f"{title}, version {number}: {options['file'].name}")

    def _stop(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)


def _exported(identity: UUID) -> tuple[str, str, bytes]:
    for school in School.objects.order_by("name"):
        with scope.acting(schools=[school.pk]), transaction.atomic():
            version = selectors.version_by_id(school, identity)
            if version is not None:
                return version.title, version.label, exporting.word_file(version)
    raise DomainError(f"No policy or version with the id {identity} is held here.")
