"""A document as a Word file in which every paragraph says by its style what it is; see policies.reading.ours.

Nothing is hidden in the file: what is read back is what stands on its pages, so it may be edited in Word.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from core.templatetags.ui import day
from policies.export import parts
from policies.reading import ours
from policies.reading.document import IN_USE, Clause, Document, Section

Shown = Callable[[str], Iterable[tuple[str, str]]]
"""Splits a text into pieces: (text, "") as it stands, and (value, field) where a field is filled in."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONE_BREAK = re.compile(r"\r\n?")
_PIECES = re.compile(r"([\n\t])")
_MADE = (1980, 1, 1, 0, 0, 0)
"""The same document gives the same bytes."""


def as_it_stands(text: str) -> Iterator[tuple[str, str]]:
    """A text without fields."""
    yield text, ""


def to_docx(document: Document, *, foot: str = "", shown: Shown = as_it_stands) -> bytes:
    """The bytes of a .docx. `foot` is printed at the foot of every page; `shown` fills the fields of clauses and headings."""
    writer = _Writer(shown)
    body = "".join(writer.blocks(document))
    files = {
        "[Content_Types].xml": parts.CONTENT_TYPES,
        "_rels/.rels": parts.RELATIONS,
        "docProps/core.xml": parts.core(_clean(document.title)),
        "word/_rels/document.xml.rels": parts.DOCUMENT_RELATIONS,
        "word/document.xml": parts.document(body),
        "word/footer1.xml": parts.footer(escape(_clean(foot))),
        "word/styles.xml": parts.styles(writer.levels, writer.depths),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _MADE), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


class _Writer:
    """Writes one document, and notes which levels and depths its styles must cover."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.levels: set[int] = {1}
        self.depths: set[int] = {0}

    def blocks(self, document: Document) -> Iterator[str]:
        yield _paragraph(ours.TITLE, _run(document.title))
        yield _paragraph(ours.SETTING, _run(document.setting))
        yield _table(document)
        for place, section in enumerate(document.sections):
            if place or not _is_bare(section):
                yield self._heading(section)
            for is_row, run in groupby(section.clauses, lambda clause: bool(clause.cells)):
                held = list(run)
                yield self._rows(held) if is_row else "".join(map(self._clause, held))

    def _heading(self, section: Section) -> str:
        self.levels.add(section.level)
        status = "" if section.status == IN_USE else _run(f" ({section.status})", ours.STATUS)
        return _paragraph(
            f"{ours.HEADING}{section.level}", _label(section.label), self._text(section.heading), status
        )

    def _clause(self, clause: Clause) -> str:
        self.depths.add(clause.depth)
        return _paragraph(f"{ours.CLAUSE}{clause.depth}", _label(clause.label), self._text(clause.text))

    def _rows(self, clauses: list[Clause]) -> str:
        """Rows that follow each other are one table."""
        self.depths |= {clause.depth for clause in clauses}
        rows = (
            (
                [
                    _paragraph(f"{ours.CLAUSE}{one.depth}", self._label_in(one, place), self._text(cell))
                    for place, cell in enumerate(one.cells)
                ],
                one.head,
            )
            for one in clauses
        )
        return parts.grid(rows)

    def _label_in(self, clause: Clause, place: int) -> str:
        return "" if place else _label(clause.label)

    def _text(self, text: str) -> str:
        return "".join(_field(words, key) if key else _run(words) for words, key in self.shown(text))


def _is_bare(section: Section) -> bool:
    """What stands before the first heading needs none of its own."""
    said = (section.label, section.heading, section.status, section.level)
    return said == ("", "", IN_USE, 1) and bool(section.clauses)


def _label(label: str) -> str:
    return _run(f"{label}\t", ours.LABEL) if label else ""


def _table(document: Document) -> str:
    rows = "".join(
        parts.row(
            _paragraph(ours.DETAIL, _run(ours.DETAILS[name])),
            "".join(_paragraph(ours.VALUE, one) for one in values),
        )
        for name, values in _details(document)
        if values
    )
    return parts.table(rows) if rows else ""


def _details(document: Document) -> Iterator[tuple[str, list[str]]]:
    """What is known of the document, by name, each value as the inside of a paragraph."""
    for name in ours.DETAILS:
        if name == "guidance":
            yield (
                name,
                [
                    _run(one.title)
                    + (_run(f"\t{one.edition}", ours.EDITION) if one.edition is not None else "")
                    for one in document.guidance
                ],
            )
            continue
        held = next(one for one in (document.key_details, document.scope, document) if hasattr(one, name))
        found = getattr(held, name)
        values = [] if found is None else [found] if isinstance(found, str) else list(found)
        yield name, [_run(day(one) if name in ours.DATES else one) for one in values]


def _paragraph(style: str, *runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(runs)}</w:p>'


def _run(text: str, style: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    inside = "".join(map(_piece, _PIECES.split(_clean(text))))
    return f"<w:r>{properties}{inside}</w:r>" if inside else ""


def _piece(text: str) -> str:
    if text in ("\n", "\t"):
        return "<w:br/>" if text == "\n" else "<w:tab/>"
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""


def _field(words: str, key: str) -> str:
    tag = escape(f"{ours.FIELD}{key}", {'"': "&quot;"})
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{_run(words)}</w:sdtContent></w:sdt>'
    )


def _clean(text: str) -> str:
    """Without the characters that XML has no way to write; none of them is ever printed."""
    return _ILLEGAL.sub("", _LONE_BREAK.sub("\n", text))
