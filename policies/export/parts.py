"""The parts of a Word file around its text: types, relations, styles, foot."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from policies.reading import ours

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STEP = 425
_LABELS = 850
"""Twips: how much further in each depth stands, and the room for labels."""

CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_WORD}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
DOCUMENT_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/footer" Target="footer1.xml"/>'
    "</Relationships>"
)


def core(title: str) -> str:
    """The title as the file's own property."""
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" {spaces}>'
        f"<dc:title>{escape(title)}</dc:title><dc:language>en-GB</dc:language></cp:coreProperties>"
    )


def document(body: str) -> str:
    """The text on A4."""
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
        "</w:sectPr>"
    )
    return f"{_HEAD}<w:document {_W} {_R}><w:body>{body}{page}</w:body></w:document>"


def footer(words: str) -> str:
    """What stands at the foot of every page, with its number."""
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    text = f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r><w:r><w:tab/></w:r>'
    tabs = '<w:pPr><w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs></w:pPr>'
    return f"{_HEAD}<w:ftr {_W}><w:p>{tabs}{text}{number}</w:p></w:ftr>"


def table(rows: str) -> str:
    """What is known of the document, in two columns."""
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/>'
        for side in ("top", "bottom", "insideH")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="3200"/><w:gridCol w:w="6438"/></w:tblGrid>{rows}</w:tbl>'
    )


def grid(rows: Iterable[tuple[list[str], bool]]) -> str:
    """A table of the text: each row its cells and whether it names the columns. A paragraph keeps it off the next table."""
    held = list(rows)
    width = max(len(cells) for cells, _ in held)
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    inside = "".join(
        f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if head else ''}"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{9638 // width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
            for cell in cells
        )
        + "</w:tr>"
        for cells, head in held
    )
    columns = f'<w:gridCol w:w="{9638 // width}"/>' * width
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{inside}</w:tbl><w:p/>"
    )


def row(name: str, value: str) -> str:
    """One line of that table."""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inside}</w:tc>'
        for width, inside in ((3200, name), (6438, value))
    )
    return f"<w:tr>{cells}</w:tr>"


def styles(levels: Iterable[int], depths: Iterable[int]) -> str:
    """The styles that say what a paragraph is, for the levels and depths that are used."""
    made = [
        _style(
            ours.TITLE,
            "PolicyHub Title",
            '<w:spacing w:after="60"/>',
            '<w:b/><w:sz w:val="40"/>',
            based="Title",
        ),
        _style(ours.SETTING, "PolicyHub Setting", '<w:spacing w:after="240"/>', '<w:sz w:val="26"/>'),
        _style(ours.DETAIL, "PolicyHub Detail", '<w:spacing w:before="40" w:after="40"/>', "<w:b/>"),
        _style(ours.VALUE, "PolicyHub Value", '<w:spacing w:before="40" w:after="40"/>', ""),
        *(_heading(level) for level in sorted(levels)),
        *(_clause(depth) for depth in sorted(depths)),
        *(
            _words(key, f"PolicyHub {key.removeprefix('PolicyHub')}")
            for key in (ours.LABEL, ours.STATUS, ours.EDITION)
        ),
    ]
    basic = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="22"/>'
        '<w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/></w:style>'
    )
    return f"{_HEAD}<w:styles {_W}>{basic}{''.join(made)}</w:styles>"


def _heading(level: int) -> str:
    size = max(24, 34 - 4 * level)
    outline = f'<w:outlineLvl w:val="{min(level, 9) - 1}"/>' if level else ""
    paragraph = f'<w:keepNext/><w:spacing w:before="280" w:after="100"/>{outline}'
    return _style(
        f"{ours.HEADING}{level}", f"PolicyHub Heading {level}", paragraph, f'<w:b/><w:sz w:val="{size}"/>'
    )


def _clause(depth: int) -> str:
    left = _LABELS + _STEP * min(depth, 12)
    paragraph = f'<w:spacing w:after="100"/><w:ind w:left="{left}" w:hanging="{_LABELS}"/>'
    return _style(f"{ours.CLAUSE}{depth}", f"PolicyHub Clause {depth}", paragraph, "")


def _style(key: str, name: str, paragraph: str, run: str, *, based: str = "Normal") -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


def _words(key: str, name: str) -> str:
    return (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
    )
