"""The scope of one task never reaches another: a real worker with many threads, its queue in Redis."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery, current_app
from celery.contrib.testing.worker import start_worker
from django.db import connections, transaction

from core import scope
from core.tasks import SchoolTask
from core.tests.walls.models import Case, School

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.slow]
SCHOOLS, THREADS, PATIENCE = 20, 8, 240


@pytest.fixture
def schools() -> list[str]:
    """Twenty schools with as many cases as their number, so that a wrong answer is seen."""
    made = School.objects.bulk_create(School(name=f"School {number}") for number in range(SCHOOLS))
    with scope.acting(schools=[school.pk for school in made]), transaction.atomic():
        Case.objects.bulk_create(
            Case(school=s, title="case") for number, s in enumerate(made, 1) for _ in range(number)
        )
    return [str(school.pk) for school in made]


@pytest.fixture
def app() -> Iterator[Celery]:
    """An application for a worker of its own. A worker makes its application that of the whole process: undone here."""
    ours = current_app._get_current_object()
    made = Celery("scope", broker=os.environ["REDIS_URL"], set_as_current=False)
    made.conf.update(task_default_queue="scope", task_ignore_result=True)
    yield made
    ours.set_current()
    ours.set_default()


class Tally:
    """What tasks saw (schools of all rows without a filter, and the school they were for), and which were refused."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, list[str]]] = []
        self.refused: list[str] = []


def make_tasks(app: Celery, tally: Tally) -> tuple[Any, Any]:
    """A task that looks and a task that fails half-way and then looks; both note that they were refused."""

    class Counted(SchoolTask):
        abstract = True

        def on_failure(self, error: Exception, task_id: str, args: Any, kwargs: Any, info: Any) -> None:
            tally.refused.append(str(error))

    def look(school_id: str) -> None:
        try:
            with transaction.atomic():
                tally.seen.append((school_id, [str(row.school_id) for row in Case.objects.all()]))
        finally:
            connections.close_all()

    @app.task(base=Counted, name="looks")
    def looks(*, school_id: str) -> None:
        look(school_id)

    @app.task(base=Counted, name="stumbles")
    def stumbles(*, school_id: str) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Case.objects.update(title=str(1 / 0))
        look(school_id)

    return looks, stumbles


@pytest.mark.requirement("R043")
def test_no_task_sees_another_ones_school_and_none_runs_without_one(
    schools: list[str], app: Celery, soak: bool
) -> None:
    count, chance, tally = 2000 if soak else 200, random.Random(1), Tally()
    tasks = make_tasks(app, tally)
    unscoped = [number for number in range(count) if chance.random() < 0.1]

    with start_worker(
        app, pool="threads", concurrency=THREADS, perform_ping_check=False, loglevel="CRITICAL"
    ):
        for number in range(count):
            chosen = "" if number in unscoped else chance.choice(schools)
            chance.choice(tasks).apply_async(kwargs={"school_id": chosen})
        end = time.monotonic() + PATIENCE
        while len(tally.seen) + len(tally.refused) < count and time.monotonic() < end:
            time.sleep(0.05)

    wrong = [(one, rows) for one, rows in tally.seen if rows != [one] * (schools.index(one) + 1)]
    assert (len(tally.seen), wrong) == (count - len(unscoped), [])
    assert [sentence.endswith("without school_id.") for sentence in tally.refused] == [True] * len(unscoped)
    assert len(unscoped) > 0
