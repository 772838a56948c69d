"""Fixtures of the tests of tenancy."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache


@pytest.fixture
def half_a_minute() -> Iterator[None]:
    """A code holds for half a minute: each test begins with a new one, and with nothing counted or used before."""
    cache.clear()
    with time_machine.travel(time.time() // 30 * 30):
        yield
