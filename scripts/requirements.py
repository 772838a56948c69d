"""Runs the tests on both databases, then prints which rows of docs/requirements.csv they carry (--last: of the last run)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from policyhub.testing.requirements import RESULTS, ROOT, read_checklist


def run_tests() -> bool:
    """True when every test passed on both databases."""
    for old in RESULTS.glob("requirements-*.json"):
        old.unlink()
    return subprocess.run(["make", "test"], cwd=ROOT, check=False).returncode == 0


def read_outcomes() -> dict[str, set[str]]:
    """Row → outcomes of its tests, of all complete runs together."""
    outcomes: dict[str, set[str]] = {}
    for file in RESULTS.glob("requirements-*.json"):
        for row, tests in json.loads(file.read_text()).items():
            outcomes.setdefault(row, set()).update(tests.values())
    return outcomes


def is_carried(outcomes: set[str]) -> bool:
    """A row counts when a test of it passed and none failed; a skipped test proves nothing."""
    return "passed" in outcomes and "failed" not in outcomes


def report(rows: list[dict[str, str]], outcomes: dict[str, set[str]]) -> Iterator[str]:
    """The lines to print: totals for each issue, then what is missing."""
    carried = {row["id"] for row in rows if is_carried(outcomes.get(row["id"], set()))}
    yield f"{'issue':<12}{'rows':>6}{'carried':>9}{'missing':>9}"
    for issue in [*dict.fromkeys(row["issue"] for row in rows), "total"]:
        ids = {row["id"] for row in rows if issue in (row["issue"], "total")}
        yield f"{issue:<12}{len(ids):>6}{len(ids & carried):>9}{len(ids - carried):>9}"
    yield ""
    for row in rows:
        if row["id"] not in carried:
            state = "failing" if "failed" in outcomes.get(row["id"], set()) else "no test"
            yield f"{row['id']}  {state:<8} {row['issue']:<10} {row['requirement'][:100]}"


if __name__ == "__main__":
    passed = True if "--last" in sys.argv else run_tests()
    if not list(RESULTS.glob("requirements-*.json")):
        sys.exit(
            "No complete run of the tests has been recorded yet. Run `make requirements` or `make test`."
        )
    print("\n".join(report(read_checklist(), read_outcomes())))
    sys.exit(0 if passed else 1)
