"""The head of a policy: details that are missing, and a review that is overdue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from core.partdate import in_words, knows_day, last_day
from policies.check.case import Case
from policies.check.finding import ERROR, WARNING, Finding

_DATES = (
    ("written", "when it was written or last updated", "Print the date on which this text was written."),
    ("ratified", "when it was ratified", "Print the date of ratification and the body that agreed it."),
    (
        "next_review",
        "when it will next be reviewed",
        "Print the date of the next review, at most a year away.",
    ),
)
_LEAD = re.compile(r"designated safeguarding lead|\bDSL\b", re.IGNORECASE)
_YEARLY = 12


def missing_details(case: Case) -> Iterator[Finding]:
    """Who leads, where that matters, and the dates of this text."""
    details = case.document.key_details
    if not details.dsl and _needs_lead(case):
        yield Finding(
            "missing-key-detail",
            ERROR,
            "",
            "The policy does not name the Designated Safeguarding Lead.",
            "Print the name at the head, so that a reader knows whom to go to.",
        )
    for name, what, advice in _DATES:
        if not getattr(details, name) and (name != "ratified" or case.ratified):
            yield Finding("missing-key-detail", WARNING, "", f"The policy does not say {what}.", advice)


def _needs_lead(case: Case) -> bool:
    """Safeguarding policies do, and every policy that sends its readers to the lead."""
    if case.kind is not None and case.kind.safeguarding:
        return True
    return any(_LEAD.search(passage.text) for passage in case.passages)


def review_overdue(case: Case) -> Iterator[Finding]:
    """A review date that has passed; without one, a text older than the interval that is laid down or advised."""
    details = case.document.key_details
    due = last_day(details.next_review)
    if due and due < case.today:
        yield Finding(
            "review-overdue",
            ERROR,
            "",
            f"The review was due by {in_words(due)}; {_ago(due, case.today)}.",
            "Review the policy now, or record why it waits and set a new date.",
        )
    elif not due:
        yield from _too_old(case, details.ratified or details.written)


def _too_old(case: Case, made: str | None) -> Iterator[Finding]:
    day = last_day(made)
    months = (case.kind.interval if case.kind else 0) or _YEARLY
    if made and day and _months(day, case.today) > months:
        yield Finding(
            "review-overdue",
            WARNING,
            "",
            f"The policy gives no review date and dates from {in_words(day, month_only=not knows_day(made))}; it should be reviewed every {months} months.",
            "Review the policy, and print when the next review is due.",
        )


def _months(start: date, end: date) -> int:
    """Whole months from one day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _ago(due: date, today: date) -> str:
    months, days = _months(due, today), (today - due).days
    count, unit = (months, "month") if months else (days, "day")
    return f"that is {count} {unit}{'' if count == 1 else 's'} ago"
