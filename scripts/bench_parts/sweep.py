"""The nightly sweep of reminders over a whole country: schools and policies loaded in bulk, then one night after another.

Names are fillers and texts are empty: the sweep reads neither. Keys and chains are real, and a sample of the chains is
proved at the end. People are far fewer than in real schools, but all who can be reminded are there.
"""

from __future__ import annotations

import os
import resource
import secrets
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone
from psycopg2 import sql

from bench_parts import extras, web
from core import audit, crypto, scope
from core.models import AuditHead, DataKey
from policies import services
from policies.models import Policy, PolicyVersion, ReviewReminder
from schools.models import Membership, RoleAppointment, School, User

SCHOOLS = int(os.environ.get("SCHOOLS", "24000"))
POLICIES = 30
PEOPLE = ("dsl", "headteacher", "chair", "staff", "staff", "staff", "staff", "staff")
NIGHTS = (("everything at once, as if never run", 0), ("the next night", 1), ("the same night again", 1),
          ("after a week without", 8))  # fmt: skip
OWNER, NEW = "owner", "gen_random_uuid()"
WALLED = (DataKey, AuditHead, Membership, RoleAppointment, Policy, PolicyVersion)


def run() -> None:
    """Loads, then sweeps night after night."""
    start = time.perf_counter()
    crypto.make_key_file(settings.KEY_FILE)
    call_command("migrate", database="owner", verbosity=0)
    sample = _load()
    print(
        f"{SCHOOLS:,} schools, {SCHOOLS * POLICIES:,} policies loaded in {time.perf_counter() - start:.0f} s",
        flush=True,
    )
    today, server = timezone.localdate(), web.database_process()
    for name, later in NIGHTS:
        _say_night(name, today + timedelta(days=later), server)
    with transaction.atomic(), scope.acting(schools=sample):
        print(
            f"  chains that hold, of {len(sample)} looked at: {sum(audit.verify(one).whole for one in sample)}"
        )


def _load() -> list[UUID]:
    """Everything, as the owner of the tables with walls and triggers set aside; the ids of some schools."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        tables = [model._meta.db_table for model in WALLED]
        for table in tables:
            cursor.execute(
                sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(sql.Identifier(table))
            )
        _insert(
            cursor, School, f"generate_series(1, {SCHOOLS}) n", id=NEW, name="'School ' || n", slug="'s' || n"
        )
        _keys_and_chains()
        cursor.execute("CREATE TEMP TABLE people AS SELECT gen_random_uuid() AS id, s.id AS school_id, p.role, row_number() OVER () AS n "
                       "FROM schools_school s, unnest(%s) AS p(role)", [list(PEOPLE)])  # fmt: skip
        cursor.execute("CREATE TEMP TABLE held AS SELECT gen_random_uuid() AS id, s.id AS school_id, "
                       "current_date + 365 - (random() * 420)::int AS due FROM schools_school s, generate_series(1, %s)", [POLICIES])  # fmt: skip
        _insert(cursor, User, "people", id="id", email="'p' || n || '@example.invalid'", name="'Person'")
        _insert(cursor, Membership, "people", id="id", school_id="school_id", user_id="id", name="'Person'",
                accepted_at="now()", starts_on="date '2020-01-01'")  # fmt: skip
        _insert(cursor, RoleAppointment, "people", id=NEW, school_id="school_id", membership_id="id", user_id="id",
                role="role", starts_on="date '2020-01-01'")  # fmt: skip
        _insert(cursor, Policy, "held", id="id", school_id="school_id", title="'Policy'")
        _insert(cursor, PolicyVersion, "held", id=NEW, school_id="school_id", policy_id="id", number="1", title="'Policy'",
                state="'in_force'", in_force_from="due - 365", next_review_on="due", ratified="'2020-01'",
                ratifying_body="'Governors'")  # fmt: skip
        for table in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(sql.Identifier(table)))
    with connections[OWNER].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return list(School.objects.values_list("pk", flat=True)[:20])


def _insert(cursor: Any, model: Any, source: str, **given: str) -> None:
    """One row for each of `source`, with the model's own defaults in all columns that are not given."""
    given = {"updated_at": "now()", **given}
    columns = {field.column: given.get(field.column, "%s") for field in model._meta.concrete_fields}
    defaults = [
        field.get_db_prep_save(field.get_default(), connections[OWNER])
        for field in model._meta.concrete_fields
        if field.column not in given
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    statement = (
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(columns.values())} FROM {source}"  # noqa: S608 - the code's own words
    )
    cursor.execute(statement, defaults)


def _keys_and_chains() -> None:
    for ids in _in_parts(School.objects.using(OWNER).values_list("pk", flat=True).iterator()):
        keys = [DataKey(school_id=one, version=1) for one in ids]
        for key in keys:
            crypto._wrap(key, secrets.token_bytes(32))  # noqa: SLF001 - as the service that makes schools does
        DataKey.objects.using(OWNER).bulk_create(keys)
        AuditHead.objects.using(OWNER).bulk_create(
            AuditHead(school_id=one, hash=audit.genesis(one)) for one in ids
        )


def _in_parts(rows: Iterator[UUID]) -> Iterator[list[UUID]]:
    while part := list(islice(rows, 2000)):
        yield part


def _say_night(name: str, day: date, server: int) -> None:
    before, worked = _recorded(), _processor_seconds(server)
    start = time.perf_counter()
    mailed = services.remind_all(day)
    taken = time.perf_counter() - start
    here, there = (after - earlier for after, earlier in zip(_processor_seconds(server), worked, strict=True))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {name:<40}{taken:>7.1f} s  {_recorded() - before:>9,} reminders recorded, {mailed:>8,} mails queued;"
        f"  processor {here:.1f} s here, {there:.1f} s in the database;"
        f"  at most {own:.0f} MB here, {web.peak_of(server):.0f} MB in the database (load average {extras.load_average()})",
        flush=True,
    )


def _processor_seconds(server: int) -> tuple[float, float]:
    """What this process has computed, and what all processes of the database have."""
    return time.process_time(), web.work_of([server]) / 1000


def _recorded() -> int:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = %s", [ReviewReminder._meta.db_table]
        )
        return int(cursor.fetchone()[0])
