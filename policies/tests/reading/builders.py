"""Policies of our own writing, as text, Word and PDF."""

import io
import zipfile

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from weasyprint import HTML

from policies.reading import Document, read_policy

HEAD = """Larkmoor Primary School

Phones and Wearables Policy

Key details

Designated Safeguarding Lead (s): Ms Imogen Tarrant
Deputy Designated Safeguarding Leads: Yusuf Okafor and Bea Lindqvist
Named governor for safeguarding: Dr Hal Whitcombe
Date written/updated: 3 March 2025
Date agreed and ratified by the Full Governing Board: 17th March, 2025
Date of next review: March 2026

This policy is looked at again every spring.
"""
BODY = """
1. Why we have this policy

1.1 Larkmoor Primary School wants every child to learn without a phone buzzing beside them.
1.2 It draws on the statutory guidance 'Keeping Children Safe in Education' 2024 and 'Working Together to Safeguard Children' 2023.

2. Bringing a phone

2.1 A phone may come to school only when:
- a parent has asked in writing
- the child walks home alone
2.2 Phones are handed in at the hatch before the bell.

3. Links with other policies

3.1 This policy links with several other policies, including:
- Behaviour policy
- Child protection policy
- Data protection policy.

4. School tablets

4.1 Lending (not currently in use)

4.1.1 Tablets are signed out by the class teacher.

4.3 Repairs

4.3.1 Broken tablets go to the office.
"""
SAMPLE = HEAD + BODY


def one(data: bytes | str, filename: str = "policy.txt") -> Document:
    """The only policy of a file."""
    data = data.encode() if isinstance(data, str) else data
    [document] = read_policy(data, filename).documents
    return document


def shape(document: Document) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """Sections with their clauses, short enough to compare by eye."""
    return [
        (
            section.label,
            section.heading,
            [(clause.label, clause.text, clause.depth) for clause in section.clauses],
        )
        for section in document.sections
    ]


def clauses(document: Document) -> list[tuple[str, str, int]]:
    """Every clause of the policy."""
    return [clause for _, _, held in shape(document) for clause in held]


def saved(document: "docx.document.Document") -> bytes:
    """The bytes of a Word file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word(*paragraphs: str | tuple[str, str]) -> bytes:
    """A Word file of paragraphs, plain or with the name of a style."""
    document = docx.Document()
    for paragraph in paragraphs:
        text, style = (paragraph, "Normal") if isinstance(paragraph, str) else paragraph
        document.add_paragraph(text, style=style)
    return saved(document)


def pdf(body: str, style: str = "", size: str = "A4") -> bytes:
    """A PDF of an HTML body."""
    page = f"@page {{ size: {size}; margin: 20mm }} body {{ font: 11pt sans-serif; hyphens: none }} {style}"
    return HTML(string=f"<html lang=en><style>{page}</style>{body}").write_pdf()


def number(paragraph: "docx.text.paragraph.Paragraph", list_id: int, level: int = 0) -> None:
    """Put the paragraph into a numbered list, as Word does."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')
    )


def define(document: "docx.document.Document", list_id: int, levels: list[str], overrides: str = "") -> None:
    """Add a list definition; each level is the inside of a w:lvl element."""
    root = document.part.numbering_part.element
    body = "".join(f'<w:lvl w:ilvl="{index}">{level}</w:lvl>' for index, level in enumerate(levels))
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{list_id}">{body}</w:abstractNum>')
    root.insert(0, abstract)
    instance(document, list_id, list_id, overrides)


def instance(document: "docx.document.Document", list_id: int, abstract: int, overrides: str = "") -> None:
    """Add a list that uses a definition, with its overrides."""
    root = document.part.numbering_part.element
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{list_id}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'
        )
    )


def level(form: str, text: str, start: int = 1, more: str = "") -> str:
    """The inside of a w:lvl element."""
    return f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'


def tracked(paragraph: "docx.text.paragraph.Paragraph", tag: str, text: str) -> None:
    """Append a tracked insertion (ins) or deletion (del)."""
    run = OxmlElement("w:r")
    piece = OxmlElement("w:delText" if tag == "del" else "w:t")
    piece.text = text
    piece.set(qn("xml:space"), "preserve")
    run.append(piece)
    change = OxmlElement(f"w:{tag}")
    change.append(run)
    paragraph._p.append(change)


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """A zip with some of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return out.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
