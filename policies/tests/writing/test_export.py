"""A document exported to Word and read again is the same document, whatever its shape."""

from __future__ import annotations

import io
from dataclasses import fields
from datetime import date

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.export import to_docx
from policies.reading import Clause, Document, Guidance, KeyDetails, Scope, Section, read_policy
from policies.reading.rows import plain
from policies.tests.factories import TEXT

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=60) | st.sampled_from(
    ["1.1 Looks like a label", "• Looks like a bullet", "a | b", "two\nlines", "a\ttab", "  spaces  ", "{dsl}", "<b>&amp;"]
)  # fmt: skip
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
DAYS = st.none() | st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)).flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7]])
)  # fmt: skip
LABELS = st.sampled_from(["", "1.", "2.1", "(a)", "iv.", "Appendix A", "§"]) | TEXTS
CLAUSES = st.builds(Clause, LABELS, TEXTS, st.integers(0, 12)).filter(lambda one: one.label or one.text)
ROWS = st.builds(
    lambda label, cells, depth, head: Clause(label, plain(cells), depth, cells, head),
    LABELS,
    st.lists(TEXTS, min_size=1, max_size=4).map(tuple),
    st.integers(0, 3),
    st.booleans(),
).filter(lambda one: one.label or any(one.cells))
SECTIONS = st.builds(
    Section,
    LABELS,
    TEXTS,
    st.sampled_from(["in use", "not used", "removed"]),
    st.lists(CLAUSES | ROWS, max_size=4).map(tuple),
    st.integers(1, 9),
)
DOCUMENTS = st.builds(
    Document,
    TEXTS,
    TEXTS,
    st.builds(KeyDetails, LISTS, LISTS, LISTS, DAYS, DAYS, st.none() | TEXTS, DAYS),
    st.lists(SECTIONS, max_size=4).map(tuple),
    LISTS,
    st.lists(st.builds(Guidance, TEXTS, st.none() | TEXTS), max_size=3).map(tuple),
    st.builds(Scope, LISTS, LISTS, LISTS),
    st.none() | TEXTS,
    st.none() | TEXTS,
    LISTS,
)
OUTLINE = {
    Document: 10,
    KeyDetails: 7,
    Section: 5,
    Clause: 5,
    Guidance: 2,
    Scope: 3,
}
"""How many fields each record has: a new one must be exported too, and built above."""


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS)
def test_any_document_reads_back_as_it_was(document):
    again = read_policy(to_docx(document), "exported.docx").documents

    assert again == [document]
    assert {record: len(fields(record)) for record in OUTLINE} == OUTLINE


def test_the_file_opens_as_a_word_document_with_its_labels():
    document = read_policy(TEXT.encode(), "policy.txt").documents[0]

    opened = docx.Document(io.BytesIO(to_docx(document, foot="Phones, version 1")))

    words = [paragraph.text for paragraph in opened.paragraphs]
    assert words[0] == "Phones and Devices Policy"
    assert "2.2\tSmart watches stay at home." in words
    assert "3.\tSmart speakers (not used)" in words
    assert opened.tables[0].rows[0].cells[1].text == "Marit Tolland"
    assert opened.sections[0].footer.paragraphs[0].text.startswith("Phones, version 1")


def test_what_is_added_in_word_is_read_as_clauses_with_their_labels():
    document = read_policy(TEXT.encode(), "policy.txt").documents[0]
    opened = docx.Document(io.BytesIO(to_docx(document)))
    opened.add_paragraph("4.2 The head reports to governors.")
    saved = io.BytesIO()
    opened.save(saved)

    again = read_policy(saved.getvalue(), "changed.docx").documents[0]

    assert again.sections[-1].clauses[-1] == Clause("4.2", "The head reports to governors.")
    assert again.sections[:-1] == document.sections[:-1]
