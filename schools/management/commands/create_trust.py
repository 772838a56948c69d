"""Makes a trust of schools with the person who looks after it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.audit import Job
from core.errors import DomainError
from schools import services
from schools.access import first_password_path
from schools.models import School, User


class Command(BaseCommand):
    """`manage.py create_trust NAME SLUG --schools SLUG... --lead ADDRESS --lead-name NAME`"""

    help = (
        "Makes a trust of schools, and its lead, who sees how the schools stand and no record of theirs. For a lead who has no "
        "account yet, makes one and prints the link to choose a password. All of it or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The trust, its schools and its lead."""
        parser.add_argument("name", help="name of the trust")
        parser.add_argument("slug", help="short name in addresses, e.g. saltmere")
        parser.add_argument("--schools", nargs="+", required=True, help="slugs of its schools")
        parser.add_argument("--lead", required=True, help="e-mail address of whoever looks after the trust")
        parser.add_argument("--lead-name", required=True, help="name of the lead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Only a new account gets a link: one for an account in use would open it to whoever runs this."""
        try:
            with transaction.atomic():
                schools = [find(slug) for slug in sorted(set(options["schools"]))]
                lead = User.objects.filter(email__iexact=options["lead"]).first()
                link = lead is None
                lead = lead or User.objects.create_user(options["lead"], options["lead_name"])
                trust = services.create_trust(
                    options["name"], options["slug"], schools, lead, by=Job("create_trust")
                )
        except (DomainError, ValidationError) as fault:
            sentences = fault.messages if isinstance(fault, ValidationError) else [str(fault)]
            raise CommandError(f"Nothing was made. {' '.join(sentences)}") from None
        self.stdout.write(f"Made {trust.name} at {settings.PUBLIC_URL}{trust.get_absolute_url()}")
        if link:
            self.stdout.write(
                "Give this link to the lead alone, who chooses a password with it:\n"
                f"{settings.PUBLIC_URL}{first_password_path(lead)}"
            )


def find(slug: str) -> School:
    """The school of this slug. Raises DomainError where there is none."""
    school = School.objects.filter(slug=slug).first()
    if school is None:
        raise DomainError(f"There is no school {slug}.")
    return school
