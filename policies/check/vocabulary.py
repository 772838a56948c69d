"""Words of a text that differ from the words that the school chose for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.check.case import Case, Passage
from policies.check.catalogue import Catalogue
from policies.check.finding import NOTE, Finding

_AT_WORK = re.compile(
    r"\bstudents?\b(?=.{0,60}\b(?:placement|contractor|volunteer))|(?<=volunteers, )students?|(?<=governors, )students?",
    re.IGNORECASE,
)
_NOT_LEARNERS = r"(?! (?:premium|referral|teachers?|loans?|unions?|finance|voice|council|services?))"


@dataclass(frozen=True)
class _Term:
    """A term of the field: the words that schools use for it, as patterns, and whether the school's word excuses others."""

    key: str
    words: Mapping[str, str]
    unless_own: bool = False


_TERMS = (
    _Term("learners", {
        "learners": r"(?<!language )(?<!adult )learners?",
        "pupils": rf"pupils?{_NOT_LEARNERS}",
        "students": rf"(?<!trainee )students?{_NOT_LEARNERS}",
    }),
    _Term("headteacher", {
        "headteacher": r"(?<!executive )(?<!deputy )(?<!assistant )(?<!associate )(?<!co-)head ?teachers?",
        "principal": r"(?:the|our) (?<!vice )principal(?! (?:risk|aim|reason|concern|duty|contact|purpose|place|carer))",
        "nursery manager": r"nursery manager",
        "centre manager": r"centre manager",
        "executive headteacher": r"executive head ?teacher",
    }),
    _Term("school", {
        "setting": r"(?:the|our|this) setting(?!s)",
        "academy": r"(?:the|our|this) academy",
        "school": r"our school",
    }, unless_own=True),
    _Term("governors", {
        "governing body": r"governing (?:body|board)|board of governors",
        "trustees": r"board of trustees|the trustees",
        "management committee": r"management committee",
        "proprietor": r"proprietor",
    }, unless_own=True),
    _Term("imagery", {
        "sexting": r"sexting",
        "youth-produced sexual imagery": r"youth[- ]produced (?:sexual )?imagery",
        "nudes and semi-nudes": r"nudes and semi-nudes",
        "self-generated intimate images": r"self-generated intimate (?:images|imagery)",
    }, unless_own=True),
)  # fmt: skip


def vocabulary_mismatch(case: Case) -> Iterator[Finding]:
    """One note for each word that is not the school's, at its first place; titles of guidance are passed over."""
    if case.school is None:
        return
    for term in _TERMS:
        own = case.school.words.get(term.key, "")
        if own:
            yield from _of_term(term, own, case, case.school.name)


def _of_term(term: _Term, own: str, case: Case, school: str) -> Iterator[Finding]:
    if term.unless_own and own.casefold() in case.lowered:
        return
    for word, pattern in term.words.items():
        if _is_own(word, own) or word.casefold() in school.casefold():
            continue
        places = _places(case, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE))
        if places:
            more = f", and in {len(places) - 1} more" if len(places) > 1 else ""
            yield places[0].finding(
                "vocabulary-mismatch",
                NOTE,
                f"The text says \u201c{word}\u201d here{more}; the school's word is \u201c{own}\u201d.",
                "Use one word for the same people throughout, or change the school's word in the set-up.",
            )


def _places(case: Case, pattern: re.Pattern[str]) -> list[Passage]:
    """The clauses that say it, titles, addresses and quotations left aside."""
    found = [passage for passage in case.clauses if pattern.search(passage.text)]
    return [passage for passage in found if pattern.search(_in_own_words(passage.text, case.catalogue))]


def _is_own(word: str, own: str) -> bool:
    """Whether a word is the school's own, or a part of it."""
    one, other = word.casefold().rstrip("s"), own.casefold().rstrip("s")
    return one in other or other in one or (one == "governing body" and "govern" in other)


def _in_own_words(text: str, catalogue: Catalogue) -> str:
    """The text without titles, addresses, quotations, alternatives, and students who come to work here."""
    lowered = text.casefold()
    for entry in catalogue.guidance:
        for words, name in entry.names:
            if all(word in lowered for word in words):
                text = name.sub(" ", text)
    text = _AT_WORK.sub(" ", text)
    return re.sub(
        r"\w+(?:\s?/\s?\w+){1,5}|https?://\S+|www\.\S+|\S+@\S+|[\u201c\"][^\u201d\"]{3,120}[\u201d\"]",
        " ",
        text,
    )
