"""What a text says about a rule of the school, against what the school has set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from policies.check.case import Case, Passage
from policies.check.finding import ERROR, WARNING, Finding
from policies.check.school import Answer

_NUMBERS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
        ]
    )
}
_MONTHS = {"month": 1, "term": 4, "year": 12}
_LEAD = re.compile(r"\bDSLs?\b|designated safeguarding lead|\bdeput(?:y|ies)\b", re.IGNORECASE)
_HEAD = re.compile(
    r"\b(?:executive )?head ?teacher\b|\bhead of (?:school|centre)\b|\bprincipal\b|\b(?:nursery|centre) manager\b|(?:(?<=the )|(?<=or )|(?<=and ))manager\b|\bthe head\b",
    re.IGNORECASE,
)
_OR = re.compile(r"and/or|\bor\b(?! (?:a |the |their )?deput(?:y|ies))", re.IGNORECASE)


def rule_mismatch(case: Case) -> Iterator[Finding]:
    """Each rule once, at the first sentence that says something else than the setting, unless another one agrees with it."""
    if case.school is None:
        return
    for rule, topic in case.catalogue.topics.items():
        answer = case.school.answers.get(rule)
        said = list(_said(rule, case)) if answer else []
        if answer and said and not any(_agrees(saying, value, answer) for saying, _, value in said):
            _, passage, value = min(said, key=lambda one: (one[1].section or 0, one[1].clause or 0))
            yield _finding(passage, answer, value, topic)


def _said(rule: str, case: Case) -> Iterator[tuple[dict[str, Any], Passage, str]]:
    """Everything that the text says about a rule."""
    for saying in case.catalogue.sayings:
        if saying["rule"] == rule and _may_stand_in(saying, case.lowered):
            for passage in case.clauses:
                value = _first_value(saying, passage) if _may_stand_in(saying, passage.lowered) else None
                if value is not None:
                    yield saying, passage, value


def _agrees(saying: dict[str, Any], value: str, answer: Answer) -> bool:
    return value == answer.value or answer.value in saying.get("fits", ())


def _may_stand_in(saying: dict[str, Any], lowered: str) -> bool:
    hints: list[str] = saying["hints"]
    return any(hint in lowered for hint in hints)


def _first_value(saying: dict[str, Any], passage: Passage) -> str | None:
    """What the first sentence of a passage that speaks of it says; the sentence before may tell whom it is about."""
    before = ""
    for sentence in passage.sentences:
        value = _value(saying, sentence, f"{passage.context}\n{before}")
        if value is not None:
            return value
        before = sentence
    return None


def _value(saying: dict[str, Any], sentence: str, context: str) -> str | None:
    """What a sentence says about the rule; None when it says nothing."""
    about, says, unless, subject = (saying[name] for name in ("about", "says", "unless", "subject"))
    if about and not about.search(sentence):
        return None
    found = says.search(sentence) if says else None
    if (says and found is None) or (unless and unless.search(sentence)):
        return None
    if subject and not subject.search(sentence) and not subject.search(context):
        return None
    if "who" in saying:
        return _who(saying["who"], sentence)
    if "number" in saying and found is not None:
        return _number(found, saying["number"])
    return str(saying["value"])


def _who(values: dict[str, str], sentence: str) -> str | None:
    lead, head = _LEAD.search(sentence), _HEAD.search(sentence)
    if lead and head:
        first, second = sorted((lead, head), key=lambda found: found.start())
        return values["or" if _OR.search(sentence[first.end() : second.start()]) else "and"]
    return values.get("lead") if lead else values.get("head") if head else None


def _number(found: re.Match[str], unit: str) -> str | None:
    groups = found.groupdict()
    text = (groups.get("n") or "one").casefold()
    count = int(text) if text.isdigit() else _NUMBERS.get(text)
    if count is None:
        return None
    every = (groups.get("unit") or groups.get("adverb") or "").casefold()
    if unit == "months":
        short = {"annually": "year", "yearly": "year", "termly": "term", "monthly": "month"}.get(
            every, every.rstrip("s")
        )
        return str(count * _MONTHS[short]) if short in _MONTHS else None
    return str(count)


def _finding(passage: Passage, answer: Answer, value: str, topic: str) -> Finding:
    said = f"the text says \u201c{answer.meaning(value)}\u201d" if value else "the text says something else"
    default = "" if answer.chosen else " (as PolicyHub comes: nobody has decided it)"
    return passage.finding(
        "rule-mismatch",
        ERROR if answer.chosen else WARNING,
        f"{answer.spoken(topic)}: {said}; the school's setting is \u201c{answer.meaning(answer.value)}\u201d{default}.",
        "Decide which is right. Then change the sentence, or the rule in the set-up.",
    )
