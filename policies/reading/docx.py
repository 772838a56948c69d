"""Word to lines: body text in reading order, with automatic numbers, tables, text boxes and tracked changes."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from policies.reading import labels
from policies.reading.keylabels import is_label
from policies.reading.line import Line, clean, one_line
from policies.reading.styles import Style, is_on, numbering_styles, read_styles
from policies.reading.wordnotes import Notes
from policies.reading.wordnumbers import Mark, Numbering, W, left_indent, value, whole
from policies.reading.wordtext import contents_depth, own_text, text_boxes

_MAX_NESTING = 12
# What holds paragraphs without changing them.
_HOLDERS = {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"}


def read_docx(parts: dict[str, etree._Element]) -> list[Line]:
    """The lines of an opened Word file, those at the edges of its pages first; comments and deleted text are left out."""
    heads = [part for name, part in parts.items() if name.startswith("header ")]
    running = [
        Line(clean(piece), running=True)
        for part in heads
        for paragraph in part.iter(f"{W}p")
        for piece in re.split(r"[\t\n]+", own_text(paragraph))
        if piece.strip()
    ]
    body = parts["document"].find(f"{W}body")
    return running + (_Walk(parts).lines(body) if body is not None else [])


class _Walk:
    """One pass through the body, counting numbers as Word would."""

    def __init__(self, parts: dict[str, etree._Element]) -> None:
        self.styles, self.default = read_styles(parts.get("styles"))
        self.numbering = Numbering(parts.get("numbering"), numbering_styles(parts.get("styles")))
        self.notes = Notes(parts)
        self.contents = 0
        self.carried = ""

    def lines(self, body: etree._Element) -> list[Line]:
        return [line for line in self._blocks(body, 0) if line.text]

    def _blocks(self, holder: etree._Element, depth: int) -> Iterator[Line]:
        if depth > _MAX_NESTING:
            return
        for child in holder:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                yield from self._table(child, depth)
            elif child.tag in _HOLDERS:
                lines = self._blocks(child, depth + 1)
                yield from (replace(line, contents=True) for line in lines) if _is_contents(child) else lines

    def _paragraph(self, element: etree._Element, depth: int) -> Iterator[Line]:
        properties = element.find(f"{W}pPr")
        style = self.styles.get(value(properties, f"{W}pStyle") or self.default, Style())
        before = self.contents
        self.contents = max(0, before + contents_depth(element, before))
        text = self.carried + own_text(element)
        if _mark_deleted(properties):
            self.carried = text
            return
        self.carried = ""
        in_contents = style.contents or before > 0 or self.contents > 0
        if text.strip():
            yield self._line(element, properties, style, text, in_contents)
        for box in text_boxes(element):
            yield from self._blocks(box, depth + 1)

    def _line(
        self,
        element: etree._Element,
        properties: etree._Element | None,
        style: Style,
        text: str,
        contents: bool,
    ) -> Line:
        mark = self._mark(properties, style)
        cells = _detail(text) if not mark else ()
        text = " | ".join(cells) or clean(text)
        bullet, rest = (True, text) if mark and mark.bullet else labels.split_bullet(text)
        outline = value(properties, f"{W}outlineLvl")
        heading = whole(outline, 9) + 1 if outline and whole(outline, 9) < 9 else style.heading
        return Line(
            text=rest,
            label=mark.label if mark else "",
            heading=heading,
            title=style.title,
            bullet=bullet,
            indent=_indent(properties, style, mark),
            cells=cells,
            contents=contents,
            notes=self.notes.cited_in(element),
            bold=_all_bold(element, style),
        )

    def _mark(self, properties: etree._Element | None, style: Style) -> Mark | None:
        numbered = properties.find(f"{W}numPr") if properties is not None else None
        list_id = value(numbered, f"{W}numId") or style.list_id
        if not list_id or list_id == "0":
            return None
        level = value(numbered, f"{W}ilvl")
        if level:
            return self.numbering.mark(list_id, whole(level))
        style_id = value(properties, f"{W}pStyle") or self.default
        tied = self.numbering.level_of_style(list_id, style_id)
        return self.numbering.mark(list_id, tied if tied is not None else style.list_level or 0)

    def _table(self, element: etree._Element, depth: int) -> Iterator[Line]:
        for row, named in _rows(element):
            cells = [list(self._blocks(cell, depth + 1)) for cell in row]
            filled = [lines for lines in cells if lines]
            if _is_layout(filled, len(row)):
                yield from (line for lines in filled for line in lines)
                continue
            texts = tuple("\n".join(map(_cell_text, lines)) for lines in cells)
            notes = tuple(note for lines in cells for line in lines for note in line.notes)
            bold = named or all(line.bold for lines in filled for line in lines)
            text = " | ".join(one_line(text) for text in texts if text)
            yield Line(text, cells=texts, notes=notes, bold=bold)


def _rows(table: etree._Element) -> Iterator[tuple[list[etree._Element], bool]]:
    """The cells of the rows still there, and whether Word repeats the row as a head; a row of tracked deletion is gone."""
    for row in table.iter(f"{W}tr"):
        if row.getparent() is not table and not _belongs(row, table):
            continue
        if row.find(f"{W}trPr/{W}del") is None:
            cells = [cell for cell in row.iter(f"{W}tc") if _belongs(cell, row)]
            yield cells, is_on(row.find(f"{W}trPr/{W}tblHeader"))


def _belongs(element: etree._Element, holder: etree._Element) -> bool:
    """Whether nothing but content controls stands between the element and its holder."""
    parent = element.getparent()
    while parent is not None and parent is not holder and parent.tag in _HOLDERS:
        parent = parent.getparent()
    return parent is holder


def _is_layout(filled: list[list[Line]], width: int) -> bool:
    """A table row that only places text: one column, or headings and numbered paragraphs inside a cell."""
    if width == 1 or (len(filled) == 1 and len(filled[0]) > 3):
        return True
    return any(line.heading and len(lines) > 1 for lines in filled for line in lines)


def _cell_text(line: Line) -> str:
    return f"{line.label} {line.text}".strip()


def _indent(properties: etree._Element | None, style: Style, mark: Mark | None) -> float:
    direct = left_indent(properties)
    if direct is not None:
        return direct
    own_list = properties is not None and properties.find(f"{W}numPr") is not None
    if mark and (own_list or style.indent is None):
        return mark.indent
    return style.indent or 0.0


def _detail(text: str) -> tuple[str, ...]:
    """ "Approved by", a tab and who: a row of a table without lines."""
    cells = tuple(clean(part) for part in re.split(r"\t+", text.strip()))
    return cells if len(cells) == 2 and all(cells) and is_label(cells[0].rstrip(":")) else ()


def _mark_deleted(properties: etree._Element | None) -> bool:
    """A tracked deletion of the paragraph's end joins it to the next."""
    return properties is not None and properties.find(f"{W}rPr/{W}del") is not None


def _is_contents(control: etree._Element) -> bool:
    gallery = value(control, f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery.casefold() == "table of contents"


def _all_bold(element: etree._Element, style: Style) -> bool:
    runs = [
        run for run in element.iter(f"{W}r") if any((text.text or "").strip() for text in run.iter(f"{W}t"))
    ]
    if not runs:
        return False
    switches = [run.find(f"{W}rPr/{W}b") for run in runs]
    return all(is_on(switch) if switch is not None else style.bold for switch in switches)
