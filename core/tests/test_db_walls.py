"""The second wall on PostgreSQL: what a forgotten filter, a hostile statement or a wrong key can reach."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from core import scope
from core.db import catalogue, walls
from core.db.compiled import compiled_once
from core.tests.walls.models import Badge, Case, Entry, File, Parcel, School
from policyhub.testing.servers import Postgres, execute

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
CASES = 5

HOSTILE = {
    "plain": "SELECT id FROM walls_case WHERE school_id <> %(own)s",
    "or true": "SELECT id FROM walls_case WHERE (title = 'x' OR true) AND school_id <> %(own)s",
    "join": "SELECT c.id FROM walls_file f JOIN walls_case c ON true WHERE c.school_id <> %(own)s",
    "cte": "WITH every AS MATERIALIZED (SELECT * FROM walls_case) SELECT id FROM every WHERE school_id <> %(own)s",
    "lateral": "SELECT c.id FROM walls_school s, LATERAL (SELECT * FROM walls_case WHERE school_id = s.id) c WHERE s.id <> %(own)s",
    "aggregate": "SELECT school_id FROM walls_case GROUP BY school_id HAVING school_id <> %(own)s",
    "union": "SELECT id FROM walls_case WHERE school_id <> %(own)s UNION SELECT id FROM walls_entry WHERE school_id <> %(own)s",
    "locking": "SELECT id FROM walls_case WHERE school_id <> %(own)s FOR UPDATE",
    "update": "UPDATE walls_case SET status = 'x' WHERE school_id <> %(own)s RETURNING id",
    "update from": "UPDATE walls_file f SET name = c.title FROM walls_case c WHERE c.school_id <> %(own)s RETURNING f.id",
    "delete": "DELETE FROM walls_file WHERE school_id <> %(own)s RETURNING id",
    "delete using": "DELETE FROM walls_file f USING walls_case c WHERE c.id = f.case_id AND f.school_id <> %(own)s RETURNING f.id",
}


@pytest.fixture
def schools() -> list[School]:
    """Twenty schools with five rows in each table, in the test's transaction."""
    made = School.objects.bulk_create(School(name=f"School {number}") for number in range(20))
    with scope.acting(schools=[school.pk for school in made]):
        cases = Case.objects.bulk_create(
            Case(school=school, title=f"case {n}") for school in made for n in range(CASES)
        )
        File.objects.bulk_create(File(school_id=case.school_id, case=case, name="file") for case in cases)
        Entry.objects.bulk_create(Entry(school=school, number=n) for school in made for n in range(CASES))
        Parcel.objects.bulk_create(Parcel(school=school, inside="names") for school in made)
    return made


def rows(sql: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def refused(statement: str, *values: Any) -> bool:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return True


def test_hostile_statements_of_twenty_schools_reach_no_row_of_another(schools: list[School]) -> None:
    reached = {}
    for school in schools:
        with scope.acting(schools=[school.pk]):
            for name, statement in HOSTILE.items():
                reached[school.name, name] = len(rows(statement, own=school.pk))

    assert len(reached) == 20 * 12
    assert sum(reached.values()) == 0


def test_the_same_statements_reach_the_others_when_they_are_in_scope(schools: list[School]) -> None:
    own = schools[0].pk
    with scope.acting(schools=[school.pk for school in schools]):
        reached = {name: len(rows(statement, own=own)) for name, statement in HOSTILE.items()}

    assert [name for name, count in reached.items() if count == 0] == [
        "delete using"
    ]  # the delete before took them
    assert reached["plain"] == 19 * CASES


def test_copy_shows_own_rows_only(schools: list[School]) -> None:
    out = io.StringIO()
    with scope.acting(schools=[schools[0].pk]), connection.cursor() as cursor:
        cursor.copy_expert("COPY (SELECT school_id FROM walls_case) TO STDOUT", out)

    assert out.getvalue().split() == [str(schools[0].pk)] * CASES


def test_each_school_sees_exactly_its_own_rows(schools: list[School]) -> None:
    for school in schools:
        with scope.acting(schools=[school.pk]):
            assert [row.school_id for row in Case.objects.all()] == [school.pk] * CASES


def test_without_scope_no_table_shows_a_row(schools: list[School]) -> None:
    assert [model.objects.count() for model in (Case, File, Entry, Badge, Parcel)] == [0, 0, 0, 0, 0]


def test_inner_scope_ends_with_its_block(schools: list[School]) -> None:
    with scope.acting(schools=[schools[0].pk]):
        with scope.acting(schools=[schools[1].pk, schools[2].pk]):
            inner = Case.objects.count()
        assert (inner, Case.objects.count()) == (2 * CASES, CASES)
    assert Case.objects.count() == 0


def test_failed_statement_in_an_inner_scope_leaves_the_outer_one(schools: list[School]) -> None:
    with scope.acting(schools=[schools[0].pk]):
        with pytest.raises(DatabaseError), transaction.atomic(), scope.acting(schools=[schools[1].pk]):
            rows("SELECT 1 / 0")

        assert [row.school_id for row in Case.objects.all()] == [schools[0].pk] * CASES


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO walls_file (id, school_id, name) VALUES (gen_random_uuid(), %s, 'planted')",
        "UPDATE walls_file SET school_id = %s",
        "INSERT INTO walls_file SELECT * FROM walls_file ON CONFLICT (id) DO UPDATE SET school_id = %s",
    ],
)
def test_row_is_not_put_into_another_school(schools: list[School], statement: str) -> None:
    with scope.acting(schools=[schools[0].pk]):
        assert refused(statement, schools[1].pk)

    with scope.acting(schools=[schools[1].pk]):
        assert File.objects.count() == CASES


def test_foreign_key_into_another_school_is_refused(schools: list[School]) -> None:
    with scope.acting(schools=[schools[1].pk]):
        theirs = Case.objects.first()
    with scope.acting(schools=[schools[0].pk]):
        File.objects.create(school=schools[0], case=Case.objects.first(), name="own")
        rows_before = File.objects.count()
        connection.check_constraints()
        with pytest.raises(IntegrityError, match="walls_file_case_id_wall"), transaction.atomic():
            File.objects.create(school=schools[0], case=theirs, name="foreign")
            connection.check_constraints()

        assert File.objects.count() == rows_before


def test_person_reads_own_rows_everywhere_and_changes_none(schools: list[School]) -> None:
    me = uuid.uuid4()
    with scope.acting(schools=[school.pk for school in schools]):
        Badge.objects.bulk_create(Badge(school=school, user_id=me) for school in schools)
        Badge.objects.create(school=schools[0], user_id=uuid.uuid4())
    with scope.acting(user=me):
        assert [Badge.objects.count(), Badge.objects.update(name="mine"), Case.objects.count()] == [20, 0, 0]


def test_jobs_see_states_of_every_school_and_nothing_else(schools: list[School]) -> None:
    with scope.acting_as_jobs():
        assert len(rows("SELECT id, school_id, status FROM walls_parcel FOR UPDATE SKIP LOCKED")) == 20
        assert len(rows("UPDATE walls_parcel SET attempts = 1 RETURNING id")) == 20
        for statement in (
            "SELECT inside FROM walls_parcel",
            "SELECT * FROM walls_parcel",
            "UPDATE walls_parcel SET status = 'sent'",
            "DELETE FROM walls_parcel",
            "SELECT id FROM walls_case",
            "INSERT INTO walls_parcel (id) VALUES (gen_random_uuid())",
        ):
            assert refused(statement)
    assert Parcel.objects.count() == 0


def test_application_does_not_inherit_what_jobs_may_see(schools: list[School]) -> None:
    with scope.acting(schools=[schools[0].pk]):
        assert Parcel.objects.count() == 1


def test_wall_is_asked_once_a_statement_and_keeps_the_index(schools: list[School]) -> None:
    with scope.acting(schools=[schools[0].pk]):
        rows(
            "SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_seqscan', 'enable_sort', 'enable_bitmapscan']) name"
        )
        statement = "EXPLAIN SELECT * FROM walls_case WHERE school_id = %(own)s ORDER BY title"
        plan = [line.strip() for (line,) in rows(statement, own=schools[0].pk)]

    assert [line[:8] for line in plan if line.startswith("InitPlan")] == ["InitPlan"]
    assert plan[0].startswith("Index Scan using walls_case_by_title")
    assert f"(school_id = '{schools[0].pk}'::uuid)" in plan[1]


@pytest.mark.django_db(transaction=True)
def test_scope_ends_with_the_transaction_and_the_next_one_does_not_fail() -> None:
    school = School.objects.create(name="School")
    with scope.acting(schools=[school.pk]), transaction.atomic():
        Case.objects.create(school=school)

    assert rows("SELECT count(*), current_setting('app.schools', true) FROM walls_case") == [(0, "")]
    with transaction.atomic():
        assert rows("SELECT count(*) FROM walls_case") == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_connection_that_dies_at_the_start_of_a_transaction_is_not_kept() -> None:
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    server = Postgres(int(connection.settings_dict["PORT"]))
    execute(server.url("postgres", "postgres"), f"SELECT pg_terminate_backend({pid})")

    with pytest.raises(DatabaseError), transaction.atomic():
        School.objects.count()

    with transaction.atomic():
        assert School.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_statement_of_its_own_brings_its_scope_and_leaves_none() -> None:
    school = School.objects.create(name="School")
    with scope.acting(schools=[school.pk]), transaction.atomic():
        Case.objects.create(school=school, title="case")
    titles = compiled_once(lambda: Case.objects.values_list("title", flat=True))

    with scope.acting(schools=[school.pk]):
        assert titles() == ["case"]
        assert rows("SELECT count(*), current_setting('app.schools', true) FROM walls_case") == [(0, "")]
    assert titles() == []


@pytest.mark.django_db(transaction=True)
def test_connection_that_the_server_ended_is_known_before_it_is_used() -> None:
    assert (rows("SELECT 1"), connection.is_usable()) == ([(1,)], True)
    pid, server = connection.connection.info.backend_pid, Postgres(int(connection.settings_dict["PORT"]))
    execute(server.url("postgres", "postgres"), f"SELECT pg_terminate_backend({pid}, 10000)")

    assert not connection.is_usable()


def test_owner_without_scope_changes_no_row_and_with_it_all(owner: Any) -> None:
    """FORCE: a data migration must set the scope and assert its counts."""
    school = uuid.uuid4()
    with owner.cursor() as cursor:
        cursor.execute("INSERT INTO walls_school (id, name) VALUES (%s, 'School')", [school])
        cursor.execute("SELECT set_config('app.schools', %s, true)", [str(school)])
        cursor.execute(
            "INSERT INTO walls_file (id, school_id, name) VALUES (gen_random_uuid(), %s, 'x')", [school]
        )
        cursor.execute("UPDATE walls_file SET name = 'y'")
        within = cursor.rowcount
        cursor.execute("SELECT set_config('app.schools', '', true)")
        cursor.execute("UPDATE walls_file SET name = 'z'")

        assert (within, cursor.rowcount) == (1, 0)


def test_application_role_cannot_take_the_wall_down() -> None:
    for statement in (
        "ALTER TABLE walls_case DISABLE ROW LEVEL SECURITY",
        "DROP POLICY school_wall ON walls_case",
        "CREATE POLICY open ON walls_case USING (true)",
        "CREATE OR REPLACE FUNCTION app_schools() RETURNS uuid[] LANGUAGE sql AS $$ SELECT NULL::uuid[] $$",
        "ALTER ROLE hub_app BYPASSRLS",
        "SET ROLE hub_owner",
        "SET ROLE hub_backup",
        "SET SESSION AUTHORIZATION postgres",
        "CREATE TABLE public.mine (id int)",
        "GRANT hub_owner TO hub_app",
    ):
        assert refused(statement)


@pytest.mark.django_db(transaction=True)
def test_walls_can_be_undone_and_built_again(owner: Any) -> None:
    def policies() -> list[Any]:
        with owner.cursor() as cursor:
            cursor.execute(
                "SELECT policyname FROM pg_policies WHERE tablename IN ('walls_parcel', 'walls_badge') ORDER BY 1"
            )
            return [name for (name,) in cursor.fetchall()]

    before = policies()
    for name, options in {"parcel": {"jobs_columns": ("id",)}, "badge": {"also_own": "user_id"}}.items():
        operation, model = walls.ProtectTable(name, **options), {"parcel": Parcel, "badge": Badge}[name]
        with owner.schema_editor(atomic=False) as editor:
            walls.run(editor, operation.backwards(editor, model))
            assert f"walls_{name}" in catalogue.unprotected_tables(owner)
            walls.run(editor, operation.forwards(editor, model))

    assert before == policies() == ["jobs", "own_rows", "school_wall", "school_wall"]


def test_role_of_jobs_is_refused_to_the_backup_role() -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        rows("SELECT set_config('role', 'hub_backup', true)")
