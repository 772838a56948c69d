"""Makes a school with its first administrator."""

from __future__ import annotations

from argparse import ArgumentParser, FileType
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from core import scope
from core.audit import Job
from core.errors import DomainError
from schools import services
from schools.enums import Role, SchoolKind
from schools.models import Membership, School

BY = Job("create_school")


class Command(BaseCommand):
    """`manage.py create_school NAME SLUG --admin-name NAME --admin-email ADDRESS [--terms FILE] [--kind KIND]`"""

    help = (
        "Makes a school with its data key and audit chain, and invites its first administrator by e-mail. "
        "All of it or nothing; a slug that is taken is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What a school needs to begin."""
        parser.add_argument("name", help="name of the school")
        parser.add_argument("slug", help="short name in addresses, e.g. hillside")
        parser.add_argument("--admin-name", required=True, help="name of the first administrator")
        parser.add_argument("--admin-email", required=True, help="the administrator's e-mail address")
        parser.add_argument("--kind", choices=SchoolKind.values, default=SchoolKind.MAINTAINED)
        parser.add_argument(
            "--terms", type=FileType(), help="TOML file with [[terms]] and [[closures]]: name, starts, ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Says where the invitation leads, for whoever has no mail server yet."""
        try:
            validate_email(options["admin_email"])
            with transaction.atomic():
                school = services.create_school(options["name"], options["slug"], kind=options["kind"], by=BY)
                with scope.acting(schools=[school.pk]):
                    admin = begin(school, options)
        except (DomainError, ValidationError) as fault:
            sentences = fault.messages if isinstance(fault, ValidationError) else [str(fault)]
            raise CommandError(f"Nothing was made. {' '.join(sentences)}") from None
        self.stdout.write(f"Made {school.name} at {settings.PUBLIC_URL}{school.get_absolute_url()}")
        self.stdout.write(
            f"{admin.name} is invited by e-mail to {admin.user.email}. The link, good for "
            f"{services.INVITATION_DAYS} days and for them alone:\n{settings.PUBLIC_URL}{services.invitation_path(admin)}"
        )


def begin(school: School, options: dict[str, Any]) -> Membership:
    """Terms, the contacts that every school has, and the first administrator."""
    services.add_known_agencies(school, by=BY)
    if options["terms"]:
        services.add_calendar(school, options["terms"].read(), by=BY)
    return services.invite_member(school, options["admin_email"], options["admin_name"], Role.ADMIN, by=BY)
