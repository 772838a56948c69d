"""Key details that stand only inside sentences: "the DSL, Ms X, is ...", "was ratified by ... on ..."."""

import re
from collections.abc import Iterable

from policies.reading.dates import find_span
from policies.reading.keydetails import Found
from policies.reading.names import NAMES, split_names

_LEAD = r"(?i:designated (?:safeguarding |child protection )?(?:lead|person|officer)s?(?: ?\(s\))?|dsls?)"
_SHORT = r"(?: ?\((?i:dsl|ddsl|dsls|ddsls|s)\))*"
_ROLES = {
    "deputy_dsl": rf"(?i:deput(?:y|ies)) {_LEAD}{_SHORT}|(?i:ddsls?)",
    "dsl": rf"{_LEAD}{_SHORT}",
    "named_governor": r"(?i:(?:named|nominated|link|lead|designated|safeguarding)(?: safeguarding| child protection| link)? (?:governor|trustee)s?)"
    r"(?: (?i:(?:with (?:lead )?responsibility |responsible )?for (?:safeguarding|child protection|online safety)(?:(?:,| and|, and) (?:safeguarding|child protection|online safety))*))?"
    r"|(?i:(?:governor|trustee) (?:who|that) (?:oversees|monitors|leads on|is responsible for|has (?:lead )?responsibility for) [a-z ]{3,40}?(?= is ))",
}
_ACTIVE = {
    kind: re.compile(
        rf"(?P<before>\b[\w-]+ )?(?:{role})(?:"
        rf"(?:,? who)? (?:for [\w' ]{{3,40}} )?(?:is|are)(?: currently)?:? (?P<is>{NAMES})(?![\w\u2019'])"
        rf"|\s*[,(]\s*(?P<aside>{NAMES})\s*(?:[,).;|]|$)|\s+[-\u2013—]\s*(?P<dash>{NAMES})\s*[-\u2013—])"
    )
    for kind, role in _ROLES.items()
}
_HER_DEPUTIES = re.compile(
    rf"\b(?i:her|his|their) (?i:deput(?:y|ies)) (?i:is|are) (?P<is>{NAMES})(?![\w\u2019']| (?:is|are|was|has|leads|oversees|monitors)\b)"
)
_PASSIVE = {
    kind: re.compile(
        rf"(?P<names>{NAMES})(?:(?:,)? (?i:is|are|acts? as)(?i: currently| also)? (?i:the|our|a)(?i: school[\u2019']s| named)?"
        rf"| (?i:as|to be)(?i: the| our| its| a)?|\s*[,(\u2013-]+ ?(?i:the |our |who is the |who is our )?(?i:school[\u2019']s )?) ?(?:{role})"
    )
    for kind, role in _ROLES.items()
}
_DATED = {
    "ratified": re.compile(
        r"\b(?:was|were|been|is)(?: last| formally| first)? (?:(?:reviewed|agreed|approved|ratified|adopted|signed off)(?:,| and| &)? ?){0,2}"
        r"(?:agreed|approved|ratified|adopted) (?:(?:at|in) a meeting of )?(?:by )?(?:the )?(?P<by>[A-Za-z][\w\u2019' -]{2,60}?)?,? ?(?:held )?(?:on|in|at (?:its|their|a) meeting (?:on|of|in)) (?:the )?(?=\w)",
        re.IGNORECASE,
    ),
    "next_review": re.compile(
        r"\b(?:(?:will|shall|must|is to|is due to|to) (?:next )?be (?:next )?reviewed(?: again)?|next review(?: date)?(?: (?:is|will be|takes place|due))*|due (?:for|to be) review(?:ed)?|review is due)"
        r"(?: again)?(?: at the latest)? (?:in|on|by|before|no later than) (?:or before |the )?",
        re.IGNORECASE,
    ),
    "written": re.compile(
        r"\b(?:was|were)(?: last| first)? (?:written|updated|reviewed|revised|produced|drafted)(?: and updated)? (?:in|on) ",
        re.IGNORECASE,
    ),
}
_DATED_LINES = {
    "ratified": re.compile(
        r"^(?:(?:agreed|approved|ratified|adopted)(?:,| and|/| &)? ?){1,3}(?:by (?:the )?(?P<by>[A-Za-z][\w\u2019' ]{2,60}?) )?(?:on|in):? ",
        re.IGNORECASE,
    ),
    "next_review": re.compile(
        r"^(?:for|due for|to be|next)? ?review(?:ed)?(?: is)?(?: due)?(?: again)?(?: in| on| by)?:? ",
        re.IGNORECASE,
    ),
    "written": re.compile(
        r"^(?:version (?:of|dated)|(?:(?:written|updated|revised|produced)(?: and \w+)?)(?: by (?:the )?[a-z ]{3,40}?)? (?:in|on)):? ",
        re.IGNORECASE,
    ),
}
_REACH = 40
_MAX_SENTENCE = 4000


def complete(texts: Iterable[str], found: Found) -> None:
    """Fill what no key detail line gave from the headings and sentences of the policy."""
    for text in texts:
        part = text[:_MAX_SENTENCE]
        for kind in sorted(found.missing()):
            names = _people(kind, part)
            if names:
                found.people[kind] = names
        _dates(part, found)


def _people(kind: str, text: str) -> tuple[str, ...]:
    for match in _ACTIVE[kind].finditer(text):
        if kind == "dsl" and (match.group("before") or "").strip().lower() in (
            "deputy",
            "former",
            "previous",
            "assistant",
        ):
            continue
        names = split_names(match.group("is") or match.group("aside") or match.group("dash"))
        if names:
            return names
    for match in _PASSIVE[kind].finditer(text):
        names = split_names(match.group("names"))
        if names:
            return names
    return _her_deputies(text) if kind == "deputy_dsl" else ()


def _her_deputies(text: str) -> tuple[str, ...]:
    """The deputies of the lead whom the same text names."""
    found = _HER_DEPUTIES.search(text) if re.search(_LEAD, text) else None
    return split_names(found.group("is")) if found else ()


def _dates(text: str, found: Found) -> None:
    for kind, pattern in (*_DATED.items(), *_DATED_LINES.items()):
        match = pattern.search(text) if kind not in found.dates else None
        if not match:
            continue
        span = find_span(text[match.end() : match.end() + _REACH])
        if not span or span[1] > 3:
            continue
        found.dates[kind] = span[0]
        if kind == "ratified" and found.body is None and match.group("by"):
            found.body = match.group("by").strip()
