"""The processes of these proofs share nothing with the one that starts them, whatever ran in it before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from policyhub.tests.durability import ground

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened_before_a_browser() -> Iterator[int]:
    """Who serves a connection that was open when a browser started, whose driver leaves an event loop running."""
    running, loop = asyncio._get_running_loop(), asyncio.new_event_loop()
    asyncio._set_running_loop(None)
    number = served_by()
    asyncio._set_running_loop(loop)
    yield number
    asyncio._set_running_loop(None)
    connections.close_all()
    asyncio._set_running_loop(running)
    loop.close()


def served_by() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def note_who_serves(file: Path) -> None:
    ground.acknowledge(file, served_by())


def test_each_process_has_a_connection_of_its_own(opened_before_a_browser: int, tmp_path: Path) -> None:
    codes = ground.together(note_who_serves, [(tmp_path / "served-by",)] * 3)

    asyncio._set_running_loop(None)
    own = {*map(int, ground.acknowledged(tmp_path / "served-by")), opened_before_a_browser}
    assert (codes, len(own)) == ([0] * 3, 4)
    assert served_by() == opened_before_a_browser
