"""Sections and clauses as lines to correct: written and read back without loss, and told where a line is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.reading.notation import NotationError, from_lines, to_lines
from policies.reading.rows import plain

pytestmark = pytest.mark.any_database
WORDS = [
    "Phones are off.",
    "# not a heading",
    "> 5 minutes",
    "a | b | c",
    "| bar",
    "1.1 text",
    "[sic]",
    "Line\u2014dash",
]
labels = st.sampled_from(["", "1.", "2.1", "(a)", "Appendix A"])
clauses = st.fixed_dictionaries({"label": labels, "text": st.sampled_from(WORDS), "depth": st.integers(0, 4)})
rows = st.builds(
    lambda cells, head: {
        "label": "",
        "text": plain(cells),
        "depth": 0,
        "cells": cells,
        **({"head": True} if head else {}),
    },
    st.lists(st.sampled_from(["", "Phone", "3.20 pm", "= sign"]), min_size=1, max_size=3).filter(any),
    st.booleans(),
)
sections = st.fixed_dictionaries(
    {
        "label": labels,
        "heading": st.sampled_from(["", *WORDS]),
        "status": st.sampled_from(["in use", "not used", "removed"]),
        "clauses": st.lists(clauses | rows, max_size=3),
        "level": st.integers(1, 4),
    }
)


@given(st.lists(sections, max_size=4))
def test_what_is_written_as_lines_is_read_back_the_same(read):
    for section in read[:1]:
        section["label"] = "1."

    assert from_lines(to_lines(read)) == read


def test_lines_are_read_as_people_type_them():
    assert from_lines("Before it all\n# 1. | Rules\n1.1 | Off.\r\n>(a)|Watches\n\n## Staff [not used]\n") == [
        {
            "label": "",
            "heading": "",
            "status": "in use",
            "clauses": [{"label": "", "text": "Before it all", "depth": 0}],
            "level": 1,
        },
        {
            "label": "1.",
            "heading": "Rules",
            "status": "in use",
            "clauses": [
                {"label": "1.1", "text": "Off.", "depth": 0},
                {"label": "(a)", "text": "Watches", "depth": 1},
            ],
            "level": 1,
        },
        {"label": "", "heading": "Staff", "status": "not used", "clauses": [], "level": 2},
    ]


@pytest.mark.parametrize(
    "line", ["#" * 10 + " Deep", f"# | {'x' * 501}", f"{'long label ' * 9}| Words", ">" * 13 + "| Far in"]
)
def test_a_line_that_cannot_be_kept_is_named(line):
    with pytest.raises(NotationError, match=r"^Line 2: "):
        from_lines(f"# 1. | Rules\n{line}")


def test_a_heading_of_very_many_blanks_is_read_at_once():
    """A pattern that tried each blank anew would take minutes."""
    [section] = from_lines("# Phones" + " " * 400_000 + "off [not used]")

    assert (section["heading"], section["status"]) == ("Phones off", "not used")
