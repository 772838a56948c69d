"""Adds the terms of a school year."""

from __future__ import annotations

from argparse import ArgumentParser, FileType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import scope
from core.audit import Job
from core.errors import DomainError
from schools import services
from schools.models import School


class Command(BaseCommand):
    """`manage.py add_terms SLUG FILE`"""

    help = "Adds terms and days without school from a TOML file with [[terms]] and [[closures]]: name, starts, ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """School and file."""
        parser.add_argument("school", help="slug of the school")
        parser.add_argument("file", type=FileType())

    def handle(self, *args: Any, **options: Any) -> None:
        """All of the file or nothing."""
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise CommandError(f"There is no school {options['school']}.")
        try:
            with scope.acting(schools=[school.pk]), transaction.atomic():
                terms = services.add_calendar(school, options["file"].read(), by=Job("add_terms"))
        except DomainError as fault:
            raise CommandError(f"Nothing was added. {fault}") from None
        self.stdout.write(f"Added: {', '.join(term.name for term in terms)}.")
