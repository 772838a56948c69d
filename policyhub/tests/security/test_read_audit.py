"""Who looked at this child: one entry for each page, and no page without its entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from core import scope
from core.models import AuditEvent
from policyhub.tests import routes
from policyhub.tests.security.planting import Planted, plant
from schools.enums import Role
from schools.permissions import ROLE_PERMISSIONS
from schools.tests.factories import sign_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

WORDS = "Kanarivogel"
NARRATIVES = ("child", "adult", "reply", "device")


def _words(kind: str, name: str, longest: int) -> str:
    """The same words for every story. Who a concern is about stands in lists too, and is no story."""
    return WORDS if kind in NARRATIVES and name != "unlisted name" else f"{name} {longest}"


@pytest.fixture(scope="module")
def planted(db_of_module: None) -> Planted:
    """Every text about a person holds the same words."""
    return plant(_words)


@pytest.fixture(scope="module")
def addresses(planted: Planted) -> dict[str, str]:
    with scope.acting(schools=[planted.school.pk]):
        return planted.addresses()


def reader_of(planted: Planted, route: routes.Route) -> Any:
    """Somebody who may open the page."""
    assert route.gate is not None
    if route.name == "incidents:own_detail":
        return sign_in(planted.reporter.user)
    roles = [role for role in Role if route.gate.permission in ROLE_PERMISSIONS[role]]
    return sign_in(planted.members[Role.OFFICE if Role.OFFICE in roles else roles[0]].user)


def entries() -> int:
    return AuditEvent.objects.count()


def open_page(client: Any, address: str) -> Any:
    """The page; what it wrote is undone, after it was counted."""
    with transaction.atomic():
        before = entries()
        response = client.get(address)
        transaction.set_rollback(False)  # a page without its entry takes all of the transaction with it
        response.added = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True)[before:])
        transaction.set_rollback(True)
    return response


def pages_with_reads() -> list[routes.Route]:
    return [
        route for route in routes.gated() if route.gate and route.gate.reads and "GET" in route.gate.methods
    ]


@pytest.mark.requirement("R043")
def test_every_page_of_a_narrative_leaves_exactly_one_entry(planted, addresses):
    wrong = {}
    with scope.acting(schools=[planted.school.pk]):
        for route in pages_with_reads():
            response = open_page(reader_of(planted, route), addresses[route.name])
            if (response.status_code, response.added) != (200, [route.gate.reads]):
                wrong[route.name] = (response.status_code, response.added)

    assert len(pages_with_reads()) >= 20
    assert wrong == {}


def test_every_page_that_shows_a_narrative_is_recorded(planted, addresses):
    silent = []
    with scope.acting(schools=[planted.school.pk]):
        for route in routes.gated():
            if "GET" in route.gate.methods and not route.gate.reads:
                response = open_page(reader_of(planted, route), addresses[route.name])
                content = b"" if response.streaming else response.content
                if WORDS.encode() in content:
                    silent.append(route.name)

    assert silent == []


@contextmanager
def failing_audit() -> Iterator[None]:
    """The audit table is locked or full: the database refuses what is appended."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT INTO") and "core_auditevent" in sql:
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def test_without_an_entry_there_is_no_page(planted, addresses):
    shown = []
    with scope.acting(schools=[planted.school.pk]):
        for route in pages_with_reads():
            client = reader_of(planted, route)
            client.raise_request_exception = False
            with failing_audit():
                response = open_page(client, addresses[route.name])
            if response.status_code != 500 or WORDS.encode() in response.content or response.added:
                shown.append(route.name)

    assert shown == []


def test_refused_reads_leave_no_entry_of_reading(planted, addresses):
    governor = sign_in(planted.members[Role.GOVERNOR].user)
    with scope.acting(schools=[planted.school.pk]):
        added = [
            open_page(governor, addresses[route.name]).added
            for route in pages_with_reads()
            if route.gate.permission not in ROLE_PERMISSIONS[Role.GOVERNOR]
        ]

    assert added
    assert not any(added)
