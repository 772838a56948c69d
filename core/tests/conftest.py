"""Fixtures of the tests of the ground."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from policyhub.testing.cleaning import owner_connection


@pytest.fixture
def owner() -> Iterator[Any]:
    """The role that migrates, in a transaction that is rolled back."""
    made = owner_connection()
    made.set_autocommit(False)
    yield made
    made.rollback()
    made.close()
