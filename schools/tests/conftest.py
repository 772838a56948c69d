"""Fixtures of the tests of tenancy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache


@pytest.fixture
def half_a_minute() -> Iterator[None]:
    """A code holds for half a minute: each test begins with a new one, and with nothing counted or used before."""
    cache.clear()
    with time_machine.travel(time.time() // 30 * 30):
        yield


@pytest.fixture
def clock() -> Iterator[Any]:
    """A clock that stands at nine o'clock of a Monday until it is moved."""
    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller
