"""First remarks on a reading: numbers that skip or repeat, key details that are missing, guidance without an edition."""

import re
from collections.abc import Callable, Iterator

from policies.reading import labels
from policies.reading.document import IN_USE, Document, Finding

_DETAILS = (
    ("dsl", "error", "The policy does not name the Designated Safeguarding Lead."),
    ("written", "warning", "The policy does not say when it was written or last updated."),
    ("ratified", "warning", "The policy does not say when it was ratified."),
    ("next_review", "warning", "The policy does not say when it will next be reviewed."),
)
_TEMPLATE_TEXT = (
    (re.compile(r"\b(is|are|will|may|can|do|does|has|have|should)\s?/\s?\1 not\b|\bwill\s?/\s?will not\b", re.IGNORECASE), "A choice was never made: “{}”."),
    (re.compile(r"\b(?:children|pupils|learners|students)(?:\s?/\s?(?:children|pupils|learners|students))+\b", re.IGNORECASE), "Alternatives of a template are left: “{}”."),
    (re.compile(r"\[(?:insert|name|add|enter|school|setting|date|delete|amend|list|your)\b[^\]]{0,80}\]|<(?:insert|name|add|enter|school|setting|date)\b[^>]{0,80}>|\[\s*\]|\(\s*\)", re.IGNORECASE), "A blank was never filled in: “{}”."),
    (re.compile(r"\(?\bdelete as (?:appropriate|applicable)\b\)?|\binsert (?:name|details|date|school name) here\b|\b(?:this|the) (?:policy )?template (?:should|requires|is (?:a|designed|intended))\b[^.]{0,40}", re.IGNORECASE), "An instruction of a template is left: “{}”."),
)  # fmt: skip
_MAX_OF_A_CODE = 50


def find_all(document: Document) -> tuple[Finding, ...]:
    """The findings of every check, in the order of the checks."""
    checks: tuple[Callable[[Document], Iterator[Finding]], ...] = (
        numbering,
        missing_key_details,
        undated_guidance,
        template_text,
    )
    return tuple(finding for check in checks for finding in _first(check(document)))


def _first(findings: Iterator[Finding]) -> list[Finding]:
    return [finding for finding, _ in zip(findings, range(_MAX_OF_A_CODE), strict=False)]


def numbering(document: Document) -> Iterator[Finding]:
    """Decimal labels that skip, repeat or go back among the children of one number."""
    last: dict[tuple[int, ...], tuple[int, str]] = {}
    parent: tuple[int, ...] = ()
    for label, is_section in _labels(document):
        place = labels.numbers(label)
        if len(place) == 1 and not is_section:
            continue
        family, number = place[:-1], place[-1]
        before = last.get(family)
        if family and is_section and parent and family[0] != parent[0]:
            message = f"{label} stands under {parent[0]}."
        else:
            message = _gap(labels.bare(label), number, before, family)
        if message:
            yield Finding("numbering", "warning", label, message)
        last[family] = (number, labels.bare(label))
        parent = place if is_section else parent


def _labels(document: Document) -> Iterator[tuple[str, bool]]:
    for section in document.sections:
        if labels.numbers(section.label):
            yield section.label, True
        for clause in section.clauses:
            if labels.numbers(clause.label):
                yield clause.label, False


def _gap(label: str, number: int, before: tuple[int, str] | None, family: tuple[int, ...]) -> str:
    if before is None:
        return f"Numbering begins with {label}." if number > 1 else ""
    if number == before[0]:
        return f"{label} appears twice."
    if number < before[0]:
        return f"{label} follows {before[1]}." if family or number != 1 else ""
    return f"{before[1]} is followed by {label}." if number > before[0] + 1 else ""


def missing_key_details(document: Document) -> Iterator[Finding]:
    """Key details that every policy should print."""
    for name, severity, message in _DETAILS:
        if not getattr(document.key_details, name):
            yield Finding("missing-key-detail", severity, "", message)


def undated_guidance(document: Document) -> Iterator[Finding]:
    """Guidance named without saying which edition."""
    for entry in document.guidance:
        if entry.edition is None and not entry.title.endswith("procedures"):
            yield Finding(
                "guidance-without-edition", "note", "", f"“{entry.title}” is named without its edition."
            )


def template_text(document: Document) -> Iterator[Finding]:
    """Choices, blanks and instructions of a template that were left in."""
    for section in document.sections:
        if section.status != IN_USE:
            continue
        where = section.label
        for clause in section.clauses:
            where = clause.label or where
            for pattern, message in _TEMPLATE_TEXT:
                found = pattern.search(clause.text)
                if found:
                    yield Finding("template-text", "warning", where, message.format(found.group().strip()))
