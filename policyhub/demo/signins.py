"""The sign-ins of the demonstration: one for each role, with a second factor that is given in one step."""

from __future__ import annotations

import sys
from typing import TextIO

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings

from core.errors import DomainError
from policyhub.demo import data
from schools.models import User

PASSWORD = "larkmoor-demonstration"  # noqa: S105 - printed on purpose, and of no use without the second factor
ROLES = {
    "dsl": "Designated lead",
    "deputy_dsl": "Deputy lead",
    "headteacher": "Headteacher",
    "further_head": "Head of School",
    "leadership": "Leadership",
    "staff": "Staff",
    "office": "Office",
    "chair": "Chair",
    "named_governor": "Named governor",
    "governor": "Governor",
    "clerk": "Clerk",
    "it": "IT",
    "admin": "Administrator",
    "trust_lead": "Trust lead",
}


def check_demonstration() -> None:
    """Raises DomainError unless this installation is a demonstration."""
    if not settings.DEMO:
        raise DomainError(
            "This is not a demonstration. Set DEMO=1 on an installation that will never hold real records."
        )


def give_second_factor(user: User) -> None:
    """A real authenticator, as if the person had scanned its square; its code is shown on the code page."""
    check_demonstration()
    TOTP.activate(user, generate_totp_secret())


def sign_ins() -> list[tuple[str, str, str, str]]:
    """Role, name, e-mail address and what to try, for each role."""
    check_demonstration()
    rows = data.read("school")
    people = {row["key"]: row for row in rows["people"]}
    return [
        (ROLES[row["role"]], people[row["person"]]["name"], people[row["person"]]["email"], row["says"])
        for row in rows["sign_ins"]
    ]


def print_signins(out: TextIO | None = None) -> None:
    """Prints the sign-ins; nothing outside the demonstration."""
    if not settings.DEMO:
        return
    out = out or sys.stdout
    rows = sign_ins()
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    out.write("\nSign in as:\n")
    for role, name, email, says in rows:
        out.write(f"  {role:{widths[0]}}  {name:{widths[1]}}  {email:{widths[2]}}  {says}\n")
    out.write(f"Password for all of them: {PASSWORD}\n")
    out.write("Second factor: the page that asks for the code has a button that gives it.\n")
