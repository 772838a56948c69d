"""The invented school as it is written down in data/*.toml, moved to the school year of today."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
WRITTEN_FOR = 2026
"""The school year (its first calendar year) in which the data have their newest term."""


@cache
def read(name: str) -> dict[str, Any]:
    """One file of data/."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text())


def policy_text(name: str) -> str:
    """The text of one policy, its dates still to be filled in."""
    return (FOLDER / "policies" / name).read_text()


def years_on(today: date) -> int:
    """How many school years after the one that the data were written for."""
    return today.year - (today.month < 9) - WRITTEN_FOR


def moved(day: date, years: int) -> date:
    """A day so many school years on, on the same day of the week: terms begin and end as they did."""
    return day + timedelta(days=364 * years)


def moved_years(day: date, years: int) -> date:
    """The same day of another year."""
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)
