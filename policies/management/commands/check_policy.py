"""Checks a policy file, or a policy that is held here; prints what was found, gravest first."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from core import scope
from core.errors import DomainError
from policies import check, selectors, services
from policies.check import Finding, SchoolState
from policies.reading import read_policy
from schools.models import School


class Command(BaseCommand):
    """Exit 0 when the policy was read, whatever was found; 2 when it cannot be, with one sentence on the error output."""

    help = (
        "Checks a policy: a file, or the id of a policy or version held here. With --school it is also compared with that"
        " school's people, words, rules and policies. Nothing is fetched from the network."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to check, against which school, as of which day, and how to answer."""
        parser.add_argument("policy", metavar="FILE_OR_ID")
        parser.add_argument("--school", metavar="SLUG", help="compare the text with this school")
        parser.add_argument(
            "--on", metavar="DATE", help="check as of this day (YYYY-MM-DD), today by default"
        )
        parser.add_argument("--json", action="store_true", help="print the findings as JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Checks and prints."""
        try:
            documents = _checked(options["policy"], options["school"], _day(options["on"]))
        except DomainError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"]:
            read = [
                {"title": title, "findings": [one.as_json() for one in found]} for title, found in documents
            ]
            self.stdout.write(json.dumps({"documents": read}, ensure_ascii=False, indent=2))
        else:
            self._say(documents)

    def _say(self, documents: list[tuple[str, tuple[Finding, ...]]]) -> None:
        for title, found in documents:
            self.stdout.write(
                f"{title or 'Without a title'}: {len(found) or 'no'} finding{'' if len(found) == 1 else 's'}"
            )
            for one in found:
                where = f" {one.where or one.heading}".rstrip()
                self.stdout.write(f"  {one.severity}{where} [{one.code}] {one.message} {one.what_to_do}")


def _checked(name: str, slug: str | None, day: date) -> list[tuple[str, tuple[Finding, ...]]]:
    identity = _identity(name)
    if identity is None:
        return _check_file(Path(name), slug, day)
    for school in _schools(slug):
        with _acting(school):
            version = selectors.version_by_id(school, identity)
            if version is not None:
                return [(version.title, selectors.check_stored(version, day))]
    raise DomainError(f"No policy or version with the id {name} is held here.")


def _check_file(path: Path, slug: str | None, day: date) -> list[tuple[str, tuple[Finding, ...]]]:
    data = _bytes_of(path)
    state = _state(slug, day)
    return [
        (document.title, check.check_document(document, day, state))
        for document in read_policy(data, path.name).documents
    ]


def _state(slug: str | None, day: date) -> SchoolState | None:
    if not slug:
        return None
    school = _schools(slug)[0]
    with _acting(school):
        return selectors.school_state(school, day)


@contextmanager
def _acting(school: School) -> Iterator[None]:
    with scope.acting(schools=[school.pk]), transaction.atomic():
        yield


def _schools(slug: str | None) -> list[School]:
    schools = list(School.objects.filter(slug=slug) if slug else School.objects.order_by("name"))
    if slug and not schools:
        raise DomainError(f"There is no school called {slug}.")
    return schools


def _identity(name: str) -> UUID | None:
    """The id, when the argument is one and no file bears that name."""
    try:
        return None if Path(name).exists() else UUID(name)
    except ValueError:
        return None


def _bytes_of(path: Path) -> bytes:
    try:
        services.check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise DomainError(f"{path.name} cannot be opened: {error.strerror}.") from error


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise DomainError(f"{text} is not a day: write it as 2026-10-12.") from error
