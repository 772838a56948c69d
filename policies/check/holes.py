"""Sentences with a hole: a word that must have a noun behind it and has none, an empty bracket, a number without a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.check.case import Case, Passage
from policies.check.finding import WARNING, Finding
from policies.fields import keys_in

_ARTICLE = "the|an|our|your|a|every|whose"
_AFTER_ARTICLE = (
    r"\s*(?:[,;]|\.(?!\.|\w))",
    r"\s+(?:and|or|is|are|of|was|were|has|have|be|which|that|should|must|shall|if)\b(?![-\w'\u2019])",
    rf" (?:in|on|at|by|for|to|from|with|until|before|after|when|within|without|as) (?:all|any|this|that|each|it|home|their|{_ARTICLE})\b(?!-)",
    r" (?:each|every|at once|immediately|straight away|without delay|within|as soon as|until|when|because|unless)\b(?!-)",
    r" (?:on|at|by) (?:\d|e-?mail\b|telephone\b|phone\b|letter\b)",
    r" will (?:be|not|also|always|then|only|act|ask|tell|contact|inform|report|ensure|review|record|take|make|seek|keep|decide|lead|discuss|respond|provide|monitor|notify|have)\b",
    r" (?:approves|reads|tells|informs|reports that|ensures|decides|speaks|writes|listens|notifies|has authorised)\b",
)
_HOLES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (hints, re.compile(pattern, re.IGNORECASE))
    for hints, pattern in (
        (("the", "an", "our", "your", "every", "whose"), rf"\b(?:the|an|our|your|every|whose)(?:{'|'.join(_AFTER_ARTICLE)})"),
        (("line with", "accordance with", "according to", "such as", "conjunction with", "due to", "because of", "on the following"), r"\b(?:in line with|in accordance with|according to|such as|in conjunction with|due to|because of|on the following number:?|on the following address:?)\s*[.;](?!\.)"),
        ((" of ",), r"\bof (?:if|unless|until)\b|\b(?:a member|members|a copy|part|the office|the role) of (?:and|or|is|are|will|must|should|who|before)\b"),
        (("self",), r"\b(?:my|his|her|its) to (?:myself|himself|herself|itself)\b"),
        (("\u201c", "\u2018", '"'), r"\u201c\s*\u201d|\u2018\s*\u2019|\"\s?\""),
        ((",",), r",\s*,|,\s+\.(?!\.)|\(\s*,|,\s*\)|\b(?:each|every|no) , "),
        (("(",), r"\((?:e\.?g\.?|i\.?e\.?|see|tel\.?:?|telephone:?|email:?|phone:?|name:?|section|including|for example)\s*[,.]?\s*\)"),
        (("see ", "refer to"), r"\b(?:see|refer to) (?:section|appendix|paragraph|clause|part)\s*[.,;)]"),
        ((" on", " at"), r"\b(?:call|ring|telephone|phone|e-?mail|contact)(?: us| them)? (?:on|at)\s*[.;)]"),
        (("within", "at least", "every "), r"\bwithin (?:working|school) days\b|\bat least (?:working )?(?:days|hours|weeks|months|years)\b|\bevery (?:days|weeks|months|years)\b"),
        (("the age of",), r"\b(?:under|over|below|above) the age of\s*(?:[.,;)]|(?:and|or|will|must|are|is|may|who|can|should|to|in|on)\b)"),
        ((" by on ", " by in ", " by at "), r"\b(?:approved|ratified|agreed|written|reviewed|adopted|led|chaired) by (?:on|in|at) (?:\d|the|January|February|March|April|May|June|July|August|September|October|November|December)"),
        ((" on or ", " on and "), r"\bon (?:or|and) (?:by|via) (?:e-?mail|telephone|phone|calling|writing|visiting)\b"),
        ((" a ",), r"(?<=[a-z] )(?-i:a) (?:at|of|with|is|are|will|must|by the|in the|on the|for the)\b(?!-)"),
        ((" ,",), r"\b(?:with|the|our|of|by|from|for) ,"),
        (("tell ", "inform ", "notify ", "contact "), r"\b(?:tell|inform|notify|contact) (?:immediately|at once|straight away|without delay)\s*[.;]"),
        ((" is and ", " is or "), r"\b(?:number|address|name|telephone|website|e-?mail) is (?:and|or)\b"),
        (("will ", "must ", "should "), r"\b(?:will|must|should) (?:contact|inform|notify|consult|tell) (?:respond|act|follow|take|ensure|review|record|make|seek|will|must)\b"),
    )
)  # fmt: skip
_NAMELESS = re.compile(
    r"\b(?:DSL|[Ss]afeguarding [Ll]ead|[Gg]overnor|[Hh]eadteacher|[Oo]fficer)(?: \([A-Z]+\))? (?:is|are)(?:\s*[.,;]| (?:and|or)\b)"
)
_ASKS = re.compile(r"\b(?:who|whoever|what|where|which|how)\b", re.IGNORECASE)
_CUT_OFF = re.compile(r"\b(?:the|an|our|your|every|a)$")


def missing_text(case: Case) -> Iterator[Finding]:
    """One finding a clause, with the words around the hole."""
    yield from _empty_fields(case)
    for index, passage in enumerate(case.clauses):
        if passage.is_row:
            continue
        found = _hole(passage) or _nameless(passage) or _cut_off(case, index)
        if found:
            yield passage.finding(
                "missing-text",
                WARNING,
                f"Something seems to be missing here: \u201c{_around(passage.text, found)}\u201d.",
                "Put in the word that is missing, or mend the sentence.",
            )


def _empty_fields(case: Case) -> Iterator[Finding]:
    """What still stands as a field when the text was filled in is a gap for whoever reads it."""
    for passage in case.clauses:
        for key in sorted(keys_in([passage.text])):
            yield passage.finding(
                "missing-text",
                WARNING,
                f"The field {{{key}}} cannot be filled in: nothing is known for it today.",
                "Give somebody the post, set the word or answer the rule; or write the words in place of the field.",
            )


def _hole(passage: Passage) -> re.Match[str] | None:
    for hints, pattern in _HOLES:
        found = pattern.search(passage.text) if any(hint in passage.lowered for hint in hints) else None
        if found:
            return found
    return None


def _nameless(passage: Passage) -> re.Match[str] | None:
    for sentence in passage.sentences:
        found = _NAMELESS.search(sentence)
        if found and not _ASKS.search(sentence[: found.start()]):
            return re.search(re.escape(found.group()), passage.text)
    return None


def _cut_off(case: Case, index: int) -> re.Match[str] | None:
    """A clause that ends in an article, unless a list or the next line goes on with it."""
    passage = case.clauses[index]
    after = case.clauses[index + 1].text if index + 1 < len(case.clauses) else ""
    goes_on = passage.opens_list or after[:1].islower()
    return None if goes_on else _CUT_OFF.search(passage.text.rstrip(" ."))


def _around(text: str, found: re.Match[str]) -> str:
    before = text[: found.start()].split(" ")[-5:]
    after = text[found.end() :].split(" ")[:4]
    return " ".join(f"{' '.join(before)}{found.group()}{' '.join(after)}".split())
