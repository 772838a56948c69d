"""People whom a policy names in a post, against those who hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.partdate import in_words
from policies.check.case import Case, Passage
from policies.check.catalogue import plain
from policies.check.finding import ERROR, WARNING, Finding
from policies.check.school import Post, SchoolState
from policies.reading.names import NAME, is_name

_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "rev",
        "revd",
        "fr",
        "sr",
        "sir",
        "dame",
        "sister",
        "canon",
        "father",
    ]
)
_HEAD = ("headteacher", "head_of_school")
_DETAILS = (("dsl", ("dsl",)), ("deputy_dsl", ("deputy_dsl", "dsl")), ("named_governor", ("named_governor",)))
_LEADS = ("dsl", "deputy_dsl")
_NAMED = (
    (("deputy_dsl",), r"(?:[Dd]eputy|DEPUTY) (?:DSL|[Dd]esignated [Ss]afeguarding [Ll]ead)|DDSL"),
    (("dsl",), r"(?<![Dd]eputy )(?:DSL|[Dd]esignated [Ss]afeguarding [Ll]ead)"),
    (_HEAD, r"(?<![Dd]eputy )(?:[Ee]xecutive )?(?:[Hh]eadteacher|[Pp]rincipal|[Nn]ursery [Mm]anager|[Cc]entre [Mm]anager)"),
    (_HEAD, r"[Hh]ead of [Ss]chool"),
    (("chair",), r"(?<![Vv]ice[- ])[Cc]hair of (?:the )?(?:[Gg]overnors|[Gg]overning (?:[Bb]ody|[Bb]oard)|[Tt]rustees|[Bb]oard)"),
    (("named_governor",), r"[Nn]amed [Gg]overnor|[Ss]afeguarding [Gg]overnor|[Ll]ink [Gg]overnor for [Ss]afeguarding"),
)  # fmt: skip
_HINTS = ("lead", "dsl", "head", "principal", "manager", "chair", "governor")
_POSTS = [(roles, re.compile(rf"(?:{words})\b(?: \([A-Z]{{2,5}}\))?")) for roles, words in _NAMED]
_BEFORE = re.compile(
    rf"(?P<name>{NAME})(?:,? (?:is|who is) (?:the |our |their )?|, (?:the |our |their |a )?|,? \(?(?:the |our )?)$"
)
_AFTER = re.compile(rf"(?:,| is| are|:| \(| \u2013| -)? ?(?P<name>{NAME})")
_REACH = 70


@dataclass(frozen=True)
class _Person:
    """A name taken apart for comparing."""

    first: str
    last: str


def role_mismatch(case: Case) -> Iterator[Finding]:
    """Names at the head and in sentences that do not hold the post any more, and leads who are not named."""
    if case.school is None:
        return
    seen: set[tuple[str, str]] = set()
    for passage, name, roles in [*_at_the_head(case), *_in_sentences(case)]:
        finding = _judge(case.school, passage, name, roles)
        if finding and (plain(name), roles[0]) not in seen:
            seen.add((plain(name), roles[0]))
            yield finding
    if not seen:
        yield from _unnamed(case, case.school)
    yield from _owned_by_another(case)


def _at_the_head(case: Case) -> Iterator[tuple[Passage, str, tuple[str, ...]]]:
    for field, roles in _DETAILS:
        for name in getattr(case.document.key_details, field):
            place = next((one for one in case.clauses if name in one.text), case.passages[0])
            yield place, name, roles


def _in_sentences(case: Case) -> Iterator[tuple[Passage, str, tuple[str, ...]]]:
    """Names that stand right before or behind a post."""
    for passage in case.clauses:
        if not any(hint in passage.lowered for hint in _HINTS):
            continue
        for roles, pattern in _POSTS:
            for post in pattern.finditer(passage.text):
                before = _BEFORE.search(passage.text[max(0, post.start() - _REACH) : post.start()])
                after = _AFTER.match(passage.text[post.end() : post.end() + _REACH])
                yield from (
                    (passage, found["name"], roles)
                    for found in (before, after)
                    if found and is_name(found["name"])
                )


def _judge(school: SchoolState, passage: Passage, name: str, roles: tuple[str, ...]) -> Finding | None:
    posts = [post for post in school.posts if post.role in roles]
    now = [post for post in posts if post.ended is None]
    if not now or any(_is_same(name, post.name) for post in now):
        return None
    before = next((post for post in posts if post.ended and _is_same(name, post.name)), None)
    if before is None and any(_surname(name) == _surname(post.name) for post in now):
        return None
    title, today = now[0].title, _listed([post.name for post in now if post.role == now[0].role])
    if before and before.ended:
        message = f"{name} was {title} until {in_words(before.ended)}. The post is now held by {today}."
    else:
        message = f"{name} is named as {title}. In PolicyHub the post is held by {today}."
    severity = ERROR if roles[0] in _LEADS else WARNING
    return passage.finding(
        "role-mismatch",
        severity,
        message,
        "Print who holds the post, or correct the appointment in PolicyHub.",
    )


def _unnamed(case: Case, school: SchoolState) -> Iterator[Finding]:
    """A lead of today who is missing where others are named: the page sends people to some but not to all."""
    printed = [*case.document.key_details.dsl, *case.document.key_details.deputy_dsl]
    leads: list[Post] = [post for post in school.posts if post.role == "dsl" and post.ended is None]
    missing = [post.name for post in leads if not any(_is_same(name, post.name) for name in printed)]
    if printed and missing and case.document.key_details.dsl:
        message = f"{_listed(missing)}, {leads[0].title} in PolicyHub, is not named in the policy."
        yield Finding(
            "role-mismatch", WARNING, "", message, "Add the name, or end the appointment in PolicyHub."
        )


def _owned_by_another(case: Case) -> Iterator[Finding]:
    """Online safety is safeguarding and no matter for IT: the lead answers for its policy."""
    if case.owner not in ("", "dsl") and case.kind is not None and case.kind.key == "online_safety":
        yield Finding(
            "role-mismatch",
            WARNING,
            "",
            "In PolicyHub another post owns this policy than the designated safeguarding lead. Online safety is a part of safeguarding.",
            "Choose the lead as its owner, under \u201cWho reads it\u201d.",
        )


def _listed(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _person(name: str) -> _Person:
    words = [word for word in plain(name.replace("-", "")).split() if word not in _TITLES]
    return _Person(words[0] if len(words) > 1 else "", words[-1] if words else "")


def _surname(name: str) -> str:
    return _person(name).last


def _is_same(printed: str, held: str) -> bool:
    """The same surname, and first names that agree as far as they are printed: Mrs Hart, A. Hart and Ada Hart are one."""
    one, other = _person(printed), _person(held)
    if one.last != other.last:
        return False
    short = min(one.first, other.first, key=len)
    return (
        not short
        or (max(one.first, other.first, key=len).startswith(short) and (len(short) == 1 or len(short) > 2))
        or one.first == other.first
    )
