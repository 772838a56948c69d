"""The figures of the check over the texts of `corpus`, as decided: each clean, and with one fault planted of each code."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.tests.check.measure import Count, measure, table, texts

CODES = {
    "superseded-guidance", "guidance-without-edition", "template-text", "missing-text", "numbering", "missing-key-detail", "review-overdue",
    "role-mismatch", "vocabulary-mismatch", "dead-link", "outdated-body", "missing-companion", "rule-mismatch",
}  # fmt: skip


@pytest.fixture(scope="module")
def counts() -> dict[str, Count]:
    return measure()


def test_there_are_twenty_five_texts_with_a_fault_of_each_code():
    found = texts()

    assert len(found) == 25
    assert all(set(text.faults) == CODES for text in found)
    assert all(text.clean.count(edit[0]) == 1 for text in found for edit in text.faults.values())


@pytest.mark.requirement("R010", "R019", "R026")
@pytest.mark.parametrize("code", sorted(CODES))
def test_planted_faults_are_found_and_nothing_else(counts, code):
    count = counts[code]

    assert (count.precision >= 0.95, count.recall >= 0.95) == (True, True), "\n".join(count.remarks)


def test_the_page_about_the_check_gives_these_figures(counts):
    page = Path(__file__).parents[3] / "docs" / "check.md"

    assert "\n".join(table(counts)) in page.read_text()


def test_all_together_hardly_anything_is_missed_or_invented(counts, capsys):
    print("\n".join(table(counts)))  # noqa: T201 - the figures are what the test is for

    total = Count(
        *(sum(getattr(one, name) for one in counts.values()) for name in ("found", "missed", "false"))
    )
    assert total.precision >= 0.99
    assert total.recall >= 0.98
    assert not {code: count.false for code, count in counts.items() if code not in CODES}
