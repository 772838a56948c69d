"""Counts what the check finds in the texts of `corpus`: each once clean, and once for every fault that was planted in it.

`python -m policies.tests.check.measure` prints the figures, and every finding that was missed or not asked for.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "corpus"


@dataclass
class Count:
    """Of one code: planted faults that were found and missed, and findings that nobody planted."""

    found: int = 0
    missed: int = 0
    false: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The part of the findings that is right."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0

    @property
    def recall(self) -> float:
        """The part of the planted faults that is found."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0


@dataclass
class Text:
    """One text with the faults that can be planted in it."""

    name: str
    clean: str
    day: date
    school: Any
    expected: set[str]
    faults: dict[str, list[str]]

    def findings(self, code: str = "") -> list[Any]:
        """What the check says of it, clean or with one fault planted."""
        from policies import check  # noqa: PLC0415 - so that the module can be run by itself
        from policies.reading import read_policy  # noqa: PLC0415 - likewise

        text = self.clean.replace(*self.faults[code][:2]) if code else self.clean
        return [
            finding
            for document in read_policy(text.encode(), "policy.txt").documents
            for finding in check.check(check.Case(document, self.day, check.shipped(), self.school))
        ]


def texts() -> list[Text]:
    """All of them."""
    schools = {key: _school(row) for key, row in _load("schools").items()}
    rows = [(path.stem, _load(path.stem)) for path in sorted(CORPUS.glob("t*.toml"))]
    return [
        Text(
            name=name,
            clean=row["text"],
            day=date.fromisoformat(row["on"]),
            school=schools[row["school"]],
            expected=set(row.get("expected", [])),
            faults=row["faults"],
        )
        for name, row in rows
    ]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((CORPUS / f"{name}.toml").read_text())


def _school(row: dict[str, Any]) -> Any:
    from policies.check import HeldPolicy, Post, SchoolState  # noqa: PLC0415 - likewise
    from policies.selectors.checking import answers  # noqa: PLC0415 - likewise
    from schools.enums import Role  # noqa: PLC0415 - likewise

    posts = tuple(
        Post(role, Role(role).label, name, date.fromisoformat(ended[0]) if ended else None)
        for role, name, *ended in row["posts"]
    )
    held = tuple(HeldPolicy(title, date(2027, 12, 31)) for title in row["held"])
    return SchoolState(
        row["name"], row["kind"], row["words"], answers(row["rules"], row["words"]), posts, held
    )


def measure() -> dict[str, Count]:
    """The counts of each code over all texts; a finding at the wrong clause counts as missed and as false."""
    counts: dict[str, Count] = {}
    for text in texts():
        _of_clean(text, counts)
        for code in text.faults:
            _of_fault(text, code, counts)
    return dict(sorted(counts.items()))


def _of_clean(text: Text, counts: dict[str, Count]) -> None:
    for finding in text.findings():
        if finding.code not in text.expected:
            _note_false(text.name, "clean", finding, counts)


def _of_fault(text: Text, code: str, counts: dict[str, Count]) -> None:
    where = (text.faults[code][2:] or [None])[0]
    count = counts.setdefault(code, Count())
    hit = False
    for finding in text.findings(code):
        if finding.code == code and where in (None, finding.where) and not (hit and code in text.expected):
            hit = True
        elif finding.code not in text.expected:
            _note_false(text.name, code, finding, counts)
    count.found += hit
    count.missed += not hit
    if not hit:
        count.remarks.append(f"missed   {text.name} {code}: {text.faults[code][1]!r}")


def _note_false(name: str, planted: str, finding: Any, counts: dict[str, Count]) -> None:
    count = counts.setdefault(finding.code, Count())
    count.false += 1
    count.remarks.append(f"unasked  {name} ({planted}) {finding.code} {finding.where}: {finding.message}")


def table(counts: dict[str, Count]) -> Iterator[str]:
    """The figures as a table of Markdown."""
    yield "| Code | Planted | Found | False alarms | Precision | Recall |"
    yield "| --- | --- | --- | --- | --- | --- |"
    total = Count(
        *(sum(getattr(one, name) for one in counts.values()) for name in ("found", "missed", "false"))
    )
    for code, one in [*counts.items(), ("all", total)]:
        planted = one.found + one.missed
        yield f"| {code} | {planted} | {one.found} | {one.false} | {one.precision:.3f} | {one.recall:.3f} |"


def main() -> None:
    """Prints the table, and what went wrong."""
    sys.path.insert(0, str(CORPUS.parents[3]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "policyhub.settings_test")
    import django  # noqa: PLC0415 - needs the settings named above

    django.setup()
    counts = measure()
    sys.stdout.write(
        "\n".join([*table(counts), *(remark for one in counts.values() for remark in one.remarks)]) + "\n"
    )


if __name__ == "__main__":
    main()
