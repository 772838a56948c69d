"""The house rules of papers and texts: decisions are listed, nothing of one machine is left, the set-up page tells the truth."""

from __future__ import annotations

import ast
import re
from collections import Counter

from incidents import procedures
from policyhub.tests.sources import LAYERS, ROOT, name, python_files, tree
from schools.selectors import rule_questions


def test_decisions_are_numbered_once_and_listed():
    index = (ROOT / "docs" / "adr" / "index.md").read_text()
    papers = sorted(path for path in (ROOT / "docs" / "adr").glob("*.md") if path.name != "index.md")

    numbers = Counter(path.name[:4] for path in papers)
    headings = [path.read_text().startswith(f"# {path.name[:4]} ") for path in papers]

    assert (max(numbers.values()), all(headings)) == (1, True)
    assert [path.name for path in papers if f"({path.name})" not in index] == []


LEFTOVERS = re.compile(r"/(?:work|root|tmp/[a-z]+)/|--(?:extra-)?index-url|--find-links|\b(?:TODO|FIXME)\b")
TEXTS = {
    ".py",
    ".html",
    ".txt",
    ".in",
    ".md",
    ".toml",
    ".ini",
    ".cfg",
    ".yaml",
    ".yml",
    ".css",
    ".js",
    ".csv",
    ".json",
    ".sh",
}


def test_nothing_of_one_machine_is_left_in_the_project():
    shown = [
        *ROOT.glob("*"),
        *(
            path
            for part in (*LAYERS, "templates", "scripts", "docs", "bin")
            for path in (ROOT / part).rglob("*")
        ),
    ]
    texts = [
        path
        for path in shown
        if path.suffix in TEXTS and path.is_file() and path.name != "test_guards_of_texts.py"
    ]

    left = [(name(path), m.group()) for path in texts for m in LEFTOVERS.finditer(path.read_text())]

    assert left == []
    assert LEFTOVERS.search("see /tmp/abc/x")
    assert not LEFTOVERS.search("https://example.org/temporary")


# --- Rules of a school ------------------------------------------------------------------------------------------------

NAMED_LIKE_A_RULE = {"ratifying_body": "The column of a version; the rule of that name is only recorded."}
READS_NO_RULE = ("policies/check/", "policyhub/demo/")
"""The policy check compares what is recorded, and the demonstration answers the questions; neither acts on them."""


def test_the_setup_page_says_truly_on_which_rules_the_hub_acts():
    files = [path for path in python_files() if not name(path).startswith(READS_NO_RULE)]
    texts = {
        node.value
        for path in files
        for node in tree(path.read_text())
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } - set(NAMED_LIKE_A_RULE)
    kinds = procedures.kinds().values()
    texts |= {step.clock_rule for kind in kinds for step in procedures.procedure(kind.procedure).steps}

    questions = rule_questions().values()

    assert [one.key for one in questions if one.acts != (one.key in texts)] == []
    assert {one.acts for one in questions} == {True, False}
