"""What the documentation says exists, and what is made from the code is up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from enum import Enum

import pytest
from django.core.management import get_commands, load_command_class

from policyhub.testing.requirements import read_checklist
from policyhub.tests.sources import ROOT, script

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
COMMAND = re.compile(r"`?(?:^|(?<=`))((?:make|manage\.py|granian|celery) [^`\n]+)`?", re.MULTILINE)


class Light(Enum):
    """States for the diagram below."""

    RED = "red"
    GREEN = "green"


def run(*line: str) -> str:
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def find_commands(text: str) -> set[str]:
    return {line.strip() for line in COMMAND.findall(text)}


# --- Made pages -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_made_pages_are_up_to_date():
    assert run(sys.executable, "scripts/docs.py", "--check") == "The made pages are up to date.\n"


def test_a_page_that_differs_is_named():
    docs = script("docs")

    assert docs.find_stale({"docs/adr/index.md": "another text"})[0] == "docs/adr/index.md"
    assert "docs/adr/index.md" not in docs.find_stale({"docs/adr/index.md": docs.decisions_page()})


def test_a_transition_table_becomes_a_diagram():
    docs = script("docs")
    table = {Light.RED: frozenset({Light.GREEN}), Light.GREEN: frozenset()}

    lines = [line.strip() for line in docs.diagram(table).splitlines()]

    assert (docs.is_transition_table(table), docs.is_transition_table({"red": "green"})) == (True, False)
    assert lines[4:-1] == ["red : red", "green : green", "[*] --> red", "red --> green", "green --> [*]"]


# --- Commands in the text ---------------------------------------------------------------------------------------------


def make_targets() -> set[str]:
    listed = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return set(listed[1].split()) if listed else set()


def test_help_lists_every_target_with_a_line():
    lines = [line.split(maxsplit=2) for line in run("make", "--no-print-directory", "help").splitlines()]

    assert {name for _, name, _ in lines} == make_targets()


@pytest.mark.parametrize("command", sorted(find_commands((ROOT / "README.md").read_text())))
def test_every_command_of_the_readme_exists(command):
    program, *words = command.split()
    if program == "make":
        targets = [word for word in words if "=" not in word]
        assert (set(targets) <= make_targets(), bool(targets)) == (True, True)
        run("make", "--dry-run", *words)
    else:
        page = help_page(program, words)
        assert [word for word in words if word.startswith("--") and word not in page] == []


def help_page(program: str, words: list[str]) -> str:
    """What `--help` says; of our own commands without a process for each."""
    if program == "manage.py":
        command = load_command_class(get_commands()[words[0]], words[0])
        return command.create_parser(program, words[0]).format_help()
    return run(sys.executable, "-m", program, *(words if program == "celery" else ()), "--help")


def test_a_command_in_the_text_is_found():
    text = "```sh\nmake demo\n```\nsee `manage.py up` and `make test`, which make sense"

    assert find_commands(text) == {"make demo", "manage.py up", "make test"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_a_requirement_without_pin_or_reason_is_named():
    lock = script("lock")

    assert lock.find_differences("django~=5.2.0  # the framework\n", "django==5.2.19\n") == []
    assert lock.find_differences("django~=5.2.0\nredis\n", "django==6.0\nkombu>5\n") == [
        "django is pinned at 6.0, and ~=5.2.0 is asked for.",
        "django has no reason beside it.",
        "redis is asked for and not pinned.",
        "redis has no reason beside it.",
        "kombu>5 is not pinned.",
    ]


def test_a_row_is_carried_when_a_test_passed_and_none_failed():
    requirements = script("requirements")
    rows = [{"id": f"R{number}", "issue": "policies", "requirement": "x"} for number in range(4)]

    lines = list(requirements.report(rows, {"R0": {"passed"}, "R1": {"passed", "failed"}, "R2": {"skipped"}}))

    assert lines[1].split() == ["policies", "4", "1", "3"]
    assert [line.split()[:2] for line in lines[4:]] == [["R1", "failing"], ["R2", "no"], ["R3", "no"]]


def test_the_checklist_has_each_row_once():
    ids = [row["id"] for row in read_checklist()]

    assert (len(ids), len(set(ids)), "source" in read_checklist()[0]) == (282, 282, False)
