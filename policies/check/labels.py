"""Labels that skip, repeat or go back, and references to a section that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.check.case import Case
from policies.check.finding import NOTE, WARNING, Finding
from policies.reading import labels
from policies.reading.document import Document

_LETTERED = re.compile(r"^(?P<family>[A-Z])\.?(?P<number>\d{1,3})\b[.):]?")
_WORDED = re.compile(r"^(?:section|part|article|chapter)\s+(?P<number>\d{1,2})$", re.IGNORECASE)
_POINTER = re.compile(
    r"\b(?:sections?|paragraphs?|clauses?)\s+(?P<label>\d{1,2}(?:\.\d{1,2}){0,4})(?=\s*(?:[.,;)]|above|below|of this policy|for\b|and\b|$))(?!\.\d)",
    re.IGNORECASE,
)
_OF_A_LAW = frozenset(("11", "17", "20", "26", "31", "36", "44", "46", "47", "85", "89", "94"))
_ADVICE = "Correct the number, or put back what is missing, so that the clause can be cited."


@dataclass(frozen=True)
class _Label:
    """A label with what it counts: its family, its number, and where it stands."""

    text: str
    family: tuple[object, ...]
    number: int
    section: int
    clause: int | None

    @property
    def is_section(self) -> bool:
        """Whether a heading bears it."""
        return self.clause is None


def numbering(case: Case) -> Iterator[Finding]:
    """Labels that skip, repeat or go back among those of one family, then references that lead nowhere."""
    last: dict[tuple[object, ...], _Label] = {}
    chapter: _Label | None = None
    strayed: set[object] = set()
    for label in _labels(case.document):
        listed = last.get(("list", 0)) if label.is_section and not label.family else None
        goes_on = listed is not None and listed.number == label.number - 1
        stray = _stray(label, chapter)
        known = bool(stray) and label.family[0] in strayed
        if stray:
            strayed.add(label.family[0])
        message = "" if goes_on or known else stray or _gap(label, last.get(label.family))
        if message:
            severity = WARNING if "twice" in message or "stands under" in message else NOTE
            heading = case.document.sections[label.section].heading
            yield Finding(
                "numbering", severity, label.text, message, _ADVICE, label.section, label.clause, heading
            )
        last[label.family] = label
        if label.is_section and not label.family:
            chapter = label
            strayed.clear()
    yield from _references(case)


def _labels(document: Document) -> Iterator[_Label]:
    """Labels of decimal numbers, of sections counted in words, of letters with numbers, and of lists."""
    for place, section in enumerate(document.sections):
        made = _decimal(section.label, place, None) or _worded(section.label, place)
        if made:
            yield made
        depths: list[str] = []
        for index, clause in enumerate(section.clauses):
            label = _decimal(clause.label, place, index)
            if label and label.family:
                yield label
            elif clause.label:
                yield from _listed(clause.label, clause.depth, place, index, depths)


def _decimal(label: str, section: int, clause: int | None) -> _Label | None:
    numbers = labels.numbers(label)
    if numbers:
        return _Label(label, numbers[:-1], numbers[-1], section, clause)
    lettered = _LETTERED.match(label)
    if lettered:
        return _Label(label, (lettered["family"],), int(lettered["number"]), section, clause)
    return None


def _worded(label: str, section: int) -> _Label | None:
    worded = _WORDED.match(labels.bare(label))
    return _Label(label, (), int(worded["number"]), section, None) if worded else None


def _listed(label: str, depth: int, section: int, index: int, before: list[str]) -> Iterator[_Label]:
    """Numbers and letters that count the items of a list; Roman ones and single items are left alone."""
    numbers = labels.numbers(label)
    core = label.strip("().: ")
    if numbers:
        yield _Label(label, ("list", depth), numbers[0], section, index)
    elif (
        len(core) == 1
        and core.isalpha()
        and labels.kind(label, before[-1] if before else "").startswith("letter")
    ):
        yield _Label(
            label, ("letters", section, depth, core.isupper()), ord(core.lower()) - 96, section, index
        )
    before.append(label)


def _stray(label: _Label, chapter: _Label | None) -> str:
    """A decimal label below a section of another number."""
    is_decimal = bool(label.family) and all(isinstance(part, int) for part in label.family)
    if is_decimal and chapter and label.family[0] != chapter.number:
        return f"{labels.bare(label.text)} stands under {labels.bare(chapter.text)}."
    return ""


def _gap(label: _Label, before: _Label | None) -> str:
    name = labels.bare(label.text)
    if before is None:
        starts_late = label.number > 1 and "letters" not in label.family
        return f"Numbering begins with {name}." if starts_late else ""
    if label.number == before.number:
        return f"{name} appears twice."
    if label.number < before.number:
        begins_again = label.number == 1 and (not label.family or isinstance(label.family[0], str))
        return "" if begins_again else f"{name} follows {labels.bare(before.text)}."
    return f"{labels.bare(before.text)} is followed by {name}." if label.number > before.number + 1 else ""


def _references(case: Case) -> Iterator[Finding]:
    """`see section 9.2` where there is none; sections of Acts that everybody cites by number are passed over."""
    held = {labels.numbers(label) for label in _all_labels(case.document)} - {()}
    held |= {numbers[:depth] for numbers in held for depth in range(1, len(numbers))}
    if not held:
        return
    for passage in case.clauses:
        for found in _POINTER.finditer(passage.text):
            label = found["label"]
            if labels.numbers(label) not in held and not _is_of_a_law(label, passage.text[found.end() :]):
                message = f"The text points to section {label}, which is not there."
                yield passage.finding("numbering", WARNING, message, "Point to the section that is meant.")


def _all_labels(document: Document) -> Iterator[str]:
    for section in document.sections:
        worded = _WORDED.match(labels.bare(section.label))
        yield worded["number"] if worded else section.label
        yield from (clause.label for clause in section.clauses)


def _is_of_a_law(label: str, after: str) -> bool:
    named = re.match(r"\W*(?:and \d+ )?(?:of|in) (?:the )?[A-Z\u2018\u201c\"'(]", after)
    return label in _OF_A_LAW or bool(named) or "Act" in after[:40]
