"""Gives or ends a post that no page may give: the first head's, and the chair's."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core import scope
from core.audit import Job
from core.errors import DomainError
from schools import services
from schools.enums import Role
from schools.models import Membership, RoleAppointment, School

BY = Job("give_post")


class Command(BaseCommand):
    """`manage.py give_post SLUG ADDRESS POST [--from DAY] [--until DAY] [--lead]`"""

    help = (
        "Gives a post to somebody who belongs to a school or has been invited: the first head's, and the chair's, whom no "
        "page can appoint. With --until for a post that they hold, ends it on that day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, what and when."""
        parser.add_argument("school", help="slug of the school")
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("post", choices=Role.values)
        parser.add_argument(
            "--from", dest="starts", type=date.fromisoformat, help="first day, YYYY-MM-DD (today)"
        )
        parser.add_argument("--until", type=date.fromisoformat, help="last day, YYYY-MM-DD (open)")
        parser.add_argument(
            "--lead", action="store_true", help="the accountable lead where several share a post"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Every way ends in one sentence."""
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise CommandError(f"There is no school {options['school']}.")
        try:
            with scope.acting(schools=[school.pk]), transaction.atomic():
                self.stdout.write(act(school, options))
        except (DomainError, ValidationError) as fault:
            sentences = fault.messages if isinstance(fault, ValidationError) else [str(fault)]
            raise CommandError(f"Nothing was changed. {' '.join(sentences)}") from None


def act(school: School, options: dict[str, Any]) -> str:
    """Gives the post, or ends the one that is held; what happened."""
    member = Membership.objects.filter(school=school, user__email__iexact=options["email"]).first()
    if member is None:
        raise DomainError(f"Nobody of {school.name} has this e-mail address. Invite them first.")
    role, starts, until = Role(options["post"]), options["starts"] or timezone.localdate(), options["until"]
    held = member.appointments.on(starts).filter(role=role).first()
    if held is None:
        services.appoint(member, role, by=BY, starts_on=starts, ends_on=until, is_lead=options["lead"])
        ends = f" to {until}" if until else ""
        waits = " It holds once they have accepted their invitation." if member.is_waiting else ""
        return f"{member.name} is {role.label} from {starts}{ends}.{waits}"
    return end(held, member, until)


def end(held: RoleAppointment, member: Membership, until: date | None) -> str:
    """The last day of a post that is held."""
    post = Role(held.role).label
    if until is None:
        raise DomainError(f"{member.name} is {post} already. To end it, add --until DAY.")
    services.end_appointment(held, by=BY, last_day=until)
    return f"{member.name} is {post} until {until}."
