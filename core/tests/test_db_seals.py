"""Rows that nobody changes: append-only tables and sealed columns, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from core import scope
from core.db import catalogue
from core.tests.walls.models import Case, Entry, School
from policyhub.testing.cleaning import owner_connection

pytestmark = pytest.mark.django_db
POSTGRES = "postgresql"


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(attempt: Callable[[], object]) -> bool:
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt()
    return True


@pytest.fixture
def place() -> Iterator[School]:
    """A school that the test acts for."""
    made = School.objects.create(name="School")
    with scope.acting(schools=[made.pk]):
        yield made


# --- Append-only -----------------------------------------------------------------------------------------------------

ON_BOTH = {
    "update": "UPDATE walls_entry SET text = 'changed'",
    "update of one row": "UPDATE walls_entry SET number = number + 1 WHERE number = 1",
    "update with sub-select": "UPDATE walls_entry SET text = (SELECT name FROM walls_school LIMIT 1)",
    "delete": "DELETE FROM walls_entry",
    "delete of one row": "DELETE FROM walls_entry WHERE number = 1",
    "upsert": "INSERT INTO walls_entry (id, school_id, number, text) SELECT id, school_id, number, text FROM walls_entry WHERE true "
    "ON CONFLICT (id) DO UPDATE SET text = 'changed'",
    "drop column": "ALTER TABLE walls_entry DROP COLUMN nothing",
}
ON_POSTGRES = {
    "truncate": "TRUNCATE walls_entry",
    "truncate with others": "TRUNCATE walls_school CASCADE",
    "update from": "UPDATE walls_entry SET text = s.name FROM walls_school s",
    "merge": "MERGE INTO walls_entry e USING walls_school s ON e.school_id = s.id WHEN MATCHED THEN DELETE",
    "cte": "WITH gone AS (DELETE FROM walls_entry RETURNING id) SELECT * FROM gone",
    "triggers off": "ALTER TABLE walls_entry DISABLE TRIGGER ALL",
    "trigger dropped": "DROP TRIGGER walls_entry_kept ON walls_entry",
    "replica": "SET session_replication_role = replica",
    "table dropped": "DROP TABLE walls_entry",
    "rule": "CREATE RULE swallow AS ON INSERT TO walls_entry DO INSTEAD NOTHING",
}
ON_SQLITE = {
    "insert or replace": "INSERT OR REPLACE INTO walls_entry (id, school_id, number, text) SELECT id, school_id, number, 'x' FROM walls_entry",
    "replace": "REPLACE INTO walls_entry (id, school_id, number, text) SELECT hex(randomblob(16)), school_id, number, 'x' FROM walls_entry",
    "update or replace": "UPDATE OR REPLACE walls_entry SET number = 1",
    "update or ignore": "UPDATE OR IGNORE walls_entry SET text = 'x'",
    "update from": "UPDATE walls_entry SET text = s.name FROM walls_school s",
}
THROUGH_MODELS = {
    "save": lambda entry: entry.save(),
    "delete of an object": lambda entry: entry.delete(),
    "update of a queryset": lambda entry: Entry.objects.update(text="changed"),
    "delete of a queryset": lambda entry: Entry.objects.all().delete(),
    "raw delete": lambda entry: Entry.objects.all()._raw_delete("default"),
    "bulk update": lambda entry: Entry.objects.bulk_update([entry], ["text"]),
    "bulk upsert": lambda entry: Entry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["id"], update_fields=["text"]
    ),
}


def attempts() -> dict[str, Callable[[Entry], object]]:
    statements = ON_BOTH | (ON_POSTGRES if connection.vendor == POSTGRES else ON_SQLITE)
    by_hand = {name: lambda entry, text=text: execute(text) for name, text in statements.items()}
    return by_hand | THROUGH_MODELS


def test_no_attempt_changes_an_entry(place: School) -> None:
    before = [Entry.objects.create(school=place, number=number, text="as it was") for number in range(3)]
    tried = attempts()
    assert len(tried) >= 14
    for attempt in tried.values():
        changed = Entry.objects.get(pk=before[1].pk)
        changed.text = "changed"
        assert refused(lambda attempt=attempt, changed=changed: attempt(changed))

    assert sorted(Entry.objects.values_list("number", "text")) == [
        (number, "as it was") for number in range(3)
    ]
    assert Entry.objects.create(school=place, number=3)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_owner_of_the_table_changes_no_entry_either(place: School) -> None:
    with transaction.atomic():
        Entry.objects.create(school=place, text="as it was")
    owner = owner_connection()
    for statement in (
        "UPDATE walls_entry SET text = 'changed'",
        "DELETE FROM walls_entry",
        "TRUNCATE walls_entry",
    ):
        owner.set_autocommit(False)  # within the test's scope, or the wall would hide the row
        with pytest.raises(DatabaseError, match="never changed"), owner.cursor() as cursor:
            cursor.execute(statement)
        owner.rollback()
    owner.close()


# --- Sealed columns --------------------------------------------------------------------------------------------------

BROKEN = {
    "text with the same key": {"narrative": b"other"},
    "text with an older key": {"narrative": b"other", "key_version": 1},
    "text and digest": {"narrative": b"other", "digest": "salt$other"},
    "text, digest and newer key": {"narrative": b"other", "digest": "salt$other", "key_version": 3},
    "digest alone": {"digest": "salt$other"},
    "text taken away": {"narrative": b"", "digest": ""},
    "second text with the same key": {"note": b"other"},
    "second text taken away": {"note": None, "narrative": b"other", "key_version": 3},
    "key version alone": {"key_version": 3},
    "key version back": {"key_version": 1},
    "one text of two with a newer key": {"narrative": b"resealed", "key_version": 3},
    "reporter": {"reporter": "somebody else"},
    "reporter during a rotation": {
        "reporter": "somebody else",
        "narrative": b"resealed",
        "note": b"resealed",
        "key_version": 3,
    },
    "id": {"id": uuid.UUID(int=7)},
}


@pytest.fixture
def case(place: School) -> Case:
    """A case sealed with the second key."""
    return Case.objects.create(school=place, title="title", note=b"note", key_version=2)


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_sealed_text_is_not_changed(case: Case, change: dict[str, Any]) -> None:
    before = Case.objects.filter(pk=case.pk).values()[0]

    assert refused(lambda: Case.objects.filter(pk=case.pk).update(**change))

    assert Case.objects.filter(pk=case.pk).values()[0] == before


def test_sealed_row_is_not_moved_to_another_school(case: Case) -> None:
    other = School.objects.create(name="Other")
    with scope.acting(schools=[case.school_id, other.pk]):
        assert refused(lambda: Case.objects.update(school=other))


def test_sealed_row_is_not_deleted_or_replaced(case: Case) -> None:
    assert refused(case.delete)
    assert refused(lambda: Case.objects.all()._raw_delete("default"))
    if connection.vendor != POSTGRES:
        columns = "id, school_id, title, status, reporter, narrative, digest, note, key_version"
        values = columns.replace("narrative", "'other'").replace("key_version", "key_version + 1")
        assert refused(
            lambda: execute(f"REPLACE INTO walls_case ({columns}) SELECT {values} FROM walls_case")
        )

    assert bytes(Case.objects.get().narrative) == case.narrative


def test_same_text_under_a_newer_key_passes(case: Case) -> None:
    changed = Case.objects.filter(pk=case.pk).update(narrative=b"resealed", note=b"resealed", key_version=3)

    assert changed == 1
    assert bytes(Case.objects.get().narrative) == b"resealed"


def test_what_is_not_sealed_moves_on(case: Case) -> None:
    assert Case.objects.update(status="closed", title="new title") == 1


def test_row_without_second_text_can_be_sealed_anew(place: School) -> None:
    Case.objects.create(school=place, note=None)

    assert Case.objects.update(narrative=b"resealed", key_version=2) == 1


# --- The catalogue ---------------------------------------------------------------------------------------------------


def test_every_trigger_of_the_migrations_stands() -> None:
    assert catalogue.missing_triggers(connection) == []


@pytest.mark.sqlite
def test_trigger_lost_by_a_rebuilt_table_is_missed() -> None:
    execute("DROP TRIGGER walls_entry_kept_delete")

    assert catalogue.missing_triggers(connection) == ["walls_entry_kept_delete"]


@pytest.mark.postgres
def test_trigger_that_is_switched_off_is_missed() -> None:
    owner = owner_connection()
    owner.set_autocommit(False)
    with owner.cursor() as cursor:
        cursor.execute("ALTER TABLE walls_entry DISABLE TRIGGER walls_entry_kept")
    missing = catalogue.missing_triggers(owner)
    owner.rollback()
    owner.close()

    assert missing == ["walls_entry_kept"]
