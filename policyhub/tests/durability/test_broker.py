"""The queue is emptied, dies, or loses its worker: mails are owed in the database, so each still goes out, once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from kombu import pools

from core import mail, scope
from core.models import OutgoingMail
from policyhub.testing.servers import answers, folder_of_its_own, free_port, program, running
from policyhub.tests.durability import ground

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True), pytest.mark.slow]
THREADS = 2
DRAINED_WITHIN = 120
"""Seconds after the queue is back. Beat wakes the worker every minute; here somebody's next click does, too."""


class Broker:
    """A real Redis that can be emptied and killed, always at the same address."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder, self.stack = free_port(), folder, ExitStack()
        self.process: Any = None

    def start(self) -> None:
        command = [program("redis-server", "valkey-server", package="redis-server"), "--port", self.port]
        command += ["--bind", "127.0.0.1", "--appendonly", "no", "--dir", self.folder, "--save", ""]
        self.process = self.stack.enter_context(running(command, self.folder, answers(self.port)))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def flush(self) -> None:
        redis.Redis(port=self.port).flushall()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


@pytest.fixture
def broker() -> Iterator[Broker]:
    with folder_of_its_own("broker") as folder, ExitStack() as stack:
        made = Broker(folder)
        stack.callback(made.stack.close)
        made.start()
        yield made


@contextmanager
def worker(folder: Path, broker_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker as an installation starts it, with its timetable; its mails become files. The database is the test's own."""
    folder.mkdir(exist_ok=True)
    environment = {
        **os.environ, "DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "REDIS_URL": broker_url, "KEY_FILE": str(settings.KEY_FILE), "DJANGO_SETTINGS_MODULE": "policyhub.settings",
    }  # fmt: skip
    line = [sys.executable, "-m", "celery", "--quiet", "--app", "policyhub", "worker", "--beat"]
    line += ["--pool", "threads", "--concurrency", str(THREADS), "--loglevel", "ERROR"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(line, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def owe(school: Any, number: int) -> None:
    """One mail, with its wake-up, which may find no queue."""
    with scope.acting(schools=[school.pk]), transaction.atomic():
        mail.queue_mail("core/notice", to=f"p{number}@school.example", school_id=school.pk, cause="x")


def states(school: Any) -> Counter[str]:
    with scope.acting(schools=[school.pk]), scope.reading():
        return Counter(OutgoingMail.objects.values_list("status", flat=True))


def await_all_sent(school: Any, count: int) -> float:
    """Seconds until every mail was sent. Raises TimeoutError."""
    begun = time.monotonic()
    while states(school) != {"sent": count}:
        if time.monotonic() - begun > DRAINED_WITHIN:
            raise TimeoutError(f"After {DRAINED_WITHIN} seconds: {states(school)}")
        time.sleep(0.1)
    return time.monotonic() - begun


def arrived(folder: Path) -> Counter[str]:
    """To whom how many mails were written."""
    texts = [file.read_text() for file in (folder / "mail").glob("*")]
    return Counter(line for text in texts for line in text.splitlines() if line.startswith("To: "))


@contextmanager
def publishing_to(url: str, **options: str) -> Iterator[None]:
    """Wake-ups of this process go to a real queue."""
    changed = {"task_always_eager": False, "broker_url": url, "broker_transport_options": options}
    usual = {name: current_app.conf[name] for name in changed}
    _connect_to(changed)
    try:
        yield
    finally:
        _connect_to(usual)


def _connect_to(configuration: dict[str, Any]) -> None:
    """Celery keeps connections from one publication to the next."""
    current_app.conf.update(configuration)
    current_app._pool = current_app.amqp._producer_pool = None
    pools.reset()


def test_a_queue_that_is_emptied_and_killed_loses_no_mail(school, broker, tmp_path, soak):
    chance, moments, count, longest = random.Random(1), 20 if soak else 2, 0, 0.0
    with publishing_to(broker.url), worker(tmp_path / "worker", broker.url) as process:
        for moment in range(moments):
            for _ in range(chance.randint(5, 15)):
                owe(school, count := count + 1)
            broker.flush()
            if moment % 2:
                broker.kill()
            begun = time.monotonic()
            owe(school, count := count + 1)
            longest = max(longest, time.monotonic() - begun)
            if moment % 2:
                broker.start()
        current_app.tasks["core.tasks.deliver_mail"].delay()  # what beat does every minute
        drained = await_all_sent(school, count)
        assert process.poll() is None

    copies = arrived(tmp_path / "worker")
    ground.report("redis lost", moments=moments, mails=count, arrived=len(copies), most_copies=max(copies.values()),
        drained_in=f"{drained:.0f} s", longest_write_without_redis=f"{longest:.1f} s")  # fmt: skip
    assert copies == dict.fromkeys((f"To: p{number}@school.example" for number in range(1, count + 1)), 1)
    assert longest < 10


def test_a_killed_worker_of_the_embedded_queue_loses_no_mail(school, tmp_path, soak):
    kills, folder = 20 if soak else 1, tmp_path / "worker"
    count, queue, control = kills * 60, folder / "queue", folder / "queue-control"
    queue.mkdir(parents=True)
    control.mkdir()
    with scope.acting(schools=[school.pk]), transaction.atomic():
        for number in range(count):
            mail.queue_mail("core/notice", to=f"p{number}@school.example", school_id=school.pk, cause="x")
        connection.run_on_commit.clear()  # nobody is woken yet
    with publishing_to(
        "filesystem://localhost",
        data_folder_in=str(queue),
        data_folder_out=str(queue),
        control_folder=str(control),
    ):
        for _ in range(kills):
            with worker(folder, "") as process:
                wake_and_see_some_sent(school)
                process.kill()
        with scope.acting(schools=[school.pk]), transaction.atomic():
            OutgoingMail.objects.filter(status="pending").update(leased_until=None)  # a minute later
        with worker(folder, ""):
            current_app.tasks["core.tasks.deliver_mail"].delay()
            drained = await_all_sent(school, count)

    copies = arrived(folder)
    twice = sum(copies.values()) - count
    ground.report(
        "embedded queue",
        kills=kills,
        mails=count,
        arrived=len(copies),
        duplicates=twice,
        drained_in=f"{drained:.0f} s",
    )
    assert len(copies) == count
    assert twice <= kills * THREADS  # each thread that is killed may have sent the mail that it had in hand


def wake_and_see_some_sent(school: Any) -> None:
    """Wakes the worker, and returns as soon as it has sent a few."""
    before, begun = states(school)["sent"], time.monotonic()
    current_app.tasks["core.tasks.deliver_mail"].delay()
    while states(school)["sent"] < before + 3:
        if time.monotonic() - begun > ground.PATIENCE:
            raise TimeoutError("The worker sent nothing.")
        time.sleep(0.02)
