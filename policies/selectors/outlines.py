"""Outlines of policies as shipped: starting points, each with where it comes from and its day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from policies.fields import from_typed

FOLDER = Path(__file__).parents[1] / "data" / "outlines"


@dataclass(frozen=True)
class Outline:
    """A short text to begin with; `sections` as the reader gives them, with fields as they are stored."""

    title: str
    kind: str
    source: str
    sections: tuple[dict[str, Any], ...]


@cache
def outlines() -> Mapping[str, Outline]:
    """Every outline, by the name of its file."""
    found = {path.stem: tomllib.loads(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))}
    return {key: _outline(row) for key, row in found.items()}


def _outline(row: dict[str, Any]) -> Outline:
    sections = tuple(
        {
            **section,
            "status": "in use",
            "clauses": [{"depth": 0, **one, "text": from_typed(one["text"])} for one in section["clauses"]],
        }
        for section in row["sections"]
    )
    return Outline(row["title"], row["kind"], f"{row['source']}, {row['date']}", sections)
