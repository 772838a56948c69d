"""Policies printed as offices keep them in Word: the title only in the page header, numbers by linked styles, marks of colleagues."""

from __future__ import annotations

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from policies.tests.reading import builders
from policies.tests.reading.corpus import word
from policies.tests.reading.corpus.markup import Block, Policy

_NUMBERS, _LETTERS, _MARKS = 81, 82, 83


def headed(policies: list[Policy]) -> bytes:
    """Title and school in the page header alone, key details two to a row, the date of printing in the footer."""
    document = docx.Document()
    for number, policy in enumerate(policies):
        part = document.sections[-1] if not number else document.add_section()
        part.header.is_linked_to_previous = part.footer.is_linked_to_previous = False
        part.header.paragraphs[0].text = policy.setting
        part.header.add_paragraph(policy.title)
        part.footer.paragraphs[0].text = "Printed 3 October 2026\tPage 1 of 9"
        if number:
            document.add_paragraph(policy.title, style="Title")
        word._table(document, policy.details, 2)
        for block in [*policy.head, *policy.body]:
            word._block(document, block)
    return builders.saved(document)


def multilevel(policies: list[Policy]) -> bytes:
    """Headings numbered by their style, letters and Roman numbers by a list of their own, tables with a header row."""
    document = docx.Document()
    decimal = [
        builders.level(
            "decimal",
            ".".join(f"%{n}" for n in range(1, deep + 1)),
            more=f'<w:pStyle w:val="Heading{deep}"/>' if deep < 3 else "",
        )
        for deep in (1, 2, 3, 4)
    ]
    builders.define(document, _NUMBERS, decimal)
    builders.define(
        document,
        _LETTERS,
        [builders.level(form, text) for form, text in (("lowerLetter", "(%1)"), ("lowerRoman", "(%2)"))],
    )
    builders.define(document, _MARKS, [builders.level("bullet", mark) for mark in "\u2022\u2013\u25aa"])
    for policy in policies:
        document.add_paragraph(policy.title, style="Title")
        document.add_paragraph(policy.setting, style="Subtitle")
        word._table(document, policy.details, 1)
        _Numbered(document).write(policy)
    return builders.saved(document)


class _Numbered:
    """Counts as Word will, and leaves a label to Word only where Word would print the same."""

    def __init__(self, document: docx.document.Document) -> None:
        self.document = document
        self.counts: list[int] = []
        self.letters = [0, 0]
        self.list_id = 0
        self.begun = [300 + 40 * len(document.paragraphs)]
        builders.instance(document, self.begun[0], _NUMBERS, _restarting(4))

    def write(self, policy: Policy) -> None:
        for block in [*policy.head, *policy.body]:
            if not (self._decimal(block) or self._lettered(block)):
                self._plain(block)

    def _decimal(self, block: Block) -> bool:
        deep = len(block.label.split("."))
        following = [
            *self.counts[: deep - 1],
            (self.counts[deep - 1] if len(self.counts) >= deep else 0) + 1,
        ]
        if not block.label or block.label != ".".join(map(str, following)) or len(following) != deep:
            return False
        style = f"Heading {block.level}" if block.kind == "section" else "Normal"
        paragraph = self.document.add_paragraph(block.text + word._mark(block), style=style)
        builders.number(paragraph, self.begun[0], deep - 1)
        self.counts = following
        return True

    def _lettered(self, block: Block) -> bool:
        deep = block.level if block.kind == "clause" else 2
        if deep == 0 and block.label == "(a)":
            self.begun.append(self.begun[-1] + 1)
            self.letters = [0, 0]
            builders.instance(self.document, self.begun[-1], _LETTERS, _restarting(2))
        if (
            deep > 1
            or block.label != (f"({'abcdefgh'[self.letters[0]]})", f"({'i' * (self.letters[1] + 1)})")[deep]
        ):
            return False
        self.letters[deep] += 1
        if deep == 0:
            self.letters[1] = 0
        builders.number(self.document.add_paragraph(block.text), self.begun[-1], deep)
        return True

    def _plain(self, block: Block) -> None:
        if block.kind == "item":
            builders.number(self.document.add_paragraph(block.text), _MARKS, block.level - 1)
        else:
            word._block(self.document, block)


def _restarting(levels: int) -> str:
    return "".join(
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
        for level in range(levels)
    )


def annotated(policies: list[Policy]) -> bytes:
    """Runs cut at every word, comments, notes, bookmarks, inserted and deleted words, a cover table and bold headings."""
    document = docx.Document()
    for policy in policies:
        cover = document.add_table(2, 1)
        cover.cell(0, 0).text, cover.cell(1, 0).text = policy.setting, policy.title
        for one in policy.details:
            document.add_paragraph(f"{one.label}\t{one.text}")
        for block in [*policy.head, *policy.body]:
            if block.kind in ("row", "item"):
                word._block(document, block)
            else:
                _cut(document, block)
    return builders.saved(document)


def _cut(document: docx.document.Document, block: Block) -> None:
    paragraph = document.add_paragraph()
    pieces = word._words(block).split(" ")
    for place, piece in enumerate(pieces):
        run = paragraph.add_run(piece + " " * (place + 1 < len(pieces)))
        run.bold = True if block.kind == "section" else None
    paragraph._p.append(parse_xml(f'<w:commentRangeEnd {nsdecls("w")} w:id="7"/>'))
    paragraph._p.append(
        parse_xml(f'<w:r {nsdecls("w")}><w:commentReference w:id="7"/><w:footnoteReference w:id="9"/></w:r>')
    )
    if block.kind == "clause":
        builders.tracked(paragraph, "del", " as soon as may be")
