"""Says of any PDF by whom and when it was signed, which version it is, whether a byte was changed, and whether it still holds."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.errors import DomainError
from core.templatetags.ui import moment
from policies import presenters
from policies.enums import Outcome
from policies.selectors import Verification, check_pdf_size, verify_document


class Command(BaseCommand):
    """Exit 0 when the file is as a school here signed it, 1 when not, 2 when it cannot be read."""

    help = (
        "Checks a PDF: signed by whom and when, which policy and version, unchanged or not, still in force or not. "
        "A version that was superseded is still a good file. Nothing is stored or fetched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how to answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the answer as JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Checks and prints."""
        try:
            found = verify_document(_bytes_of(options["file"]))
        except DomainError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"]:
            answer = presenters.verification_json(found)
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self._say(found)
        if found.outcome != Outcome.UNCHANGED:
            sys.exit(1)

    def _say(self, found: Verification) -> None:
        self.stdout.write(found.outcome.label)
        for one in found.signatures:
            _, word = presenters.signature_word(one)
            said = [one.signer_name, one.post, moment(one.signed_at) if one.signed_at else ""]
            self.stdout.write(f"{', '.join(filter(None, said))}: {word.lower()}")
            stamped = f", time stamp {moment(one.time_stamped_at)}" if one.time_stamped_at else ""
            self.stdout.write(f"  certificate of {one.certificate}, made by {one.issuer}{stamped}")
        if found.version:
            version = found.version
            self.stdout.write(f"{version.school}: {version.title}, version {version.label}.")
            self.stdout.write(presenters.standing(version))


def _bytes_of(path: Path) -> bytes:
    try:
        check_pdf_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise DomainError(f"{path.name} cannot be opened: {error.strerror}.") from error
