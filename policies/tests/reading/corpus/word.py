"""Policies printed as Word files: typed and automatic numbers, headings by style and by weight, tables, boxes, tracked changes."""

from __future__ import annotations

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm

from policies.tests.reading import builders
from policies.tests.reading.corpus.markup import Block, Policy

_NUMBERS, _BULLETS = 71, 72


def typed(policies: list[Policy]) -> bytes:
    """Heading styles with typed numbers, key details in lines with the label bold."""
    document = docx.Document()
    for policy in policies:
        _plain(document, policy.setting)
        document.add_paragraph(policy.title, style="Title")
        for one in policy.details:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{one.label}: ").bold = True
            paragraph.add_run(one.text)
        for block in [*policy.head, *policy.body]:
            _block(document, block)
    return builders.saved(document)


def automatic(policies: list[Policy]) -> bytes:
    """Numbers by Word wherever it would print the same, contents field, heads and feet, key details in a table."""
    document = docx.Document()
    decimal = [
        builders.level("decimal", ".".join(f"%{n}" for n in range(1, deep + 1)) + "." * (deep == 1))
        for deep in (1, 2, 3, 4)
    ]
    builders.define(document, _NUMBERS, decimal)
    builders.define(document, _BULLETS, [builders.level("bullet", mark) for mark in "\uf0b7o\uf0a7"])
    document.sections[0].header.paragraphs[0].text = "Policies and procedures    Version 4.1"
    document.sections[0].footer.paragraphs[0].text = "Page 3 of 12"
    for number, policy in enumerate(policies):
        document.add_heading(policy.title, 0)
        _plain(document, policy.setting)
        _table(document, policy.details, 1)
        _contents(document, policy)
        if number:
            builders.instance(
                document,
                _NUMBERS + 10 + number,
                _NUMBERS,
                '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>',
            )
        _counted(document, policy, _NUMBERS + (10 + number if number else 0))
    return builders.saved(document)


def _counted(document: docx.document.Document, policy: Policy, list_id: int) -> None:
    counts: list[int] = []
    for block in [*policy.head, *policy.body]:
        parts = block.label.rstrip(".").split(".")
        deep = len(parts)
        following = [*counts[: deep - 1], (counts[deep - 1] if len(counts) >= deep else 0) + 1]
        shown = ".".join(map(str, following)) + "." * (deep == 1)
        if block.label and block.label == shown and deep <= 4 and len(following) == deep:
            style = f"Heading {block.level}" if block.kind == "section" else "Normal"
            builders.number(document.add_paragraph(block.text + _mark(block), style=style), list_id, deep - 1)
            counts = following
        elif block.kind == "item":
            builders.number(document.add_paragraph(block.text), _BULLETS, block.level - 1)
        else:
            _block(document, block)


def weight(policies: list[Policy]) -> bytes:
    """No styles at all: bold headings, typed marks and tabs, key details two to a row."""
    document = docx.Document()
    for policy in policies:
        for words in (policy.setting, policy.title):
            document.add_paragraph().add_run(words).bold = True
        _table(document, policy.details, 2)
        for block in [*policy.head, *policy.body]:
            if block.kind == "section":
                words = "\t".join(filter(None, (block.label, block.text))) + _mark(block)
                document.add_paragraph().add_run(words).bold = True
            elif block.kind == "item":
                paragraph = document.add_paragraph("\u2022\t" + block.text)
                paragraph.paragraph_format.left_indent = Cm(block.level * 0.8)
            elif block.kind == "row":
                _row(document, block)
            else:
                document.add_paragraph("\t".join(filter(None, (block.label, block.text))))
    return builders.saved(document)


def covered(policies: list[Policy]) -> bytes:
    """A cover with the school in a text box, typed contents, tracked changes, and the control table at the end."""
    document = docx.Document()
    for policy in policies:
        _box(document, policy.setting)
        document.add_paragraph(policy.title, style="Title")
        document.add_page_break()
        document.add_paragraph("Contents")
        for page, block in enumerate((one for one in policy.body if one.kind == "section"), 3):
            document.add_paragraph(f"{_words(block)}{'.' * 40}{page}")
        for block in [*policy.head, *policy.body]:
            _block(document, block)
            if block.kind == "clause":
                builders.tracked(document.paragraphs[-1], "del", " and nothing else whatsoever")
        document.add_heading("Document control", 1)
        _table(document, policy.details, 1)
    return builders.saved(document)


def framed(policies: list[Policy]) -> bytes:
    """Key details in one framed cell with line breaks, headings by outline level, items as paragraphs of a list style."""
    document = docx.Document()
    for policy in policies:
        document.add_paragraph(f"{policy.setting}\n{policy.title}", style="Title")
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "\n".join(f"{one.label}: {one.text}" for one in policy.details)
        for block in [*policy.head, *policy.body]:
            if block.kind == "section":
                paragraph = document.add_paragraph(_words(block))
                paragraph._p.get_or_add_pPr().append(
                    parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{block.level - 1}"/>')
                )
            else:
                _block(document, block)
    return builders.saved(document)


def _block(document: docx.document.Document, block: Block) -> None:
    if block.kind == "section":
        document.add_heading(_words(block), block.level)
    elif block.kind == "item":
        document.add_paragraph(block.text, style="List Bullet" + (" 2" if block.level > 1 else ""))
    elif block.kind == "row":
        _row(document, block)
    else:
        paragraph = document.add_paragraph(" ".join(filter(None, (block.label, block.text))))
        paragraph.paragraph_format.left_indent = Cm(block.level * 0.8)


def _row(document: docx.document.Document, block: Block) -> None:
    last = document.element.body[-2] if len(document.element.body) > 1 else None
    joins = (
        last is not None
        and last.tag.endswith("}tbl")
        and len(document.tables[-1].columns) == len(block.cells)
    )
    table = document.tables[-1] if joins else document.add_table(0, len(block.cells))
    for cell, text in zip(table.add_row().cells, block.cells, strict=True):
        cell.text = text


def _table(document: docx.document.Document, details: list[Block], pairs: int) -> None:
    if not details:
        return
    table = document.add_table(0, 2 * pairs)
    for place in range(0, len(details), pairs):
        cells = table.add_row().cells
        for offset, one in enumerate(details[place : place + pairs]):
            cells[2 * offset].text, cells[2 * offset + 1].text = one.label, one.text
    document.add_paragraph()


def _contents(document: docx.document.Document, policy: Policy) -> None:
    """A contents field of two entries, as Word stores its last result."""
    names = [_words(one) for one in policy.body if one.kind == "section"]
    for place, name in enumerate(names):
        paragraph = document.add_paragraph(f"{name}\t{place + 3}")
        if place == 0:
            paragraph._p.insert(0, _field("begin"))
            paragraph._p.insert(1, parse_xml(f"<w:r {nsdecls('w')}><w:instrText>TOC \\o</w:instrText></w:r>"))
        if place == len(names) - 1:
            paragraph._p.append(_field("end"))


def _field(kind: str) -> object:
    return parse_xml(f'<w:r {nsdecls("w")}><w:fldChar w:fldCharType="{kind}"/></w:r>')


def _box(document: docx.document.Document, text: str) -> None:
    body = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    shape = f'<w:r {nsdecls("w")}><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml">{body}</v:textbox></w:pict></w:r>'
    document.add_paragraph()._p.append(parse_xml(shape))


def _plain(document: docx.document.Document, text: str) -> None:
    if text:
        document.add_paragraph(text)


def _words(block: Block) -> str:
    return " ".join(filter(None, (block.label, block.text))) + _mark(block)


def _mark(block: Block) -> str:
    return {"in use": "", "not used": " (not currently in use)", "removed": " (removed)"}[block.status]
