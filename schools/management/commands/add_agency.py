"""Adds a contact to a school's directory of outside bodies."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core import scope
from core.audit import Job
from core.errors import DomainError
from schools import services
from schools.models import School
from schools.selectors import OWN_KIND, agency_kinds

SAID = ("name", "phone", "website", "hours", "aliases", "when_to_use")


class Command(BaseCommand):
    """`manage.py add_agency SLUG KIND [--name NAME] [--phone NUMBER] [--hours TEXT] [--when TEXT] …`"""

    help = (
        "Adds an outside body to a school's directory: children's social care, LADO, police and so on. "
        "What is not said is taken from the kind as shipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """School, kind, and what differs from the kind as shipped."""
        parser.add_argument("school", help="slug of the school")
        parser.add_argument("kind", choices=[*agency_kinds(), OWN_KIND], metavar="KIND", help=", ".join([*agency_kinds(), OWN_KIND]))  # fmt: skip
        parser.add_argument("--name", help="what it is called here")
        parser.add_argument("--phone", help="one number")
        parser.add_argument("--website", help="address of its page")
        parser.add_argument("--hours", help="when it answers")
        parser.add_argument("--aliases", help="other names for it, and names it had")
        parser.add_argument("--when", dest="when_to_use", help="when to turn to it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what the directory holds now."""
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise CommandError(f"There is no school {options['school']}.")
        shipped = agency_kinds().get(options["kind"])
        said = {name: options[name] for name in SAID if options[name] is not None}
        details = {"kind": options["kind"], "name": "", **(shipped.suggestion if shipped else {}), **said}
        try:
            with scope.acting(schools=[school.pk]):
                agency = services.add_agency(school, by=Job("add_agency"), **details)
        except (DomainError, ValidationError) as fault:
            sentences = fault.messages if isinstance(fault, ValidationError) else [str(fault)]
            raise CommandError(f"Nothing was added. {' '.join(sentences)}") from None
        self.stdout.write(f"Added to the directory of {school.name}: {agency.name}.")
