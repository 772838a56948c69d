"""Somebody who owns server or file changes the audit trail with every guard switched off: it is found."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Max

from core import audit, scope
from core.models import AuditEvent, AuditHead, AuditPayload
from policyhub.testing.servers import PASSWORD
from policyhub.tests.durability import ground
from schools.tests.factories import TESTS

pytestmark = [pytest.mark.django_db(transaction=True)]
ENTRIES = 24
Events = Any


@pytest.fixture
def chain(school: Any) -> Any:
    """A school with a chain of entries."""
    with transaction.atomic():
        for number in range(ENTRIES):
            audit.record(
                "test.done",
                by=TESTS,
                school_id=school.pk,
                label=f"{number}",
                target=audit.Reference("x", number),
            )
    return school


@contextmanager
def as_the_owner_of_everything() -> Iterator[None]:
    """On PostgreSQL a superuser, on SQLite whoever owns the file; the application's own connection plays that part."""
    usual = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    if connection.vendor == "postgresql":
        connection.settings_dict.update(USER="postgres", PASSWORD=PASSWORD)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)


@contextmanager
def guards_off() -> Iterator[None]:
    """One transaction without triggers, which leaves nothing behind."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            else:
                cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'core_audit%%'",
                    [],
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        transaction.set_rollback(True)


# --- Seven ways -------------------------------------------------------------------------------------------------------


def edit(events: Events, chance: random.Random) -> None:
    """Another actor, action, object or time."""
    name, value = chance.choice(
        [
            ("actor_id", "job:x"),
            ("action", "x"),
            ("object_id", "x"),
            ("request_id", "x"),
            ("digest", "0" * 64),
        ]
    )
    events.filter(seq=_any(events, chance)).update(**{name: value})


def edit_details(events: Events, chance: random.Random) -> None:
    """The sealed details of one entry put in the place of another's."""
    first, second = chance.sample(list(events.values_list("pk", flat=True)), 2)
    AuditPayload.objects.filter(pk=first).update(sealed=bytes(AuditPayload.objects.get(pk=second).sealed))


def delete(events: Events, chance: random.Random) -> None:
    """One entry out of the middle."""
    events.filter(seq=chance.randint(1, _last(events) - 1)).delete()


def swap(events: Events, chance: random.Random) -> None:
    """Two entries in each other's place."""
    first, second = chance.sample(range(1, _last(events) + 1), 2)
    for old, new in ((first, 10**6), (second, first), (10**6, second)):
        events.filter(seq=old).update(seq=new)


def insert(events: Events, chance: random.Random) -> None:
    """A well-made entry between two others, which are moved on."""
    at, last = _any(events, chance), _last(events)
    after = events.get(seq=at)
    for seq in range(last, at, -1):
        events.filter(seq=seq).update(seq=F("seq") + 1)
    forged = AuditEvent(
        id=uuid4(), school_id=after.school_id, seq=at + 1, at=after.at, actor_id="job:x", action="x", digest="0" * 64,
        prev_hash=f"{after.hash[:-1]}x",
    )  # fmt: skip
    forged.hash = audit._hash(forged)
    forged.save(force_insert=True)


def cut_the_end(events: Events, chance: random.Random) -> None:
    """The last entries gone, and the head put back."""
    keep = chance.randint(1, _last(events) - 1)
    events.filter(seq__gt=keep).delete()
    _set_head(events.get(seq=keep))


def rewrite(events: Events, chance: random.Random) -> None:
    """One entry changed and every later one computed anew, with the program's own code."""
    at = _any(events, chance)
    rows = list(events.filter(seq__gte=at).order_by("seq"))
    rows[0].actor_id = "job:x"
    previous = rows[0].prev_hash
    for row in rows:
        row.prev_hash = previous
        row.hash = previous = audit._hash(row)
    for row in reversed(rows):
        events.filter(pk=row.pk).update(actor_id=row.actor_id, prev_hash=row.prev_hash, hash=row.hash)
    _set_head(rows[-1])


def delete_all(events: Events, chance: random.Random) -> None:
    """Everything gone, as on the first day."""
    school_id = events.first().school_id
    events.all().delete()
    AuditHead.objects.filter(school_id=school_id).update(seq=0, hash=audit.genesis(school_id))


def _any(events: Events, chance: random.Random) -> int:
    return chance.randint(1, _last(events))


def _last(events: Events) -> int:
    return int(events.aggregate(last=Max("seq"))["last"])


def _set_head(event: AuditEvent) -> None:
    AuditHead.objects.filter(school_id=event.school_id).update(seq=event.seq, hash=event.hash)


SEEN_IN_THE_CHAIN = (edit, edit_details, delete, swap, insert)
SEEN_WITH_THE_EXPORTED_HEAD = (cut_the_end, rewrite, delete_all)


def tries(soak: bool) -> int:
    return 150 if soak else 4


def found(school: Any, way: Callable[..., None], times: int) -> tuple[int, int]:
    """How often a way of tampering is found by the chain alone, and with the head that was exported before."""
    alone, with_head = 0, 0
    with as_the_owner_of_everything(), scope.acting(schools=[school.pk]):
        with scope.reading():
            whole = audit.verify(school.pk)
        assert whole.whole
        for number in range(times):
            with guards_off():
                way(AuditEvent.objects.filter(school_id=school.pk), random.Random(number))
                alone += not audit.verify(school.pk).whole
                with_head += not audit.verify(school.pk, expected={whole.entries: whole.head}).whole
    ground.report(
        f"tampering, {way.__name__.replace('_', ' ')}", tries=times, alone=alone, with_head=with_head
    )
    return alone, with_head


@pytest.mark.parametrize("way", SEEN_IN_THE_CHAIN, ids=lambda way: way.__name__)
def test_a_change_inside_is_found_by_the_chain_alone(chain, soak, way):
    assert found(chain, way, tries(soak)) == (tries(soak), tries(soak))


@pytest.mark.parametrize("way", SEEN_WITH_THE_EXPORTED_HEAD, ids=lambda way: way.__name__)
def test_a_new_past_is_found_with_the_exported_head_and_not_without(chain, soak, way):
    """That it is not found without is why heads go out every night."""
    assert found(chain, way, tries(soak)) == (0, tries(soak))


def test_a_chain_that_nobody_touched_is_whole(chain):
    """The control: what finds everything everywhere proves nothing."""
    with as_the_owner_of_everything(), scope.acting(schools=[chain.pk]), guards_off():
        verdict = audit.verify(chain.pk)
        assert audit.verify(chain.pk, expected={verdict.entries: verdict.head}).whole


# --- As the application -----------------------------------------------------------------------------------------------

ATTEMPTS = {
    "change an entry": "UPDATE core_auditevent SET action = 'x'",
    "change nothing in an entry": "UPDATE core_auditevent SET action = action",
    "remove an entry": "DELETE FROM core_auditevent WHERE seq = 3",
    "remove the last entry": "DELETE FROM core_auditevent WHERE seq = (SELECT max(seq) FROM core_auditevent)",
    "replace an entry": "INSERT INTO core_auditevent SELECT * FROM core_auditevent WHERE seq = 3 ON CONFLICT (id) DO UPDATE SET action = 'x'",
    "the same entry twice": "INSERT INTO core_auditevent SELECT * FROM core_auditevent WHERE seq = 3",
    "put the head back": "UPDATE core_audithead SET seq = seq - 1",
    "move the head on": "UPDATE core_audithead SET seq = seq + 5",
    "another hash in the head": "UPDATE core_audithead SET hash = 'x'",
    "remove the head": "DELETE FROM core_audithead",
}  # fmt: skip
ON_POSTGRESQL = {
    "empty the table": "TRUNCATE core_auditevent",
    "empty the heads": "TRUNCATE core_audithead",
    "switch triggers off": "ALTER TABLE core_auditevent DISABLE TRIGGER ALL",
    "act as a replica": "SET session_replication_role = replica",
    "drop the table": "DROP TABLE core_auditevent",
    "merge into it": "MERGE INTO core_auditevent e USING (SELECT 3 AS seq) s ON e.seq = s.seq WHEN MATCHED THEN UPDATE SET action = 'x'",
}
ON_SQLITE = {"replace a row": "REPLACE INTO core_auditevent SELECT * FROM core_auditevent WHERE seq = 3"}


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "syntax" not in str(error)
    return False


def test_the_application_cannot_change_the_trail(chain):
    own = ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE
    outcome = {name: refused(statement) for name, statement in {**ATTEMPTS, **own}.items()}

    ground.report("writes as the application", attempts=len(outcome), refused=sum(outcome.values()))
    assert [name for name, no in outcome.items() if not no] == []
    with scope.reading():
        assert audit.verify(chain.pk).whole
