"""What the proofs share: processes of our own that are killed without warning, calls at once, and a count of what is left."""

from __future__ import annotations

import logging
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, transaction
from django.utils import timezone

from core import audit, scope
from core.errors import DomainError
from core.models import AuditEvent, OutgoingMail
from incidents.models import Concern
from incidents.services import NewConcern, log_concern
from schools.enums import Role
from schools.models import Membership, School
from schools.tests.factories import make_member

FORK = multiprocessing.get_context("fork")
LONGEST = 0.1
"""Seconds of chance before a kill, so that it hits any place in the work."""
PATIENCE = 60.0
"""Seconds in which processes must get on with their work between two kills."""
_inherited: list[Any] = []


# --- Processes --------------------------------------------------------------------------------------------------------


def start(work: Callable[..., Any], *args: Any) -> Any:
    """A process of its own, on connections of its own. Its e-mails wait in the outbox, as in an installation."""
    connections.close_all()
    process = FORK.Process(target=_child, args=(work, args), daemon=True)
    process.start()
    return process


def _child(work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    logging.disable()
    _let_go_of_inherited_connections()
    current_app.conf.task_always_eager = False
    try:
        work(*args)
    finally:
        connections.close_all()


def _let_go_of_inherited_connections() -> None:
    """Beside an open browser the parent cannot close all it has: inside an event loop Django keeps connections of its own.

    The child runs in no loop and would find those from before it: one connection for the parent and all its children.
    They are kept here unused, as to close them would end them for the parent, too.
    """
    for connection in connections.all(initialized_only=True):
        _inherited.append(connection)
        del connections[connection.alias]


def together(work: Callable[..., Any], calls: list[tuple[Any, ...]]) -> list[int]:
    """Runs the work in one process for each call, at the same time; their exit codes."""
    herd = [start(work, *call) for call in calls]
    for process in herd:
        process.join()
    return [process.exitcode for process in herd]


@contextmanager
def kept_alive(
    work: Callable[..., Any], count: int, file: Path, *args: Any
) -> Iterator[Callable[[int], None]]:
    """`count` processes doing `work(number, file, *args)`, which acknowledge in the file what they did.

    Gives a function that kills so many of them, each when some work was done, and starts another in its place. All are
    killed at the end.
    """
    herd, chance = [start(work, number, file, *args) for number in range(count)], random.Random(1)

    def kill(times: int) -> None:
        for _ in range(times):
            await_progress(file, chance.randint(1, 4))
            time.sleep(chance.uniform(0, LONGEST))
            number = chance.randrange(count)
            end(herd[number])
            herd[number] = start(work, number, file, *args)

    try:
        yield kill
    finally:
        for process in herd:
            end(process)


def end(process: Any) -> None:
    """Kill without warning (SIGKILL)."""
    process.kill()
    process.join()


def at_once(school: School, *calls: Callable[[], Any]) -> list[Any]:
    """What each call gave or raised, all let go together in threads with connections of their own."""
    let_go = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            with scope.acting(schools=[school.pk]), scope.reading():
                let_go.wait()
                return call()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


# --- What was acknowledged --------------------------------------------------------------------------------------------


def acknowledge(file: Path, text: object) -> None:
    """One line that outlives the process that wrote it; written only after the commit, as an answer to a person is."""
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{text}\n".encode())
    os.close(descriptor)


def acknowledged(file: Path) -> list[str]:
    """The lines, in the order of their commits."""
    return file.read_text().split() if file.exists() else []


def await_progress(file: Path, lines: int, patience: float = PATIENCE) -> None:
    """Returns when so many more lines were acknowledged. Raises TimeoutError when that takes longer than so many seconds."""
    wanted, deadline = len(acknowledged(file)) + lines, time.monotonic() + patience
    while len(acknowledged(file)) < wanted:
        if time.monotonic() > deadline:
            raise TimeoutError(f"Fewer than {lines} records were acknowledged in {patience:g} seconds.")
        time.sleep(0.01)


# --- Concerns: one record, one person, one audit entry, one e-mail ----------------------------------------------------


def make_people(school: School) -> Membership:
    """A member of staff who has reported once, and a DSL who is told. What is loaded on first use is loaded then."""
    with transaction.atomic():
        make_member(school, Role.DSL)
        by = make_member(school, Role.STAFF)
    log_one(school, by)
    return by


def log_one(school: School, by: Membership, text: str = "Robin said: I do not want to go home.") -> Concern:
    """One concern with a named child, as the page logs it: in one transaction."""
    with scope.acting(schools=[school.pk]), transaction.atomic():
        return log_concern(school, NewConcern(text, names=["Robin Ashdown"]), by=by)


def log_forever(number: int, file: Path, school: School, by: Membership) -> None:
    """What a web process does all day. Where the database goes away, it comes back with a new connection."""
    while True:
        try:
            acknowledge(file, log_one(school, by).pk)
        except (OperationalError, InterfaceError):
            connections.close_all()
            time.sleep(0.02)


@dataclass(frozen=True)
class Damage:
    """What is missing or in pieces after the event; all zero where nothing is."""

    lost: int
    without_person: int
    without_audit: int
    without_mail: int
    audit_alone: int
    mail_alone: int
    broken: str

    @property
    def none(self) -> bool:
        """Whether everything is there and whole."""
        return not any(astuple(self))


def damage(school: School, file: Path) -> Damage:
    """Compares what was acknowledged with what is in the database, and each record with its companions."""
    with scope.acting(schools=[school.pk]), scope.reading():
        there = set(Concern.objects.values_list("pk", flat=True))
        people = set(Concern.objects.filter(people__isnull=False).values_list("pk", flat=True))
        audited = _ids(AuditEvent.objects.filter(action="concern.logged").values_list("object_id", flat=True))
        causes = OutgoingMail.objects.filter(cause__startswith="concern-logged:").values_list(
            "cause", flat=True
        )
        mailed = _ids(cause.split(":")[1] for cause in causes)
        verdict = audit.verify(school.pk)
    return Damage(
        lost=len(_ids(acknowledged(file)) - there),
        without_person=len(there - people),
        without_audit=len(there - audited),
        without_mail=len(there - mailed),
        audit_alone=len(audited - there),
        mail_alone=len(mailed - there),
        broken=verdict.reason,
    )


def _ids(texts: Any) -> set[UUID]:
    return {UUID(text) for text in texts}


def report(name: str, **figures: object) -> None:
    """Keeps the figures seen in test-results/evidence.txt, from where they are copied to docs/evidence.md."""
    line = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in figures.items())
    file = settings.BASE_DIR / "test-results" / "evidence.txt"
    file.parent.mkdir(exist_ok=True)
    print(f"{name}: {line}")  # noqa: T201 - for those who run pytest with -s
    acknowledge(file, f"{timezone.localdate()} {connections['default'].vendor} {name}: {line}")
