"""Every address, every role and every method, compared with the table that a person has reviewed.

The reviewed table is access_table.txt beside this file. When a route or a permission changes on purpose, run
`python scripts/access_table.py` and read the difference as a reviewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from policyhub.tests import routes
from policyhub.tests.access_table import Row, current_table, reviewed_table
from policyhub.tests.visits import each_pdf_made_once
from policyhub.tests.world import World, answer, ask, undone
from schools import permissions
from schools.enums import Permission, Role
from schools.tests.factories import sign_in, without_tokens

pytestmark = pytest.mark.django_db

PARTS = 4
"""Into which the long walks are cut, so that several processes share them."""

BEHIND_A_GATE = {Permission.REGISTER_WRITE}
"""Which register it is decides behind the gate of all registers (registers/tests/test_views.py)."""


def wrong_cells(
    world: World, row: Row, roles: Any = tuple(Role), methods: Any = routes.METHODS
) -> Iterator[str]:
    """These methods of one row by these roles, where the answer is not the reviewed one."""
    cells = [
        (role, method)
        for role in roles
        for method in methods
        # Not the whole page once more, for each role that has just opened it with GET.
        if method != "HEAD" or role not in row.roles[1:]
    ]
    with undone():
        yield from _wrong(world, row, [cell for cell in cells if not _granted(row, *cell)], ask)
    yield from _wrong(world, row, [cell for cell in cells if _granted(row, *cell)], answer)


def _wrong(world: World, row: Row, cells: list[tuple[Role, str]], request: Any) -> Iterator[str]:
    for role, method in cells:
        code = request(world.clients[role], method, world.addresses[row.name]).status_code
        if not _as_reviewed(row, role, method, code):
            yield f"{row.name} {method} by {role}: {code}"


def _granted(row: Row, role: Role, method: str) -> bool:
    return role in row.roles and (method in row.methods or (method == "HEAD" and "GET" in row.methods))


def _as_reviewed(row: Row, role: Role, method: str, code: int) -> bool:
    if _granted(row, role, method):
        return code in (200, 204, 302, 400, 404, 409)
    return code == (405 if role in row.roles else 403)


@pytest.fixture(scope="module")
def world(db_of_module: None) -> Iterator[World]:
    """Made once: no test changes it."""
    with each_pdf_made_once():
        yield World()


def test_no_route_is_undeclared_or_stale() -> None:
    assert (routes.undeclared(), routes.stale()) == ([], [])


def test_table_is_the_reviewed_one() -> None:
    assert current_table() == reviewed_table()


def test_every_narrative_has_a_reason() -> None:
    granted = {
        (role, one)
        for role, all_of in permissions.ROLE_PERMISSIONS.items()
        for one in all_of & permissions.NARRATIVE
    }

    assert granted == permissions.NARRATIVE_REASONS.keys()


@pytest.mark.slow
@pytest.mark.requirement("R043")
def test_nobody_without_a_sign_in_gets_in(world: World) -> None:
    with undone():
        wrong = [
            f"{name} {method}"
            for name, address in world.addresses.items()
            for method in routes.METHODS
            if not ask(world.nobody, method, address)
            .headers.get("Location", "")
            .startswith("/accounts/login/")
        ]

    assert wrong == []


def outsiders(world: World) -> Iterator[tuple[str, Client, tuple[str, ...]]]:
    """People without a post in the school, and the methods to try.

    They are turned away before their post elsewhere is looked at: two posts stand for all, and the others try less.
    """
    yield "stranger", world.stranger, routes.METHODS
    for role, client in world.other_clients.items():
        if role in (Role.DSL, Role.ADMIN):
            yield f"other {role}", client, routes.METHODS
        elif connection.vendor == "postgresql":
            yield f"other {role}", client, ("GET", "POST", "DELETE")


@pytest.mark.slow
@pytest.mark.requirement("R043")
@pytest.mark.parametrize("part", range(PARTS))
def test_strangers_and_other_schools_get_the_page_of_a_wrong_address(world: World, part: int) -> None:
    wrong = []
    for name, address in list(world.addresses.items())[part::PARTS]:
        with undone():
            for who, client, methods in outsiders(world):
                codes = {method: ask(client, method, address).status_code for method in methods}
                wrong += [
                    f"{name} {method} by {who}: {code}" for method, code in codes.items() if code != 404
                ]

    assert wrong == []


@pytest.mark.slow
@pytest.mark.requirement("R043")
def test_object_of_another_school_is_the_same_as_none(world: World) -> None:
    wrong = []
    for row in reviewed_table():
        if row.name not in world.foreign:
            continue
        for role in row.roles:
            client, address = world.clients[role], world.foreign[row.name]
            unknown = _with_random_id(address)
            for method in row.methods:
                with undone():
                    foreign, none = ask(client, method, address), ask(client, method, unknown)
                if foreign.status_code != 404 or without_tokens(foreign.content) != without_tokens(
                    none.content
                ):
                    wrong.append(f"{row.name} {method} by {role}: {foreign.status_code}")

    assert wrong == []


def _with_random_id(address: str) -> str:
    """The same address with an id that nobody has."""
    return "/".join(str(uuid4()) if part.count("-") == 4 else part for part in address.split("/"))


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.requirement("R043")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_cell_is_as_reviewed(world: World, part: int) -> None:
    rows = reviewed_table()[part::PARTS]
    wrong = [cell for row in rows for cell in wrong_cells(world, row)]

    cells = sum(len(Role) * len(routes.METHODS) - len(row.roles[1:]) for row in rows)
    print(f"{cells} cells of roles, {len(wrong)} wrong")  # noqa: T201
    assert wrong == []


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("part", range(PARTS))
def test_whoever_may_gets_in_where_the_database_has_no_walls(world: World, part: int) -> None:
    """Every cell that is granted; and a post that sees little is refused, by the code alone."""
    wrong = []
    for row in reviewed_table()[part::PARTS]:
        wrong += wrong_cells(world, row, row.roles, row.methods)
        wrong += wrong_cells(world, row, [Role.IT])

    assert wrong == []


MOST_QUERIES = 15 + 1
"""One more than a page may ask itself: the one that finds membership, school and posts."""
APART = ("django_session", 'FROM "schools_user"', "SAVEPOINT", "set_config", "core_audit")
"""Session, sign-in, the context of the database and the audit are not a page's own questions either (docs/bench.md)."""


@pytest.mark.slow
def test_no_page_asks_the_database_more_often_than_fifteen_times(world: World) -> None:
    asked = {}
    for row in (row for row in reviewed_table() if "GET" in row.methods):
        with CaptureQueriesContext(connection) as seen:
            answer(world.clients[row.roles[0]], "GET", world.addresses[row.name])
        own = [one["sql"] for one in seen if not any(part in one["sql"] for part in APART)]
        asked[row.name] = len(own)

    assert {name: count for name, count in asked.items() if count > MOST_QUERIES} == {}


@pytest.mark.slow
@pytest.mark.sqlite
def test_every_mutated_permission_turns_the_matrix_red(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    survivors, mutants = [], 0
    for role, granted in permissions.ROLE_PERMISSIONS.items():
        for permission in granted:
            if permission in BEHIND_A_GATE:
                continue
            mutants += 1
            monkeypatch.setitem(permissions.ROLE_PERMISSIONS, role, granted - {permission})
            permissions.granted.cache_clear()
            rows = [row for row in reviewed_table() if row.permission == permission]
            if not any(cell for row in rows for cell in wrong_cells(world, row, [role])):
                survivors.append(f"{role} without {permission}")
        monkeypatch.setitem(permissions.ROLE_PERMISSIONS, role, granted)
    permissions.granted.cache_clear()

    print(f"{mutants} permission mutants, {len(survivors)} survived")  # noqa: T201
    assert mutants >= 50
    assert survivors == []


@pytest.mark.slow
@pytest.mark.sqlite
def test_every_opened_gate_turns_the_matrix_red(world: World) -> None:
    survivors, views = [], {route.name: route.view for route in routes.gated()}
    for row in reviewed_table():
        refused = [role for role in Role if role not in row.roles]
        if not refused:
            continue
        gate = views[row.name].gate
        views[row.name].gate = replace(gate, permission=Permission.HOME)
        if not any(wrong_cells(world, row, refused[:1])):
            survivors.append(row.name)
        views[row.name].gate = gate

    assert survivors == []


@pytest.mark.slow
def test_role_without_second_factor_is_sent_to_set_one_up(world: World) -> None:
    wrong = []
    for role in (one for one in Role if permissions.needs_second_factor([one])):
        client = sign_in(world.members[role].user, factor_minutes_ago=None)
        with undone():
            for name, address in world.addresses.items():
                location = ask(client, "GET", address).headers.get("Location", "")
                if not location.startswith("/accounts/2fa/"):
                    wrong.append(f"{role} {name}")

    assert wrong == []


@pytest.mark.slow
def test_stale_second_factor_is_asked_for_again_where_it_matters(world: World) -> None:
    asked, served = 0, []
    for row in (row for row in reviewed_table() if row.step_up):
        for role in row.roles:
            client = sign_in(world.members[role].user, factor_minutes_ago=11)
            for method in row.methods:
                location = answer(client, method, world.addresses[row.name]).headers.get("Location", "")
                asked += 1
                if not location.startswith("/accounts/2fa/reauthenticate/"):
                    served.append(f"{row.name} {method} by {role}")

    print(f"{asked} requests with a stale factor, {len(served)} served")  # noqa: T201
    assert (asked > 0, served) == (True, [])


@pytest.mark.slow
def test_every_form_carries_its_token(world: World) -> None:
    wrong = []
    for row in (row for row in reviewed_table() if "GET" in row.methods):
        page = answer(world.clients[row.roles[0]], "GET", world.addresses[row.name]).content.decode(
            errors="ignore"
        )
        forms = re.findall(r"<form[^>]*method=.?post.*?</form>", page, re.DOTALL | re.IGNORECASE)
        wrong += [row.name for form in forms if "csrfmiddlewaretoken" not in form]

    assert wrong == []
