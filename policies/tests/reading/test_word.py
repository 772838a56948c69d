"""What Word hides: automatic numbers, tracked changes, text boxes, tables and contents fields."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from policies.reading.docx import read_docx
from policies.reading.package import open_word
from policies.reading.wordnumbers import formatted
from policies.tests.reading.builders import (
    clauses,
    define,
    instance,
    level,
    number,
    one,
    saved,
    shape,
    tracked,
    word,
)

TITLE = "Lost Property Policy"


def labels(document: "docx.document.Document") -> list[tuple[str, str]]:
    return [(line.label, line.text) for line in read_docx(open_word(saved(document))) if not line.running]


def numbered(levels: list[str], places: list[int], overrides: str = "") -> list[str]:
    """The labels that paragraphs at these levels get."""
    document = docx.Document()
    define(document, 90, levels, overrides)
    for place in places:
        number(document.add_paragraph("Text"), 90, place)
    return [label for label, _ in labels(document)]


OUTLINE = [
    level("decimal", "%1."),
    level("decimal", "%1.%2"),
    level("lowerLetter", "(%3)"),
    level("lowerRoman", "(%4)"),
]


@pytest.mark.requirement("R017")
def test_numbers_count_restart_and_nest():
    places = [0, 1, 1, 2, 2, 3, 3, 2, 1, 0, 1, 2]

    assert numbered(OUTLINE, places) == [
        "1.",
        "1.1",
        "1.2",
        "(a)",
        "(b)",
        "(i)",
        "(ii)",
        "(c)",
        "1.3",
        "2.",
        "2.1",
        "(a)",
    ]


def test_a_level_that_never_restarts_goes_on():
    levels = [level("decimal", "%1."), level("decimal", "%2)", more='<w:lvlRestart w:val="0"/>')]

    assert numbered(levels, [0, 1, 1, 0, 1]) == ["1.", "1)", "2)", "2.", "3)"]


def test_a_start_override_begins_elsewhere_once():
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'

    assert numbered(OUTLINE, [0, 0, 1], override) == ["7.", "8.", "8.1"]


def test_two_lists_of_one_definition_share_their_count():
    document = docx.Document()
    define(document, 91, OUTLINE)
    instance(document, 92, 91)
    for list_id in (91, 92, 91):
        number(document.add_paragraph("Text"), list_id)

    assert [label for label, _ in labels(document)] == ["1.", "2.", "3."]


def test_legal_numbering_prints_figures_for_roman_parents():
    levels = [level("upperRoman", "%1."), level("decimal", "%1.%2", more="<w:isLgl/>")]

    assert numbered(levels, [0, 0, 1]) == ["I.", "II.", "2.1"]


@pytest.mark.parametrize(
    ("count", "form", "printed"),
    [
        (3, "decimal", "3"), (28, "lowerLetter", "bb"), (4, "upperRoman", "IV"), (7, "decimalZero", "07"),
        (22, "ordinal", "22nd"), (12, "ordinal", "12th"), (1, "none", ""), (0, "lowerRoman", "0"),
    ],
)  # fmt: skip
def test_number_formats(count, form, printed):
    assert formatted(count, form) == printed


def test_numbering_of_a_style_counts_without_numbering_on_the_paragraph():
    document = docx.Document()
    define(document, 93, [level("decimal", "%1", more='<w:pStyle w:val="Heading1"/>')])
    properties = document.styles["Heading 1"].element.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="93"/></w:numPr>'))
    document.add_paragraph(TITLE, style="Title")
    for heading in ("Aims", "Storage"):
        document.add_paragraph(heading, style="Heading 1")
        document.add_paragraph("Found things go to the office.")

    assert [label for label, _, _ in shape(one(saved(document)))] == ["1", "2"]


def test_numbering_switched_off_prints_nothing():
    document = docx.Document()
    number(document.add_paragraph("Plain", style="List Number"), 0)

    assert labels(document) == [("", "Plain")]


def test_inserted_text_is_read_and_deleted_text_is_not():
    document = docx.Document()
    paragraph = document.add_paragraph("Coats are kept for ")
    tracked(paragraph, "del", "ten")
    tracked(paragraph, "ins", "twelve")
    paragraph.add_run(" weeks.")

    assert labels(document) == [("", "Coats are kept for twelve weeks.")]


def test_hidden_text_headers_and_footers_are_no_part_of_the_text():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Draft for printing"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    paragraph = document.add_paragraph("Seen")
    paragraph.add_run(" unseen").font.hidden = True

    assert labels(document) == [("", "Seen")]


def test_links_tabs_breaks_and_special_hyphens_keep_their_words():
    document = docx.Document()
    paragraph = document.add_paragraph("See ")
    link = f"<w:hyperlink {nsdecls('w')}><w:r><w:t>the office</w:t></w:r></w:hyperlink>"
    paragraph._p.append(parse_xml(link))
    run = f"<w:r {nsdecls('w')}><w:tab/><w:t>co</w:t><w:noBreakHyphen/><w:t>op, sand</w:t><w:softHyphen/><w:t>wich</w:t></w:r>"
    paragraph._p.append(parse_xml(run))

    assert labels(document) == [("", "See the office co-op, sandwich")]


def test_a_text_box_is_read_once():
    document = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>Designated Safeguarding Lead: Nia Prys</w:t></w:r></w:p></w:txbxContent>"
    namespaces = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:AlternateContent {namespaces}><mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    document.add_paragraph(TITLE)._p.append(parse_xml(f"<w:r {nsdecls('w')}>{both}</w:r>"))

    assert labels(document) == [("", TITLE), ("", "Designated Safeguarding Lead: Nia Prys")]


@pytest.mark.requirement("R002")
def test_key_details_in_a_table_are_read():
    document = docx.Document()
    document.add_paragraph(TITLE, style="Title")
    rows = [
        ("Approved by:", "Board of Trustees", "Date:", "4 June 2025"),
        ("Next review due by:", "June 2026", "", ""),
        ("Designated Safeguarding Lead (DSL)", "Nia Prys\nOmar Dale (Deputy Head)", "", ""),
    ]
    table = document.add_table(rows=0, cols=4)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("1. Aims", style="Heading 1")
    document.add_paragraph("Things find their owners.")
    read = one(saved(document)).key_details

    assert (read.ratifying_body, read.ratified, read.next_review) == (
        "Board of Trustees",
        "2025-06-04",
        "2026-06",
    )
    assert read.dsl == ("Nia Prys", "Omar Dale")


def test_other_tables_become_clauses_row_by_row():
    document = docx.Document()
    document.add_paragraph("1. Storage", style="Heading 1")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ("Thing", "Kept for", "Coat", "A term"), strict=True
    ):
        cell.text = text

    assert clauses(one(saved(document))) == [("", "Thing | Kept for", 0), ("", "Coat | A term", 0)]


def test_a_contents_field_is_not_text():
    document = docx.Document()
    document.add_paragraph(TITLE, style="Title")
    begin = '<w:r {0}><w:fldChar w:fldCharType="begin"/></w:r>'
    instruction = '<w:r {0}><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
    end = '<w:r {0}><w:fldChar w:fldCharType="end"/></w:r>'
    first = document.add_paragraph("1. Aims 2")
    for piece in (begin, instruction):
        first._p.insert(0, parse_xml(piece.format(nsdecls("w")))) if piece is begin else first._p.insert(
            1, parse_xml(piece.format(nsdecls("w")))
        )
    last = document.add_paragraph("2. Storage (removed) 3")
    last._p.append(parse_xml(end.format(nsdecls("w"))))
    document.add_paragraph("1. Aims", style="Heading 1")
    document.add_paragraph("Things find their owners.")

    assert shape(one(saved(document))) == [
        ("1.", "Aims", [("", "Things find their owners.", 0)]),
        ("2.", "Storage", []),
    ]


def test_a_heading_style_on_a_whole_sentence_is_a_clause():
    read = one(
        word(
            (TITLE, "Title"),
            ("1. Aims", "Heading 1"),
            (
                "1.1 Whatever is found in the playground is taken to the office before the end of the day.",
                "Heading 2",
            ),
        )
    )

    assert [label for label, _, _ in clauses(read)] == ["1.1"]
