"""One family, one policy that asks it, and its link."""

from __future__ import annotations

from typing import Any

import pytest

from policies import services
from policies.models import PolicyVersion
from policies.tests.factories import TESTS, make_ratified
from policies.tests.homes.making import MONITORED, asked, child
from schools.models import LearnerContact


@pytest.fixture
def family(school: Any) -> list[LearnerContact]:
    """One parent of three children, who writes the address in two ways."""
    return [
        child(school, "Ann", "Heron"),
        child(school, "Ben", "Wren"),
        child(school, "Cat", "Wren", email="Kit.Ashdown@home.example"),
    ]


@pytest.fixture
def version(school: Any, family: Any) -> PolicyVersion:
    """In force, with what is told first."""
    ratified = make_ratified(school, "Acceptable use", audience=["parent"])
    services.set_audience(
        ratified.policy, by=TESTS, audience=["parent"], agreement="parent", monitoring=MONITORED
    )
    return services.bring_into_force(ratified, by=TESTS)


@pytest.fixture
def path(version: Any) -> str:
    """Where the family's link leads."""
    return str(asked().get().path)
