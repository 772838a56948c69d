"""A table of a file stays one: stored, on the page, on paper, while it is written, compared, and out to Word and back."""

from __future__ import annotations

import io

import docx
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from lxml import html

from policies import services
from policies.models import Clause
from policies.presenters.questions import not_quite
from policies.reading import read_policy
from policies.reading.document import to_json
from policies.selectors import clause_choices
from policies.selectors.exporting import word_file
from policies.selectors.versions import sections_of
from policies.services import DraftDetails
from policies.services.commenting import about_clause
from policies.tests.factories import TESTS
from schools.enums import Role
from schools.tests.factories import make_member

ROWS = [
    ["Item", "Where", "Until"],
    ["Phone", "", "3.20 pm"],
    ["Watch", "Office", "Friday"],
]
STORED = ["|= Item |= Where |= Until |", "| Phone |  | 3.20 pm |", "| Watch | Office | Friday |"]


def word_with_a_table() -> bytes:
    document = docx.Document()
    document.add_heading("Phones Policy", 0)
    document.add_heading("Rules", 1)
    document.add_paragraph("What we keep:")
    table = document.add_table(0, 3)
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("Ask at the office.")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def said(page: str, path: str) -> list[str]:
    """What stands in some elements of a page."""
    return [element.text_content().strip() for element in html.fromstring(page).xpath(path)]


@pytest.fixture
def draft(school):
    source = services.import_document(school, word_with_a_table(), "a.docx", by=TESTS)
    return services.save_draft(source, 0, DraftDetails(title="Phones"), by=TESTS)


@pytest.mark.any_database
def test_rows_keep_their_cells_in_json_and_the_documented_shape():
    [document] = to_json(read_policy(word_with_a_table(), "a.docx"))["documents"]

    assert document["sections"][0]["clauses"] == [
        {"label": "", "text": "What we keep:", "depth": 0},
        {"label": "", "text": "Item | Where | Until", "depth": 0, "cells": ROWS[0], "head": True},
        {"label": "", "text": "Phone | 3.20 pm", "depth": 0, "cells": ROWS[1]},
        {"label": "", "text": "Watch | Office | Friday", "depth": 0, "cells": ROWS[2]},
        {"label": "", "text": "Ask at the office.", "depth": 0},
    ]


def test_a_table_is_stored_as_rows_and_shown_as_a_table_with_its_column_names(draft, signed_in):
    page = signed_in(make_member(draft.school, Role.DSL)).get(draft.get_absolute_url()).content.decode()

    assert list(draft.clauses.values_list("text", flat=True))[1:4] == STORED
    assert said(page, "//table/thead//th[@scope='col']") == ROWS[0]
    assert said(page, "//div[@class='clause-table']//td") == [*ROWS[1], *ROWS[2]]


def test_a_table_stands_on_paper(draft):
    page = render_to_string(
        "pdf/policy.html",
        {
            "version": draft,
            "school": draft.school,
            "sections": sections_of(draft),
            "check_url": "https://a.example",
        },
    )

    table = "//table[@class='clause-table']"
    assert said(page, f"{table}//th | {table}//td") == [cell for row in ROWS for cell in row]


def test_a_table_leaves_as_a_table_of_word_and_comes_back_the_same(draft):
    data = word_file(draft)

    table = docx.Document(io.BytesIO(data)).tables[-1]
    assert [[cell.text for cell in row.cells] for row in table.rows] == ROWS
    [document] = to_json(read_policy(data, "b.docx"))["documents"]
    [first] = to_json(read_policy(word_with_a_table(), "a.docx"))["documents"]
    assert document["sections"] == first["sections"]


def test_a_row_is_typed_with_bars_and_fields_are_filled_in_its_cells(draft, signed_in):
    client = signed_in(make_member(draft.school, Role.DSL))
    row = draft.clauses.get(text=STORED[1])

    services.reword_clause(draft, ("", "| Phone | ⟦school_name⟧ | 3.30 pm |"), by=TESTS, clause=row.stable_id)

    page = client.get(draft.get_absolute_url()).content.decode()
    writing = client.get(
        reverse("policies:version_write", args=[draft.school.slug, draft.pk])
    ).content.decode()
    assert said(page, "//div[@class='clause-table']//td")[:3] == ["Phone", draft.school.name, "3.30 pm"]
    assert said(writing, "//span[@class='writing-head-cell']") == ROWS[0]


def test_a_reworded_row_is_compared_cell_by_cell(draft, signed_in):
    client = signed_in(make_member(draft.school, Role.DSL))
    row = Clause.objects.get(text=STORED[2])
    source = services.import_document(draft.school, word_with_a_table(), "c.docx", by=TESTS)
    newer = services.save_draft(source, 0, DraftDetails(title="Phones"), by=TESTS, policy=draft.policy)
    again = newer.clauses.get(text=STORED[2])
    services.reword_clause(newer, ("", "| Watch | Safe | Friday |"), by=TESTS, clause=again.stable_id)

    address = reverse("policies:version_changes", args=[draft.school.slug, newer.pk])
    page = client.get(f"{address}?since={draft.pk}").content.decode()

    assert again.stable_id == row.stable_id
    changed = "//div[@class='writing-cells'][.//ins]"
    assert said(page, f"{changed}//ins | {changed}//del") == ["Office", "Safe"]
    assert len(said(page, f"{changed}/span")) == 3


def test_a_row_that_is_chosen_commented_on_or_quoted_is_said_in_words(draft):
    row = draft.clauses.get(text=STORED[1])

    assert (str(row.stable_id), "Phone | 3.20 pm") in clause_choices(draft)
    assert about_clause(draft.pk, row.stable_id) == "Phone | 3.20 pm"
    assert not_quite(row).endswith("says: “Phone | 3.20 pm”")
