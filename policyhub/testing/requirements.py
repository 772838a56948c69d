"""A pytest plugin: which rows of docs/requirements.csv the tests of a complete run carry, written to test-results/."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CHECKLIST = ROOT / "docs" / "requirements.csv"
RESULTS = ROOT / "test-results"
PROPERTY = "requirement"


def read_checklist() -> list[dict[str, str]]:
    """The rows of the checklist, as dictionaries."""
    with CHECKLIST.open(newline="") as file:
        return list(csv.DictReader(file))


class Recorder:
    """Collects, test by test, what became of the rows it is marked with."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, str]] = defaultdict(dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.failed:
            for name, row in report.user_properties:
                if name == PROPERTY:
                    self.rows[str(row)][report.nodeid] = report.outcome

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        finished = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if finished and is_complete(session.config):
            RESULTS.mkdir(exist_ok=True)
            database = session.config.getoption("--db", default=None) or "sqlite"
            (RESULTS / f"requirements-{database}.json").write_text(
                json.dumps(self.rows, indent=1, sort_keys=True)
            )


def is_complete(config: pytest.Config) -> bool:
    """Whether this run leaves nothing out: no file named, nothing selected."""
    chosen = config.option.keyword or config.option.markexpr or config.getoption("--soak", default=False)
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not chosen


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "requirement(*rows): rows of docs/requirements.csv that this test proves"
    )
    if not hasattr(config, "workerinput"):  # with several workers, the reports arrive where they are counted
        config.pluginmanager.register(Recorder(), "requirements-recorder")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = {row["id"] for row in read_checklist()}
    for item in items:
        for row in (row for mark in item.iter_markers("requirement") for row in mark.args):
            if row not in known:
                raise pytest.UsageError(
                    f"{item.nodeid} names {row}, which is not a row of docs/requirements.csv."
                )
            item.user_properties.append((PROPERTY, row))
