"""Who may do what with a term report, and what its words may not say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils import timezone

from core.errors import DomainError, InvalidTransition
from reports.enums import ReportState
from reports.models import TermReport
from reports.states import may_become
from schools.enums import Permission
from schools.models import Membership, Term
from schools.permissions import check_permission

PEOPLE = r"children|child|pupils?|learners?|boys?|girls?|famil(?:y|ies)|parents?|carers?|siblings?"
CASES = r"concerns?|cases?|referrals?|incidents?|allegations?|exclusions?|suspensions?"
SMALL_NUMBER = re.compile(
    rf"\b(?:[1-4]|one|two|three|four)\s+(?:[a-z-]+\s+)?(?:{PEOPLE}|{CASES})\b", re.IGNORECASE
)
WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


def check_can_begin(by: Membership, term: Term) -> None:
    """Figures are frozen when the term is over, and not before."""
    check_permission(by, Permission.REPORT_PREPARE, school_id=term.school_id)
    if term.ends_on >= timezone.localdate():
        raise DomainError(
            "This term is not over yet. Its figures can be taken from the day after its last day."
        )


def check_can_write(by: Membership, report: TermReport) -> None:
    """Words can change until the report is published."""
    check_permission(by, Permission.REPORT_PREPARE, school_id=report.school_id)
    if report.is_published:
        raise InvalidTransition("This report has been published and can no longer change.")


def check_can_publish(by: Membership, report: TermReport) -> None:
    """A report is published once, with at least its opening words."""
    check_permission(by, Permission.REPORT_PREPARE, school_id=report.school_id)
    if not may_become(report.state, ReportState.PUBLISHED):
        raise InvalidTransition("This report has been published already.")
    if not report.summary.strip():
        raise DomainError("Write the opening words first: figures alone do not tell governors what happened.")


def check_words(texts: Iterable[str], names: Iterable[str]) -> None:
    """Raises DomainError when the words name somebody, or give a number so small that it may point to one child."""
    text = "\n".join(texts)
    if found := SMALL_NUMBER.search(text):
        raise DomainError(
            f"“{found[0]}”: so small a number may show who it was. Say it without the number, for instance “a few”."
        )
    words = set(WORD.findall(text))
    for name in names:
        if _says(name, text, words):
            raise DomainError(
                f"“{name}” is the name of somebody in this school. Take it out: governors read this."
            )


def _says(name: str, text: str, words: set[str]) -> bool:
    if " " not in name:
        return name in words
    return name.split()[0] in words and re.search(rf"\b{re.escape(name)}\b", text) is not None
