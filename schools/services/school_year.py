"""Terms of a school and days without school in them, one by one or from a file."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core import audit
from core.audit import Actor
from core.errors import DomainError
from schools.enums import Permission
from schools.models import Closure, School, Term
from schools.permissions import check_actor


def add_term(school: School, name: str, starts_on: date, ends_on: date, *, by: Actor) -> Term:
    """A term, first and last day included."""
    check_actor(by, Permission.SETTINGS_MANAGE, school.pk)
    term = Term(school=school, name=name, starts_on=starts_on, ends_on=ends_on)
    with transaction.atomic():
        term.full_clean()
        term.save(force_insert=True)
        school.spans = None
        audit.record("term.added", by=by, school_id=school.pk, target=term, label=name)
    return term


def add_closure(school: School, reason: str, starts_on: date, ends_on: date, *, by: Actor) -> Closure:
    """Days inside a term without school."""
    check_actor(by, Permission.SETTINGS_MANAGE, school.pk)
    closure = Closure(school=school, reason=reason, starts_on=starts_on, ends_on=ends_on)
    with transaction.atomic():
        closure.full_clean()
        closure.save(force_insert=True)
        school.spans = None
        audit.record("closure.added", by=by, school_id=school.pk, target=closure, label=reason)
    return closure


def add_calendar(school: School, text: str, *, by: Actor) -> list[Term]:
    """The terms and closures of a TOML text, all of them or none. Raises DomainError naming what cannot be read.

    `[[terms]]` and `[[closures]]`, each row with `name`, `starts` and `ends` (days, both included).
    """
    try:
        rows = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DomainError(f"The calendar cannot be read: {error}.") from None
    if not rows.get("terms"):
        raise DomainError("The calendar has no [[terms]].")
    with transaction.atomic():
        terms = [_add(add_term, school, row, by=by) for row in rows["terms"]]
        for row in rows.get("closures", []):
            _add(add_closure, school, row, by=by)
    return terms


def _add(add: Any, school: School, row: Any, *, by: Actor) -> Any:
    name, starts, ends = (row.get(key) for key in ("name", "starts", "ends"))
    if not name or type(starts) is not date or type(ends) is not date or ends < starts:
        raise DomainError(
            f"The calendar needs a name, a first and a later last day in each row, and not {row}."
        )
    try:
        return add(school, name, starts, ends, by=by)
    except ValidationError as error:
        raise DomainError(f"{name}: {' '.join(error.messages)}") from None
