"""Guidance that a policy names: editions that were replaced, editions nobody could confirm, and none given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.check.case import Case, Passage
from policies.check.catalogue import Edition, GuidanceEntry
from policies.check.finding import ERROR, NOTE, WARNING, Finding
from policies.reading.dates import MONTH

_BETWEEN = (
    r"(?:[\s'\u2018\u2019\u201c\u201d\"\])(\[,:;\u2013\u2014-]|guidance|advice|edition|version|(?:updated|revised|published|issued|in force)(?: (?:in|on|from|since))?|statutory|non-statutory"
    r"|framework|document|DfE|UKCIS|UKCCIS|HM Government|Department for Education|for schools(?: and colleges)?|for headteachers and school staff"
    r"|for education settings|at school|in schools?|England(?: and Wales)?|of|for|[Pp]art (?:one|two|three|four|five|[1-5])|dated|the|last|(?-i:[A-Z]{2,6})|as read on|read on|accessed|KCSI[Ee]|EYFS|WTSC|WTTSC)"
)
_AFTER = re.compile(
    rf"{_BETWEEN}{{0,30}}?(?P<edition>(?:(?:\d{{1,2}}(?:st|nd|rd|th)? )?{MONTH},? )?(?P<year>(?:19|20)\d{{2}}))(?:[/-]\d{{2}})?(?![\d/-]\d|\d)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<!\bin )(?P<edition>(?:{MONTH} )?(?P<year>20\d{{2}}))\)?(?:['\u2019]s)?(?: (?:edition|version|statutory|non-statutory|DfE|UKCIS|guidance|advice|of|on|the|document)){{0,5}} ?['\u2018\u201c\"]?$",
    re.IGNORECASE,
)
_REACH = 110
_LONG = 5
_BINDING = ("statutory", "framework", "law")


@dataclass(frozen=True)
class _Mention:
    """A place where a text names an edition, or a title that is no longer used."""

    entry: GuidanceEntry
    passage: Passage
    edition: str
    year: int
    old_title: str = ""


def editions(case: Case) -> Iterator[Finding]:
    """Editions that a later one has replaced or may have replaced, each once, then guidance named without any."""
    mentions = list(_mentions(case))
    seen: set[tuple[str, int]] = set()
    for mention in mentions:
        if (mention.entry.key, mention.year) not in seen:
            seen.add((mention.entry.key, mention.year))
            yield from _judge(mention, case)
    yield from _undated(case, {mention.entry.key for mention in mentions})


def _judge(mention: _Mention, case: Case) -> Iterator[Finding]:
    newer = [one for one in mention.entry.in_force(case.today) if one.year > mention.year]
    sure = next((one for one in newer if one.confirmed), None)
    if sure:
        yield _replaced(mention, sure)
    elif newer:
        yield _perhaps(mention, newer[0])


def _replaced(mention: _Mention, by: Edition) -> Finding:
    title = mention.entry.title
    severity = ERROR if mention.entry.kind in _BINDING else WARNING
    said = (
        f"\u201c{mention.old_title}\u201d"
        if mention.old_title
        else f"The {mention.edition} edition of \u201c{title}\u201d"
    )
    exact = by.since is not None and (by.since.month, by.since.day) != (1, 1)
    since = f" has been in force since {by.since.strftime('%B %Y')}" if by.since and exact else " is in force"
    return mention.passage.finding(
        "superseded-guidance",
        severity,
        f"{said} is out of date: \u201c{title}\u201d ({by.name}){since}.",
        f"Read what changed in {by.name}, revise what follows from it, and name that edition.",
    )


def _perhaps(mention: _Mention, by: Edition) -> Finding:
    title = mention.entry.title
    return mention.passage.finding(
        "edition-unconfirmed",
        NOTE,
        f"A {by.name} edition of \u201c{title}\u201d may have replaced that of {mention.edition}; the catalogue could not confirm it.",
        "Look on gov.uk which edition is in force, and name it.",
    )


def _mentions(case: Case) -> Iterator[_Mention]:
    for entry in case.catalogue.guidance:
        if entry.may_stand_in(case.lowered):
            for passage in case.clauses:
                yield from _in_passage(entry, passage)


def _in_passage(entry: GuidanceEntry, passage: Passage) -> Iterator[_Mention]:
    taken: list[range] = []
    for found in entry.named_in(passage.text, passage.lowered):
        if any(found.start() in span for span in taken):
            continue
        taken.append(range(found.start(), found.end()))
        edition = _edition(passage.text, found)
        old = (
            found.group()
            if any(found.group().casefold() == one.casefold() for one in entry.old_titles)
            else ""
        )
        if edition or old:
            yield _Mention(entry, passage, *(edition or ("", 0)), old_title=old)


def _edition(text: str, found: re.Match[str]) -> tuple[str, int] | None:
    edition = _AFTER.match(text[found.end() : found.end() + _REACH])
    edition = edition or _BEFORE.search(text[max(0, found.start() - 50) : found.start()])
    return (" ".join(edition["edition"].split()), int(edition["year"])) if edition else None


def _undated(case: Case, dated: set[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    read = [guidance.title for guidance in case.document.guidance if not guidance.edition]
    for title in [*read, *_long_titles(case)]:
        entry = case.catalogue.entry_for(title)
        key = entry.key if entry else title
        if key in dated | seen or title.endswith("procedures") or (entry and entry.kind == "law"):
            continue
        seen.add(key)
        living = entry is not None and entry.kind == "standard"
        yield _where(case, title, entry).finding(
            "guidance-without-edition",
            NOTE,
            f"\u201c{title}\u201d is named without its edition, so nobody can tell whether the policy is up to date.",
            "Add the day on which the page was read."
            if living
            else "Add the month or year of the edition that was used.",
        )


def _long_titles(case: Case) -> Iterator[str]:
    """Titles of so many words that they can mean nothing else, wherever they stand."""
    for entry in case.catalogue.guidance:
        for name in (entry.title, *entry.aliases):
            if len(name.split()) >= _LONG and name.casefold() in case.lowered:
                yield name


def _where(case: Case, title: str, entry: GuidanceEntry | None) -> Passage:
    """The first clause that names it."""
    for passage in case.clauses:
        if title.casefold() in passage.lowered or (
            entry and next(entry.named_in(passage.text, passage.lowered), None)
        ):
            return passage
    return case.passages[0]
