"""Says of any PDF by whom and when it was signed, which version it is, and whether a byte of it was changed."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from core import scope
from core.errors import DomainError
from policies.selectors import Verification, verify_document
from schools.models import School


class Command(BaseCommand):
    """Exit 0 when every signature holds, 1 when not, 2 when the file cannot be read."""

    help = "Checks the signatures of a PDF against the certificates of the schools here."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how to answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the answer as JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Checks and prints."""
        try:
            found = _check(_bytes_of(options["file"]))
        except DomainError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), default=str, ensure_ascii=False, indent=2))
        else:
            self._say(found)
        if not found.whole:
            sys.exit(1)

    def _say(self, found: Verification) -> None:
        for one in found.signatures:
            word = "holds" if one.holds else "does not hold"
            self.stdout.write(f"{one.signer_name}, {one.post}, {one.signed_at}: {word}")
        if found.title:
            state = found.state.lower()
            self.stdout.write(f"{found.school}: {found.title}, version {found.number}, {state}")
        if not found.signatures:
            self.stdout.write("Nobody has signed this PDF.")
        else:
            self.stdout.write(
                "Unchanged since it was signed."
                if found.whole
                else "Changed, or not signed by a school here."
            )


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DomainError(f"{path.name} cannot be opened: {error.strerror}.") from error


def _check(data: bytes) -> Verification:
    """The school whose own document it is, otherwise the first whose certificate vouches for it."""
    first: Verification | None = None
    for school in School.objects.order_by("name"):
        with scope.acting(schools=[school.pk]), transaction.atomic():
            found = verify_document(data, school)
        if found.title or found.whole:
            return found
        first = first or found
    return first or Verification(whole=False, signatures=[])
