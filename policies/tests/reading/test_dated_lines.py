"""Dates of a version that stand in short lines and sentences, without a label of their own."""

import pytest

from policies.tests.reading.builders import one


@pytest.mark.parametrize(
    ("line", "field", "read"),
    [
        ("Agreed by the governing body on 15 September 2026", "ratified", "2026-09-15"),
        (
            "It was adopted at a meeting of The Meadows Pre-school held on 4 February 2026.",
            "ratified",
            "2026-02-04",
        ),
        ("Ratified on 3 February 2026 by the trustees", "ratified", "2026-02-03"),
        ("Review due 27 January 2027", "next_review", "2027-01-27"),
        ("For review in February 2027", "next_review", "2027-02"),
        ("Review: September 2027", "next_review", "2027-09"),
        ("Version of 3 September 2026", "written", "2026-09-03"),
        ("Written by the staff in January 2026", "written", "2026-01"),
        ("Date of writing: 7 July 2026", "written", "2026-07-07"),
    ],
)
@pytest.mark.requirement("R002", "R003")
def test_short_lines_at_the_head_give_dates(line, field, read):
    document = one(f"Coats Policy\nLarkmoor School\n\n{line}\n\n1. Coats\n\n1.1 Coats hang on pegs.\n")

    assert getattr(document.key_details, field) == read
