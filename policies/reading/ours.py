"""Word files that were exported here: every paragraph says by its style what it is, and nothing needs to be concluded.

People go on writing in such a file in Word: a paragraph of no style of ours is a clause, with its label split off as usual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from policies.reading.dates import find_date
from policies.reading.document import (
    IN_USE,
    NOT_USED,
    REMOVED,
    Clause,
    Document,
    Guidance,
    KeyDetails,
    Scope,
    Section,
)
from policies.reading.labels import split_label
from policies.reading.rows import plain
from policies.reading.styles import is_on
from policies.reading.wordnumbers import W, value
from policies.reading.wordtext import own_text

TITLE, SETTING = "PolicyHubTitle", "PolicyHubSetting"
HEADING, CLAUSE = "PolicyHubHeading", "PolicyHubClause"
LABEL, STATUS, EDITION = "PolicyHubLabel", "PolicyHubStatus", "PolicyHubEdition"
DETAIL, VALUE = "PolicyHubDetail", "PolicyHubValue"
"""Paragraph and character styles by what they say; headings and clauses end in their level or depth."""

FIELD = "policyhub:"
"""The tag of a content control that shows the value of a field begins so; the rest is the field as it is stored."""

DETAILS: dict[str, str] = {
    "dsl": "Designated safeguarding lead",
    "deputy_dsl": "Deputies",
    "named_governor": "Named governor",
    "written": "Written or updated",
    "ratified": "Ratified",
    "ratifying_body": "Ratified by",
    "next_review": "Next review",
    "linked_policies": "Refers to",
    "guidance": "Guidance",
    "people": "People it covers",
    "technologies": "Technologies it covers",
    "places": "Places it covers",
    "template": "Source template",
    "licence": "Licence",
    "empty_links": "Links without an address",
}
"""What a document says of itself, by the words in the first column of its table; the table holds what is known."""
DATES = ("written", "ratified", "next_review")
_KEY = ("dsl", "deputy_dsl", "named_governor", *DATES, "ratifying_body")
_SCOPE = ("people", "technologies", "places")
_ALONE = (*DATES, "ratifying_body", "template", "licence")

_NUMBERED = re.compile(rf"^({HEADING}|{CLAUSE})(\d{{1,3}})$")
_STATUSES = {status: status for status in (NOT_USED, REMOVED)}
_GONE = {f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "txbxContent")}
_MAX_DEPTH = 60
_FIRST = Section("", "")


def is_ours(parts: dict[str, etree._Element]) -> bool:
    """Whether the Word file was exported here: it begins with a title in our style."""
    body = parts["document"].find(f"{W}body")
    first = body.find(f"{W}p") if body is not None else None
    return first is not None and _style(first) == TITLE


def read_ours(parts: dict[str, etree._Element]) -> Document:
    """The one policy that an exported file holds."""
    body = parts["document"].find(f"{W}body")
    walk = _Walk()
    for block in _blocks(body if body is not None else parts["document"], 0):
        walk.take(block)
    return walk.document()


def _blocks(holder: etree._Element, depth: int) -> Iterator[etree._Element]:
    for child in holder:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag not in _GONE and depth < _MAX_DEPTH:
            yield from _blocks(child, depth + 1)


@dataclass
class _Walk:
    """One pass through the blocks of the file."""

    title: str = ""
    setting: str = ""
    sections: list[Section] = field(default_factory=list)
    current: Section = _FIRST
    clauses: list[Clause] = field(default_factory=list)
    details: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)

    def take(self, block: etree._Element) -> None:
        if block.tag == f"{W}tbl":
            for row in block.iter(f"{W}tr"):
                head = row.find(f"{W}trPr/{W}tblHeader") is not None
                self._row([list(_blocks(cell, 0)) for cell in row.iter(f"{W}tc")], head)
            return
        style = _style(block)
        numbered = _NUMBERED.match(style)
        if style == TITLE:
            self.title = _words(block)[1]
        elif style == SETTING:
            self.setting = _words(block)[1]
        elif numbered and numbered[1] == HEADING:
            self._open(block, int(numbered[2]))
        elif numbered:
            self._clause(*_words(block)[:2], int(numbered[2]))
        else:
            self._clause(*split_label(_words(block)[1].strip()), 0)

    def _open(self, block: etree._Element, level: int) -> None:
        self._close()
        label, heading, beside = _words(block)
        status = _STATUSES.get((beside or "").strip(" ()"), IN_USE)
        self.current = Section(label, heading, status, (), level)

    def _close(self) -> None:
        if self.current is not _FIRST or self.clauses:
            self.sections.append(replace(self.current, clauses=tuple(self.clauses)))
        self.clauses = []

    def _clause(self, label: str, text: str, depth: int) -> None:
        if label or text:
            self.clauses.append(Clause(label, text, depth))

    def _row(self, cells: list[list[etree._Element]], head: bool) -> None:
        named = {words: name for name, words in DETAILS.items()}
        first = cells[0][0] if cells and cells[0] else None
        if first is not None and _style(first) == DETAIL and len(cells) == 2:
            name = named.get(_words(first)[1].strip())
            if name:
                self.details[name] = [_words(one)[1:] for one in cells[1] if one.tag == f"{W}p"]
            return
        texts = tuple(" ".join(_words(one)[1] for one in cell) for cell in cells)
        label = _words(first)[0] if first is not None else ""
        numbered = _NUMBERED.match(_style(first)) if first is not None else None
        depth = int(numbered[2]) if numbered else 0
        if any(texts) or label:
            self.clauses.append(Clause(label, plain(texts), depth, texts, head))

    def document(self) -> Document:
        self._close()
        found = {name: tuple(text for text, _ in self.details.get(name, [])) for name in DETAILS}
        alone: dict[str, str | None] = {name: _alone(found[name]) for name in _ALONE}
        for name in DATES:
            alone[name] = _date(alone[name])
        key = {name: alone[name] if name in alone else found[name] for name in _KEY}
        return Document(
            title=self.title,
            setting=self.setting,
            key_details=KeyDetails(**key),  # type: ignore[arg-type]
            sections=tuple(self.sections),
            linked_policies=found["linked_policies"],
            guidance=tuple(Guidance(*pair) for pair in self.details.get("guidance", [])),
            scope=Scope(*(found[name] for name in _SCOPE)),
            template=alone["template"],
            licence=alone["licence"],
            empty_links=found["empty_links"],
        )


def _alone(values: tuple[str, ...]) -> str | None:
    return "\n".join(values) if values else None


def _date(text: str | None) -> str | None:
    return find_date(text) if text else None


def _style(paragraph: etree._Element) -> str:
    return value(paragraph.find(f"{W}pPr"), f"{W}pStyle")


def _words(paragraph: etree._Element) -> tuple[str, str, str | None]:
    """The label, the text, and what stands beside it (a status or an edition; None where nothing does)."""
    label, text, beside = "", "", None
    for style, piece in _pieces(paragraph, 0):
        if style == LABEL:
            label += piece
        elif style in (STATUS, EDITION):
            beside = (beside or "") + piece
        else:
            text += piece
    return label.removesuffix("\t"), text, beside.removeprefix("\t") if beside is not None else None


def _pieces(element: etree._Element, depth: int) -> Iterator[tuple[str, str]]:
    """The runs of a paragraph with their styles; a content control of ours as the field that it shows."""
    for child in element:
        if child.tag in _GONE or depth > _MAX_DEPTH:
            continue
        tag = value(child, f"{W}sdtPr/{W}tag") if child.tag == f"{W}sdt" else ""
        if tag.startswith(FIELD):
            yield "", tag.removeprefix(FIELD)
        elif child.tag != f"{W}r":
            yield from _pieces(child, depth + 1)
        elif not is_on(child.find(f"{W}rPr/{W}vanish")):
            yield value(child, f"{W}rPr/{W}rStyle"), own_text(child)
