"""Loads newer editions of guidance, and policies that are expected, from a file into the catalogue of schools."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import scope
from core.audit import Job
from core.errors import DomainError
from policies import services
from policies.check import read_catalogue
from schools.models import School


class Command(BaseCommand):
    """`manage.py load_guidance FILE [--school SLUG]`: again with the same file, nothing changes."""

    help = (
        "Loads editions of guidance ([[guidance]]) and expected policies ([[statutory]]) from a TOML file of the form of "
        "policies/data/guidance.toml and statutory.toml. What people of a school noted themselves stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the school when it is not for all of them."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", metavar="SLUG", help="only this school")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each school in a transaction of its own; a fault in the file is said before anything is written."""
        slug = options["school"]
        schools = School.objects.filter(slug=slug) if slug else School.objects.order_by("slug")
        if slug and not schools:
            raise CommandError(f"There is no school {slug}.")
        try:
            own = read_catalogue(options["file"].read_bytes())
        except OSError as fault:
            raise CommandError(f"{options['file'].name} cannot be opened: {fault.strerror}.") from None
        except DomainError as fault:
            raise CommandError(f"Nothing was loaded. {fault}") from None
        for school in schools:
            with scope.acting(schools=[school.pk]):
                taken, kept = services.load_catalogue(school, own, by=Job("load_guidance"))
            self.stdout.write(f"{school.name}: {taken} new or changed, {kept} left as people there decided.")
