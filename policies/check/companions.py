"""Policies that a text relies on, or must stand beside, and that the school does not hold or has let lapse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.partdate import in_words
from policies.check.case import Case, Passage
from policies.check.catalogue import Catalogue, Statutory, title_words
from policies.check.finding import NOTE, WARNING, Finding
from policies.check.school import SchoolState

_POLICY = re.compile(
    r"\b(?P<word>(?:staff )?code of conduct|polic(?:y|ies)|procedures?)\b(?!\s+(?:documents?|versions?|number|breach\w*|template|makers?|updates?|holder|owner|compliance|requirements?|aims|scope|changes?))",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(
    r"[;:.()|\u2013\u2014\u201c\u201d\"\u2018]|\b(?:the|our|this|these|its|their|any|every|each|all|an?|with|see|also|in|to|under|by|from|alongside|following|read|as"
    r"|and/or|including|like|than|which|that|is|are|will|be|has|have|of (?:the|our|this))\b|(?<=\w),\s*(?:and|or)?(?=\s)",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^(?:and|or|,|&|\s)+|(?:and|or|,|&|\s)+$", re.IGNORECASE)
_LINKING = re.compile(
    r"\b(?:read (?:this |it )?(?:policy )?(?:in conjunction |together |alongside |along |with)|read with|links?|linked|related|belongs?|beside|alongside|together with|in conjunction"
    r"|see also|described in|set out in|explained in|as (?:the|our) .{3,60} (?:describes|explains|says)|other (?:policies|documents)|sources)\b",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    """whole other relevant existing appropriate associated national local new old current own public written clear good school setting academy nursery trust
    related certain specific formal official internal statutory legal agreed annual main following separate individual same such no please these we it online
    government council company county model draft updated live published linked connected companion supporting key""".split()  # noqa: SIM905
)
_ACTS = re.compile(
    r"\b(?:we|it|they|who|staff (?:who|read|follow|must|may)|must|should|may|can|breach\w*|review\w*|follow\w*|apply|applies|covers?|reads?|reflects?|says|agree\w*|about|when|if|not|before|after|ensur\w+|updat\w+|monitor\w*|develop\w*)\b",
    re.IGNORECASE,
)
_MAX_WORDS = 6


def missing_companion(case: Case) -> Iterator[Finding]:
    """Policies named in the text that are not held, then those that must exist beside this kind of policy."""
    if case.school is None:
        return
    reported: set[frozenset[str]] = set()
    for passage, name in _named(case):
        words = title_words(name)
        if words and words not in reported and not _is_held(name, case, case.school):
            reported.add(words)
            yield _not_held(case, passage, name)
    yield from _required(case, case.school)


def _named(case: Case) -> Iterator[tuple[Passage, str]]:
    """The names of policies on which the text leans: those of a known kind anywhere, others where it links to them."""
    for passage in case.passages[1:]:
        if not any(hint in passage.lowered for hint in ("polic", "procedure", "conduct")):
            continue
        linking = bool(_LINKING.search(passage.context))
        for sentence in passage.sentences:
            names = list(_names_in(sentence))
            here = linking or len(names) > 1 or bool(_LINKING.search(sentence))
            for name, is_sure in names:
                if (here and is_sure) or case.catalogue.statutory_for(name):
                    yield passage, name


def _names_in(sentence: str) -> Iterator[tuple[str, bool]]:
    """Each name, and whether it can only be one: of `behaviour and computing policies` the parts are a guess."""
    begin = 0
    for found in _POLICY.finditer(sentence):
        before = sentence[begin : found.start()]
        begin = found.end()
        word = found["word"].casefold()
        if "conduct" in word:
            yield found["word"], True
        elif word == "policies":
            parts = re.split(r",| and | or ", _last_part(before, commas=False))
            yield from ((f"{part.strip()} policy", False) for part in parts if _is_name(part))
        else:
            whole, part = _last_part(before, commas=False), _last_part(before, commas=True)
            name = whole if _is_list_name(whole) else part
            if _is_name(name):
                yield f"{name} {word}", " or " not in name


def _last_part(text: str, *, commas: bool) -> str:
    """What stands after the last word or sign that cannot be inside a name."""
    end = 0
    for found in _BOUNDARY.finditer(text):
        if commas or not found.group().startswith(","):
            end = found.end()
    return _EDGES.sub("", text[end:].strip())


def _is_list_name(name: str) -> bool:
    """`searching, screening and confiscation` is one name, however many commas it has."""
    return bool(re.search(r"\bsearching, screening\b", name, re.IGNORECASE))


def _is_name(text: str) -> bool:
    words = re.findall(r"[\w'\u2019-]+", text)
    if not words or len(words) > _MAX_WORDS or _ACTS.search(text):
        return False
    return any(word.casefold() not in _GENERIC and len(word) > 1 for word in words)


def _is_held(name: str, case: Case, school: SchoolState) -> bool:
    """Tolerant of other names for the same policy: it is held when one that is held means the same."""
    words, kind = title_words(name), case.catalogue.statutory_for(name)
    titles = [case.document.title, *(one.title for one in school.held)]
    if any(
        words <= title_words(title) or title_words(title) <= words for title in titles if title_words(title)
    ):
        return True
    if any(_covers(case.catalogue, title, kind) for title in titles):
        return True
    parts = re.split(r" and |, ", re.sub(r"\s+(?:policy|procedures?)$", "", name))
    return len(parts) > 1 and all(
        _is_held(f"{part} policy", case, school) for part in parts if title_words(part)
    )


def _covers(catalogue: Catalogue, title: str, kind: Statutory | None) -> bool:
    """Whether a title that is held is a name of this kind of policy."""
    if kind is None:
        return False
    own = catalogue.statutory_for(title)
    return own is not None and (
        own.key == kind.key or any(name <= title_words(title) for name in kind.names if name)
    )


def _not_held(case: Case, passage: Passage, name: str) -> Finding:
    kind = case.catalogue.statutory_for(name)
    severity = WARNING if kind and kind.basis in ("statutory", "expected") else NOTE
    return passage.finding(
        "missing-companion",
        severity,
        f"The text relies on the \u201c{name}\u201d, and no policy of that name is held.",
        "Import it, correct its name, or take the reference out.",
    )


def _required(case: Case, school: SchoolState) -> Iterator[Finding]:
    kind = case.kind
    for key in kind.companions if kind and kind.sourced else ():
        other = case.catalogue.by_key(key)
        if other is None or school.kind not in other.kinds or other.basis == "good_practice":
            continue
        held = [one for one in school.held if _covers(case.catalogue, one.title, other)]
        if not held and not _covers(case.catalogue, case.document.title, other):
            message = f"\u201c{other.title}\u201d must stand beside this policy, and no such policy is held."
            yield Finding("missing-companion", WARNING, "", message, "Import it, or begin one.")
        elif held and all(one.next_review is not None and one.next_review < case.today for one in held):
            since = f" since {in_words(held[0].next_review)}" if held[0].next_review else ""
            message = f"\u201c{held[0].title}\u201d must stand beside this policy, and its own review is overdue{since}."
            yield Finding("missing-companion", NOTE, "", message, "Review that policy as well.")
