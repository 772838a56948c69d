"""The floor that pages are measured against: the least that the same server can do for the same number of rows.

Same middleware, session and row-level-security context; one indexed query; a bare template. The page that appends adds
the three statements without which no chain can grow. The insert adds one row in one transaction, nothing else.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse  # noqa: TID251 - these are views
from django.shortcuts import redirect, render  # noqa: TID251 - likewise
from django.utils import timezone

from core import scope
from core.db.walls import SEES
from core.fields import Sealed
from incidents.models import Concern

HASH = hashlib.sha256(b"floor").hexdigest()


def _rows(school_id: Any, count: int) -> list[Any]:
    active = Concern.objects.filter(
        school_id=school_id, audience="safeguarding", is_seen=True, status__in=["new", "open", "reopened"]
    )
    return list(
        active.order_by("due_at", "id").values("id", "reference", "status", "due_at", "recorded_at")[:count]
    )


def rows_page(request: Any, slug: str, rows: int) -> HttpResponse:
    """One indexed query, a bare table of its rows."""
    return render(request, "bench/floor.html", {"rows": _rows(request.school.pk, rows)})


def bare_page(request: HttpRequest, school_id: UUID, rows: int) -> HttpResponse:
    """The same without finding out what the person is in this school."""
    with scope.acting(schools=[school_id], user=request.user.pk):
        return render(request, "bench/floor.html", {"rows": _rows(school_id, rows)})


def appending_page(request: Any, slug: str, rows: int) -> HttpResponse:
    """The same, and a bare append to a chain: lock its head, add an entry, move the head."""
    response = rows_page(request, slug, rows)
    school_id, entry = request.school.pk, uuid4()
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM bench_head WHERE school_id = %s FOR UPDATE", [school_id])
        seq, previous = cursor.fetchone()
        new = hashlib.sha256(f"{seq}{previous}{entry}".encode()).hexdigest()
        cursor.execute(
            "INSERT INTO bench_entry (id, school_id, seq, at, actor_id, action, prev_hash, hash) VALUES (%s, %s, %s, now(), %s, 'read', %s, %s)",
            [entry, school_id, seq + 1, str(request.user.pk), previous, new],
        )
        cursor.execute(
            "UPDATE bench_head SET seq = %s, hash = %s WHERE school_id = %s", [seq + 1, new, school_id]
        )
    return response


def insert(request: Any, slug: str) -> HttpResponse:
    """One row of the same table in one transaction, its ciphertext taken as it comes."""
    now, text = timezone.now(), Sealed(request.POST["narrative"].encode())
    row = Concern(
        school=request.school, reference=uuid4().hex[:9], client_ref=UUID(request.POST["client_ref"]), route="child",
        audience="safeguarding", routing_reason="floor", reporter=request.membership, happened_at=now, due_at=now + timedelta(hours=2),
        narrative=text, already_done=text, happened_note=text, place_note=text, status="closed", outcome="no_further_action", closed_at=now, is_seen=True, seen_at=now,
    )  # fmt: skip
    Concern.objects.bulk_create([row])
    return redirect("floor_rows", request.school.slug, 1)


MAKE_TABLES = (
    "CREATE TABLE bench_head (school_id uuid PRIMARY KEY, seq bigint NOT NULL, hash varchar(64) NOT NULL)",
    """CREATE TABLE bench_entry (id uuid PRIMARY KEY, school_id uuid NOT NULL, seq bigint NOT NULL, at timestamptz NOT NULL,
       actor_id varchar(64) NOT NULL, action varchar(64) NOT NULL, prev_hash varchar(64) NOT NULL, hash varchar(64) NOT NULL,
       UNIQUE (school_id, seq))""",
    "GRANT SELECT, INSERT, UPDATE ON bench_head, bench_entry TO hub_app",
    *(
        statement.format(table)
        for table in ("bench_head", "bench_entry")
        for statement in (
            "ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY school_wall ON {{}} USING ({SEES}) WITH CHECK ({SEES})",
        )
    ),
)
"""Statements for the owner of the tables."""


def start_chains(cursor: Any) -> None:
    """A head for the floor's chain of every school."""
    cursor.execute("ALTER TABLE bench_head NO FORCE ROW LEVEL SECURITY")
    cursor.execute("INSERT INTO bench_head SELECT id, 0, %s FROM schools_school", [HASH])
    cursor.execute("ALTER TABLE bench_head FORCE ROW LEVEL SECURITY")
