"""Which pages are measured, who asks for them, and what each costs in queries and bytes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench_parts.drive import Target
from bench_parts.ground import CLAUSES, LIBRARY, Ground
from core import scope
from incidents.models import Concern
from schools.models import Membership
from schools.tests.factories import sign_in

APART = (
    ("session", re.compile(r'"django_session"')),
    (
        "sign-in",
        re.compile(
            r'FROM "schools_user"|"schools_membership"\."user_id" = .*"schools_school"\."slug"|^SELECT "schools_roleappointment"'
        ),
    ),
    ("audit", re.compile(r'"core_audit|"core_datakey"')),
    ("transaction", re.compile(r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE|SET CONSTRAINTS)")),
)
"""What the budget leaves out, printed apart. The context is set below Django's own count of queries."""


@dataclass(frozen=True)
class Page:
    """A page and the floor it is compared with."""

    name: str
    target: Target
    floor: Target


@dataclass(frozen=True)
class Cost:
    """Queries by kind, and bytes before compression."""

    own: int
    apart: dict[str, int]
    size: int
    statements: list[str]


def cookie_of(member: Membership) -> str:
    """A session of this person, opened with a second factor, as a request carries it."""
    client = sign_in(member.user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def pages_of(ground: Ground) -> list[Page]:
    """Every page that is measured in one school."""
    base, readers = f"/s/{ground.school.slug}", [cookie_of(ground.readers[n % 3]) for n in range(8)]
    staff, office = [cookie_of(one) for one in ground.staff[:8]], [cookie_of(ground.people["office"])] * 8
    with scope.acting(schools=[ground.school.pk]), scope.reading():
        concern = Concern.objects.filter(school=ground.school, status="open", people__isnull=False).order_by(
            "due_at"
        )[0]
    form = urlencode({
        "people": str(ground.learners[0].pk), "happened_at": "2026-01-05T10:30", "place": "on_site", "people_query": "",
        "narrative": "A bruise on the left forearm, about the size of a coin.", "already_done": "Told the class teacher.",
    })  # fmt: skip
    pages = [
        Page("queue", Target(f"{base}/concerns/", readers), Target(f"{base}/floor/30/", readers)),
        Page(
            "one concern",
            Target(f"{base}/concerns/{concern.pk}/", readers),
            Target(f"{base}/floor/5/append/", readers),
        ),
        Page(
            "log a concern: form", Target(f"{base}/concerns/new/", staff), Target(f"{base}/floor/1/", staff)
        ),
        Page(
            "log a concern: sent",
            Target(f"{base}/concerns/new/", staff, form),
            Target(f"{base}/floor/insert/", staff, form),
        ),
        Page("policy library", Target(f"{base}/policies/", staff), Target(f"{base}/floor/{LIBRARY}/", staff)),
        Page("devices desk", Target(f"{base}/devices/", office), Target(f"{base}/floor/40/append/", office)),
    ]
    if ground.long_policy:
        path = f"{base}/policies/versions/{ground.long_policy.pk}/"
        pages.append(Page("policy reader", Target(path, staff), Target(f"{base}/floor/{CLAUSES}/", staff)))
    return pages


def client_of(target: Target, csrf: str) -> Client:
    """Somebody who asks in this process, as the proxy would pass it on."""
    client = Client(
        enforce_csrf_checks=True,
        headers={"x-forwarded-proto": "https", "x-forwarded-for": "127.0.0.1", "host": "127.0.0.1"},
    )
    name, _, value = target.cookies[0].partition("=")
    client.cookies[name], client.cookies[settings.CSRF_COOKIE_NAME] = value, csrf
    return client


def fetch(target: Target, csrf: str) -> tuple[int, int]:
    """Status and size of one page, made in this process."""
    response = client_of(target, csrf).get(target.path)
    return response.status_code, len(response.content)


def cost_of(page: Page, csrf: str) -> Cost:
    """What one request for a page takes; the second one, when what is kept between requests is there."""
    fetch(page.target, csrf)
    with CaptureQueriesContext(connection) as captured:
        status, size = fetch(page.target, csrf)
    if status != 200:
        raise SystemExit(f"{page.target.path} answered {status}.")
    kinds: Counter[str] = Counter()
    own = []
    for query in captured.captured_queries:
        kind = next((name for name, pattern in APART if pattern.search(query["sql"])), "")
        kinds[kind] += 1
        if not kind:
            own.append(query["sql"])
    return Cost(len(own), {name: kinds[name] for name, _ in APART}, size, own)


def count_concerns(ground: Ground) -> int:
    """How many concerns about children stand in the database."""
    with scope.acting(schools=[ground.school.pk]), transaction.atomic():
        return Concern.objects.filter(school=ground.school, route="child").count()
