"""Takes children and contacts from a CSV file."""

from __future__ import annotations

import csv
import os
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import scope
from core.audit import Job
from core.errors import DomainError
from schools import services
from schools.models import Learner, School


class Command(BaseCommand):
    """`manage.py import_learners FILE.csv --school SLUG [--missing FILE] [--dry-run]`"""

    help = (
        "Adds the children and contacts of a CSV file, and brings those who are known by name and birth date up to date. All of "
        "the file or nothing; each bad row is named by its line. Nobody is removed. Prints numbers and no names."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, school, and how far to go."""
        parser.add_argument(
            "file",
            type=Path,
            help="CSV with first_name, last_name, birth_date, year_group, class_name, and for each contact "
            "contact1_name, contact1_phone, contact1_email, contact1_relationship",
        )
        parser.add_argument("--school", required=True, help="slug of the school")
        parser.add_argument(
            "--missing", type=Path, help="new file for the names of those on roll who are not in FILE"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        """Numbers for the terminal; names go to the file that was asked for alone."""
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise CommandError(f"There is no school {options['school']}.")
        try:
            data = options["file"].read_bytes()
            with scope.acting(schools=[school.pk]), transaction.atomic():
                done = services.import_learners(school, data, by=Job("import_learners"))
                if options["missing"]:
                    write_names(options["missing"], done.missing)
                transaction.set_rollback(options["dry_run"])
        except DomainError as fault:
            raise CommandError(f"Nothing was stored.\n{fault}") from None
        except OSError as fault:
            raise CommandError(f"Nothing was stored. {fault.filename}: {fault.strerror}.") from None
        self.stdout.write("\n".join(report(done, dry_run=options["dry_run"])))


def report(done: services.Imported, *, dry_run: bool) -> list[str]:
    """What was done, in numbers."""
    counts = done.counts
    lines = ["Nothing was stored. This would be done:"] if dry_run else []
    lines += [
        f"Children: {counts['read']} in the file, {counts['added']} added, {counts['changed']} brought up to date.",
        f"Contacts: {counts['contacts_added']} added, {counts['contacts_changed']} brought up to date.",
    ]
    if done.unread:
        lines.append(f"Columns not read: {', '.join(done.unread)}.")
    if done.missing:
        lines.append(
            f"On roll and not in the file, left as they are: {len(done.missing)}. --missing FILE writes who."
        )
        classes = Counter(child.class_name or "no class" for child in done.missing)
        lines += [f"  {name}: {number}" for name, number in sorted(classes.items())]
    return lines


def write_names(path: Path, children: list[Learner]) -> None:
    """A new file that only its owner can read; an old one is never written over."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["first_name", "last_name", "birth_date", "year_group", "class_name"])
        rows.writerows(
            [c.first_name, c.last_name, c.birth_date, c.year_group, c.class_name] for c in children
        )
