"""Headings, depths, contents pages and several policies in one file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.reading import UnreadableFile, read_policy, to_json
from policies.reading.labels import split_label
from policies.reading.text import decode
from policies.tests.reading.builders import SAMPLE, clauses, one, pdf, shape


@pytest.mark.parametrize(
    ("printed", "label", "text"),
    [
        ("1. Aims", "1.", "Aims"),
        ("5.1.10 Staff wait.", "5.1.10", "Staff wait."),
        ("6.2.10 Staff wait.", "6.2.10", "Staff wait."),
        ("3.1The office", "3.1", "The office"),
        ("(a) coats", "(a)", "coats"),
        ("iv) gloves", "iv)", "gloves"),
        ("(12) hats", "(12)", "hats"),
        ("A1.2 Annex", "A1.2", "Annex"),
        ("Appendix B: Forms", "Appendix B", "Forms"),
        ("12.03.2025 Meeting", "", "12.03.2025 Meeting"),
        ("1.5 metres apart", "", "1.5 metres apart"),
        ("2025 was long", "", "2025 was long"),
        ("I. Introduction", "I.", "Introduction"),
        ("A coat is found", "", "A coat is found"),
        ("e.g. a coat", "", "e.g. a coat"),
    ],
)
@pytest.mark.requirement("R017")
def test_labels_are_split_as_printed(printed, label, text):
    assert split_label(printed) == (label, text)


def test_lists_inside_lists_nest_by_kind():
    read = one(
        "1. Storage\n\n1.1 Bins hold:\n\n(a) coats\n\n(b) shoes:\n\n(i) left\n\n(ii) right\n\n(c) hats\n\n1.2 Bins are green.\n"
    )

    assert [(label, depth) for label, _, depth in clauses(read)] == [
        ("1.1", 0), ("(a)", 1), ("(b)", 1), ("(i)", 2), ("(ii)", 2), ("(c)", 1), ("1.2", 0),
    ]  # fmt: skip


def test_bullets_nest_by_indent():
    read = one("1. Storage\n\n- coats\n  - wool\n    - red\n- hats\n")

    assert [(text, depth) for _, text, depth in clauses(read)] == [
        ("coats", 0),
        ("wool", 1),
        ("red", 2),
        ("hats", 0),
    ]


@pytest.mark.parametrize("mark", ["•", "\uf0b7", "o", "e", "*", "-", "\u2013", "»", "¢"])
def test_bullets_and_what_a_scanner_makes_of_them_are_marks_not_words(mark):
    assert clauses(one(f"1. Storage\n\n{mark} coats on hooks\n")) == [("", "coats on hooks", 0)]


def test_numbers_that_skip_and_repeat_are_kept_as_printed():
    read = one(
        "1. Aims\n\n1.2 Coats find owners.\n\n3. Storage\n\n3.1 Bins are green.\n\n3.1 Hooks are red.\n\n2. Review\n\n2.1 Each year.\n"
    )

    assert [label for label, _, _ in shape(read)] == ["1.", "3.", "2."]
    assert [label for label, _, _ in clauses(read)] == ["1.2", "3.1", "3.1", "2.1"]


def test_unnumbered_headings_are_headings_and_short_lists_are_not():
    read = one(
        "Lost Property Policy\n\nWhy we care\n\nCoats cost money.\n\nWhere things go\n\nThe office keeps:\n\nCoats\n\nShoes\n\nHats\n\nNothing is kept for long.\n"
    )

    assert [heading for _, heading, _ in shape(read)] == ["Why we care", "Where things go"]


def test_a_short_list_without_marks_keeps_its_heading():
    read = one(
        "Lost Property Policy\n\nWhy we care\n\nCoats cost money.\n\nRelated policies\nBehaviour Policy\nData Policy\nUniform Policy\n"
    )

    assert [heading for _, heading, _ in shape(read)] == ["Why we care", "Related policies"]
    assert read.linked_policies == ("Behaviour Policy", "Data Policy", "Uniform Policy")


def test_bare_numbers_are_labels_where_they_run_over_the_headings():
    read = one("1 Aims\n1.1 Coats find owners.\n2 Storage\n2.1 Bins are green.\n3 Review\n3.1 REMOVED\n")

    assert [(section.label, section.heading, section.status) for section in read.sections] == [
        ("1", "Aims", "in use"),
        ("2", "Storage", "in use"),
        ("3", "Review", "in use"),
        ("3.1", "", "removed"),
    ]


def test_an_appendix_takes_its_heading_from_the_next_line():
    read = one(
        "1. Aims\n\nCoats find owners.\n\nAppendix A\n\nCoat form\n\nName, class and colour go here.\n"
    )

    assert [(label, heading) for label, heading, _ in shape(read)] == [
        ("1.", "Aims"),
        ("Appendix A", "Coat form"),
    ]


def test_duties_under_a_label_are_headings_where_their_siblings_are():
    read = one(
        "1. Duties\n\n1.1 The office will:\n\n- keep coats\n\n1.2 Teachers will:\n\n- look for names\n"
    )

    assert shape(read) == [
        ("1.", "Duties", []),
        ("1.1", "The office will:", [("", "keep coats", 0)]),
        ("1.2", "Teachers will:", [("", "look for names", 0)]),
    ]


def test_a_contents_page_is_not_text_and_still_tells_what_was_removed():
    read = one(
        "Lost Property Policy\n\nContents\n1. Aims ........ 2\n2. Auctions (removed) .... 3\n3. Storage ..... 3\n\n1. Aims\n\nCoats find owners.\n\n3. Storage\n\nBins are green.\n"
    )

    assert [(section.label, section.heading, section.status) for section in read.sections] == [
        ("1.", "Aims", "in use"),
        ("2.", "Auctions", "removed"),
        ("3.", "Storage", "in use"),
    ]


@pytest.mark.parametrize(
    ("heading", "status"),
    [
        ("Auctions (not used)", "not used"),
        ("Auctions (not currently in use)", "not used"),
        ("Auctions [NOT IN USE]", "not used"),
        ("Auctions(removed)", "removed"),
        ("Auctions - removed", "removed"),
        ("Auctions", "in use"),
    ],
)
@pytest.mark.requirement("R016")
def test_marked_sections_keep_their_place_and_status(heading, status):
    read = one(f"1. Aims\n\nCoats find owners.\n\n2. {heading}\n\n3. Storage\n\nBins are green.\n")

    assert [(section.heading, section.status) for section in read.sections][1] == ("Auctions", status)


TWO = """Fernhill Children's Centre Lost Property Policy

Key Details

Designated Safeguarding Lead: Nia Prys
Date ratified by Trustees: 12th October, 2025

1. Aims

Coats find owners.

2. Storage

Bins are green.

Fernhill Children's Centre

Visitors Policy

Key Details

Designated Safeguarding Lead: Omar Dale
Date ratified by the Governing Body: October, 2025

1. Aims

Visitors are met.
"""


@pytest.mark.requirement("R001")
def test_one_file_may_hold_two_policies():
    read = read_policy(TWO.encode(), "both.txt").documents

    assert [(document.title, document.setting) for document in read] == [
        ("Lost Property Policy", "Fernhill Children's Centre"),
        ("Visitors Policy", "Fernhill Children's Centre"),
    ]
    assert [document.key_details.ratified for document in read] == ["2025-10-12", "2025-10"]
    assert [document.key_details.ratifying_body for document in read] == ["Trustees", "Governing Body"]
    assert [len(document.sections) for document in read] == [2, 1]


def test_a_policy_without_headings_keeps_its_text():
    text = "Anything found in the playground is taken to the office before the end of the day, without exception."

    assert shape(one(f"{text}\n\n{text}")) == [("", "", [("", text, 0), ("", text, 0)])]


def test_hard_wrapped_text_is_joined():
    wrapped = "1. Aims\n\nAnything that is found in the playground or the hall is taken to\nthe office before the end of the day, where it is kept in the green\nbin until somebody asks for it or until the end of the term comes\nround again.\n"

    assert [text.endswith("comes round again.") for _, text, _ in clauses(one(wrapped))] == [True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_text_are_told_apart(encoding):
    assert decode("Zoë\u2019s coat".encode(encoding)) == "Zoë\u2019s coat"


def test_a_pdf_loses_running_heads_page_numbers_and_broken_lines():
    sentence = "Whatever the caretaker finds in the ofﬁce, the hall or the play-ground is put into the green bin and "
    body = "<h1>1. Storage</h1>" + "".join(f"<p>{sentence * 3}kept.</p>" for _ in range(12))
    style = '@page { @top-left { content: "Fernhill" } @bottom-right { content: counter(page) } }'
    read = clauses(one(pdf(body, style, size="A6"), "x.pdf"))

    assert {text for _, text, _ in read} == {sentence.replace("\ufb01", "fi") * 3 + "kept."}
    assert len(read) == 12


def test_a_pdf_table_of_key_details_is_read():
    rows = "<tr><td>Approved by:<td>Board of Trustees<td>Date:<td>4 June 2025<tr><td>Next review due by:<td>June 2026"
    read = one(
        pdf(
            f"<h1>Lost Property Policy</h1><table style='width:100%'>{rows}</table><h2>1. Aims</h2><p>Coats."
        ),
        "x.pdf",
    )

    assert (read.title, read.key_details.ratified, read.key_details.next_review) == (
        "Lost Property Policy",
        "2025-06-04",
        "2026-06",
    )


@pytest.mark.slow
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_and_the_json_is_plain(text):
    try:
        answer = to_json(read_policy(text.encode("utf-8", "surrogatepass"), "policy.txt"))
    except UnreadableFile:
        return
    assert set(answer) == {"documents"}


WORDS = st.lists(
    st.sampled_from(["coats", "hats", "shoes", "bags", "gloves", "scarves", "office", "hall", "bin"]),
    min_size=4,
    max_size=9,
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_every_clause_comes_back_in_order_with_its_label(sections):
    sections = [[" ".join(words).capitalize() + " stay." for words in section] for section in sections]
    printed = "".join(
        f"{number}. Heading number\n\n"
        + "".join(f"{number}.{place} {text}\n\n" for place, text in enumerate(section, 1))
        for number, section in enumerate(sections, 1)
    )

    assert clauses(one(printed)) == [
        (f"{number}.{place}", text, 0)
        for number, section in enumerate(sections, 1)
        for place, text in enumerate(section, 1)
    ]


@given(st.integers(0, len(SAMPLE.encode())))
def test_a_cut_off_file_never_breaks_the_reader(length):
    read_policy(SAMPLE.encode()[:length] + b" End", "policy.txt")
