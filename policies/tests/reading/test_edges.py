"""What stands beside the text: titles in page headers, footnotes, labels of letter and number, policies named in sentences."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from policies.tests.reading.builders import clauses, one, pdf, repacked, saved, shape, word

pytestmark = pytest.mark.any_database


def noted() -> bytes:
    document = docx.Document()
    document.add_heading("Phones Policy", 0)
    document.add_heading("Rules", 1)
    paragraph = document.add_paragraph("Phones are off")
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="7"/></w:r>'))
    paragraph.add_run(" in lessons.")
    document.add_paragraph("Watches are phones.")
    document.add_heading("Review", 1)
    document.add_paragraph("Each spring.")
    mark = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>___</w:t></w:r></w:p></w:footnote>'
    note = '<w:footnote w:id="7"><w:p><w:r><w:t>Since the spring of 2024.</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {nsdecls('w')}>{mark}{note}</w:footnotes>"
    return repacked(saved(document), {"word/footnotes.xml": notes.encode()})


def test_a_footnote_is_kept_behind_the_clauses_of_its_section_and_not_merged_into_words():
    assert shape(one(noted(), "policy.docx")) == [
        (
            "",
            "Rules",
            [
                ("", "Phones are off in lessons.", 0),
                ("", "Watches are phones.", 0),
                ("1", "Since the spring of 2024.", 0),
            ],
        ),
        ("", "Review", [("", "Each spring.", 0)]),
    ]


def test_a_title_that_stands_only_in_the_page_header_is_found():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Larkmoor Primary School\tOnline Safety Policy"
    document.sections[0].footer.paragraphs[0].text = "Policies and procedures\tPage 1 of 3"
    document.add_heading("Aims", 1)
    document.add_paragraph("We keep children safe online.")

    read = one(saved(document), "policy.docx")

    assert (read.title, read.setting) == ("Online Safety Policy", "Larkmoor Primary School")


def test_a_page_header_that_names_no_policy_invents_no_title():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Policies and procedures\tVersion 4"
    document.add_heading("Aims", 1)
    document.add_paragraph("We keep children safe online.")

    assert one(saved(document), "policy.docx").title == ""


def test_the_running_head_of_a_pdf_gives_title_and_school():
    style = '@page { @top-center { content: "Attendance Policy" } @bottom-left { content: "Larkmoor Primary School" } }'
    body = "".join(
        f"<h2>{n}. Part {n}</h2>" + "<p>Every day counts at our school.</p>" * 20 for n in (1, 2, 3)
    )

    read = one(pdf(body, style), "policy.pdf")

    assert (read.title, read.setting) == ("Attendance Policy", "Larkmoor Primary School")


def test_letter_and_number_are_a_label_where_they_run_and_not_where_they_name_paper():
    read = one(
        "Phones Policy\n\nA1 Phones are off.\n\nA2 Watches too.\n\nB1 Staff ring the office.\n\nA4 Paper is free."
    )

    assert [clause[:2] for clause in clauses(read)] == [
        ("A1", "Phones are off."),
        ("A2", "Watches too."),
        ("B1", "Staff ring the office."),
        ("", "A4 Paper is free."),
    ]


@pytest.mark.requirement("R019")
def test_policies_are_found_where_sentences_name_them_but_never_the_policy_itself():
    read = one(
        "Phones Policy\n\n1. Rules\n\n1.1 The Phones Policy is read each year.\n\n"
        "1.2 A breach is dealt with under the Behaviour and Relationships Policy, or the Staff Code of Conduct.\n\n"
        "1.3 This Policy is not about the policy of the council."
    )

    assert read.linked_policies == ("Behaviour and Relationships Policy", "Staff Code of Conduct")


def test_deputies_in_rows_of_their_own_are_all_read_and_a_table_head_is_no_detail():
    read = one(
        "Phones Policy\n\n| Version | Date | Author |\n| 5.0 | May 2025 | Head |\n\n1. Contacts\n\n"
        "| Designated Safeguarding Lead | Ada Quill | 01632 960101 |\n| Deputy DSL | Bo Marsh | 01632 960102 |\n"
        "| Deputy DSL | Cy Vane | 01632 960103 |\n"
    )

    assert read.key_details.dsl == ("Ada Quill",)
    assert read.key_details.deputy_dsl == ("Bo Marsh", "Cy Vane")
    assert read.key_details.written is None


def test_key_details_set_apart_by_a_tab_are_read():
    read = one(
        word(
            "Phones Policy",
            "Approved by\tFull Governors",
            "Next review\tMay 2027",
            "1. Aims",
            "Phones are off.",
        ),
        "policy.docx",
    )

    assert (read.key_details.ratifying_body, read.key_details.next_review) == ("Full Governors", "2027-05")
