"""Reads a policy file; prints what was read, and saves it as drafts of a school."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from core import scope
from core.audit import Job
from core.errors import DomainError
from policies import presenters, selectors, services
from policies.services import DraftDetails
from schools.models import School

COMMAND = Job("import-policy")


class Command(BaseCommand):
    """Exit 0 when the file was read, 2 when it cannot be, with one sentence on the error output."""

    help = "Reads a policy from a Word, PDF or text file. With --school it is saved as drafts; otherwise it is only read."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, school, and how to answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", metavar="SLUG", help="save what was read as drafts of this school")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, even with --school")
        parser.add_argument(
            "--json", action="store_true", help="print what was read as JSON and nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads, saves where a school is named, and prints."""
        try:
            data = _bytes_of(options["file"])
            school = _school(options["school"])
            if school is None or options["dry_run"]:
                read, saved = (
                    selectors.read_and_check(data, options["file"].name, timezone.localdate()),
                    list[str](),
                )
            else:
                read, saved = _save(school, data, options["file"].name)
        except DomainError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(read, ensure_ascii=False, indent=2))
        else:
            self._say(read, saved)

    def _say(self, read: dict[str, Any], saved: list[str]) -> None:
        for document in read["documents"]:
            clauses = sum(len(section["clauses"]) for section in document["sections"])
            counts = f"{len(document['sections'])} sections, {clauses} clauses, {len(document['findings'])} findings"
            self.stdout.write(f"{document['title'] or 'Without a title'}: {counts}")
        for line in saved:
            self.stdout.write(line)


def _bytes_of(path: Path) -> bytes:
    try:
        services.check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise DomainError(f"{path.name} cannot be opened: {error.strerror}.") from error


def _school(slug: str | None) -> School | None:
    if not slug:
        return None
    school = School.objects.filter(slug=slug).first()
    if school is None:
        raise DomainError(f"There is no school called {slug}.")
    return school


def _save(school: School, data: bytes, name: str) -> tuple[dict[str, Any], list[str]]:
    with scope.acting(schools=[school.pk]), transaction.atomic():
        source = services.import_document(school, data, name, by=COMMAND)
        saved = []
        for position, read in enumerate(source.reading["documents"]):
            details, policy = _details(read, school, name)
            version = services.save_draft(source, position, details, by=COMMAND, policy=policy)
            saved.append(f"Saved as a draft: {version.title}, version {version.label}.")
    return source.reading, saved


def _details(read: dict[str, Any], school: School, name: str) -> tuple[DraftDetails, Any]:
    initial = presenters.draft_initial(read, selectors.policy_choices(school))
    policy = school.policies.filter(pk=initial["policy"]).first() if initial["policy"] else None
    dates = read["key_details"]
    details = DraftDetails(
        title=initial["title"] or Path(name).stem,
        kind=initial["kind"],
        setting=initial["setting"],
        written=dates["written"] or "",
        next_review=dates["next_review"] or "",
    )
    return details, policy
