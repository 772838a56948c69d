"""The statement that finds and records every reminder that is due in some hundreds of schools at once.

It runs as the role that works across schools, which sees ids, dates, posts and states only. Days are counted back from
today: `late` is how many days ago the review was due, `ago` how many days ago a stage came. A stage is days before the
review, negative after it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from policies.enums import ReminderState
from policies.permissions import HEADS
from policies.states import BINDING
from schools.enums import Role

HEAD_FROM = 7
"""From this many days before the review on, the head is reminded as well; once it is overdue, the chair too."""


@dataclass(frozen=True)
class Intervals:
    """A school's rule: days before the review, and how often it is said once the review is late (0: never)."""

    before: frozenset[int]
    overdue_every: int


def record_due(
    rule: str, schools: Mapping[UUID, Intervals], today: date, now: datetime
) -> dict[UUID, Counter[str]]:
    """Adds the rows that are missing; how many of each state in each school that got any.

    Of the stages of a version that were missed only the newest is to be mailed. Running it again adds nothing.
    """
    longest = max((days for one in schools.values() for days in one.before), default=0)
    values = {
        "schools": json.dumps([{"id": pk.hex, "every": one.overdue_every} for pk, one in schools.items()]),
        "before": json.dumps([{"id": pk.hex, "days": n} for pk, one in schools.items() for n in one.before]),
        "rule": rule,
        "today": connection.ops.adapt_datefield_value(today),
        "horizon": connection.ops.adapt_datefield_value(today + timedelta(days=longest)),
        "now": connection.ops.adapt_datetimefield_value(now),
    }
    added: dict[UUID, Counter[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENTS[connection.vendor], values)
        for school_id, state in cursor.fetchall():
            added.setdefault(UUID(str(school_id)), Counter())[state] += 1
    return added


_INSERT = """
WITH RECURSIVE
school AS (SELECT * FROM {schools}),
before AS (SELECT * FROM {before}),
review AS (
  SELECT v.id AS version_id, v.school_id, p.owner_id, p.owner_role, s.every,
         {late} AS late, {age} AS age
  FROM school s
  JOIN policies_policyversion v ON v.school_id = s.id
  JOIN policies_policy p ON p.id = v.policy_id
  WHERE v.state IN ({binding}) AND v.next_review_on <= %(horizon)s AND v.in_force_from IS NOT NULL
),
after AS (
  SELECT version_id, school_id, age, every, -every AS stage, late - every AS ago FROM review
  WHERE every > 0 AND late >= every
  UNION ALL
  SELECT version_id, school_id, age, every, stage - every, ago - every FROM after WHERE ago >= every
),
stage AS (
  SELECT r.version_id, r.school_id, r.age, b.days AS stage, r.late + b.days AS ago
  FROM review r JOIN before b ON b.id = r.school_id
  UNION ALL
  SELECT version_id, school_id, age, stage, ago FROM after
),
due AS (
  SELECT version_id, school_id, stage, ago, MIN(ago) OVER (PARTITION BY version_id) AS newest
  FROM stage WHERE ago >= 0 AND ago <= age
),
member AS (
  SELECT m.id, m.school_id FROM school s
  JOIN schools_membership m ON m.school_id = s.id
  JOIN schools_user u ON u.id = m.user_id AND u.is_active
  WHERE m.accepted_at IS NOT NULL AND m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
),
post AS (
  SELECT DISTINCT m.school_id, m.id AS member_id, a.role FROM member m
  JOIN schools_roleappointment a ON a.membership_id = m.id
  WHERE a.starts_on <= %(today)s AND (a.ends_on IS NULL OR a.ends_on >= %(today)s)
),
owner AS (
  SELECT r.version_id, m.id AS member_id FROM review r JOIN member m ON m.id = r.owner_id
  UNION ALL
  SELECT r.version_id, p.member_id FROM review r
  JOIN post p ON p.school_id = r.school_id AND p.role = r.owner_role
  WHERE NOT EXISTS (SELECT 1 FROM member m WHERE m.id = r.owner_id)
),
told AS (
  SELECT d.*, o.member_id FROM due d JOIN owner o ON o.version_id = d.version_id
  UNION
  SELECT d.*, p.member_id FROM due d
  JOIN post p ON p.school_id = d.school_id AND p.role IN ({heads})
  WHERE d.stage <= {head_from} OR NOT EXISTS (SELECT 1 FROM owner o WHERE o.version_id = d.version_id)
  UNION
  SELECT d.*, p.member_id FROM due d
  JOIN post p ON p.school_id = d.school_id AND p.role = {chair}
  WHERE d.stage < 0
)
INSERT INTO policies_reviewreminder
  (id, created_at, updated_at, school_id, version_id, recipient_id, rule, stage, due_on, state)
SELECT {new_id}, {now}, {now}, t.school_id, t.version_id, t.member_id, %(rule)s, t.stage, {due_on},
       CASE WHEN t.ago = t.newest THEN {queued} ELSE {superseded} END
FROM told t
WHERE NOT EXISTS (
  SELECT 1 FROM policies_reviewreminder k
  WHERE k.rule = %(rule)s AND k.version_id = t.version_id AND k.due_on = {due_on} AND k.recipient_id = t.member_id
)
ON CONFLICT DO NOTHING
RETURNING school_id, state
"""


def _quoted(*constants: str) -> str:
    return ", ".join(f"'{one}'" for one in constants)


_WORDS = {
    "binding": _quoted(*BINDING),
    "heads": _quoted(*HEADS),
    "chair": _quoted(Role.CHAIR),
    "queued": _quoted(ReminderState.QUEUED),
    "superseded": _quoted(ReminderState.SUPERSEDED),
    "head_from": HEAD_FROM,
}
_STATEMENTS = {
    "postgresql": _INSERT.format(
        **_WORDS,
        schools="json_to_recordset(%(schools)s::json) AS one(id uuid, every int)",
        before="json_to_recordset(%(before)s::json) AS one(id uuid, days int)",
        late="%(today)s::date - v.next_review_on",
        age="%(today)s::date - v.in_force_from",
        due_on="%(today)s::date - t.ago",
        new_id="gen_random_uuid()",
        now="%(now)s::timestamptz",
    ),
    "sqlite": _INSERT.format(
        **_WORDS,
        schools="(SELECT json_extract(value, '$.id') AS id, json_extract(value, '$.every') AS every FROM json_each(%(schools)s))",
        before="(SELECT json_extract(value, '$.id') AS id, json_extract(value, '$.days') AS days FROM json_each(%(before)s))",
        late="CAST(julianday(%(today)s) - julianday(v.next_review_on) AS INTEGER)",
        age="CAST(julianday(%(today)s) - julianday(v.in_force_from) AS INTEGER)",
        due_on="date(%(today)s, -t.ago || ' days')",
        new_id="lower(hex(randomblob(16)))",
        now="%(now)s",
    ),
}
