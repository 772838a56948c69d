"""Fixtures of every app: a clean database as the application sees it, two schools, and clients that are signed in."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Looking for garbage every few hundred objects, among all that the applications are made of, is a seventh of the work.
gc.set_threshold(100_000, 50, 100)


def pytest_collection_finish() -> None:
    """What is there now stays to the end: nothing looks through it again."""
    gc.freeze()


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leaves out what only the other database can prove, long proofs, and on wish what needs no database."""
    other = "sqlite" if config.getoption("--db") == "postgres" else "postgres"
    left_out = {
        item
        for item in items
        if item.get_closest_marker(other)
        or (item.get_closest_marker("soak") and not config.getoption("--soak"))
        or (config.getoption("--only-database") and not uses_database(item))
    }
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    items[:] = dealt(items)


def dealt(items: list[Any]) -> list[Any]:
    """The long tests first, so that no process ends with one of them while the other has nothing left to do.

    Of two processes each begins with one half of the list. Modules stay whole: many make something once for all their tests.
    """
    modules: dict[Any, list[Any]] = {}
    for item in items:
        modules.setdefault(item.path, []).append(item)
    long = [tests for tests in modules.values() if any(test.get_closest_marker("slow") for test in tests)]
    short = [test for tests in modules.values() if tests not in long for test in tests]
    first, second = ([test for tests in half for test in tests] for half in (long[::2], long[1::2]))
    middle = max(0, len(items) // 2 - len(first))
    return [*first, *short[:middle], *second, *short[middle:]]


def uses_database(item: Any) -> bool:
    """Whether a test asks for a database of which it could prove something, or names one."""
    if item.get_closest_marker("any_database"):
        return False
    marks = ("django_db", "sqlite", "postgres")
    return bool(DATABASE_FIXTURES & set(item.fixturenames)) or any(map(item.get_closest_marker, marks))


@pytest.fixture(scope="session", autouse=True)
def key_file() -> None:
    """A key file that every worker of this run shares; the first one makes it."""
    from core import crypto  # noqa: PLC0415 - settings are not read when this file is

    with (settings.DATA_DIR / "key-file.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        crypto.make_key_file(settings.KEY_FILE)


@pytest.fixture(scope="session")
def kept_between_runs(pytestconfig: pytest.Config) -> Path:
    """The folder of what is kept from run to run, because it takes seconds to make."""
    return pytestconfig.rootpath / ".pytest_cache" / "kept"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
    kept_between_runs: Path,
) -> Iterator[None]:
    """A database made by real migrations; append-only tables are emptied after tests that commit."""
    from django.db import connections  # noqa: PLC0415 - settings are not read when this file is

    from policyhub.testing.cleaning import make_databases  # noqa: PLC0415 - likewise

    with django_db_blocker.unblock():
        make_databases(kept_between_runs)
        yield
        connections.close_all()


@pytest.fixture(scope="module")
def db_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database, for what is made once for all tests of a module; undone after the last of them."""
    from django.db import transaction  # noqa: PLC0415 - likewise

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; nothing is ever downloaded."""
    program = (
        os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    )
    return {
        **browser_type_launch_args,
        "executable_path": program,
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }


@pytest.fixture(scope="session")
def soak(pytestconfig: pytest.Config) -> bool:
    """Whether long proofs run in full."""
    return bool(pytestconfig.getoption("--soak"))


@pytest.fixture
def half_a_minute() -> Iterator[None]:
    """A code holds for half a minute: each test begins with a new one, and with nothing counted or used before."""
    from django.core.cache import cache  # noqa: PLC0415

    cache.clear()
    with time_machine.travel(time.time() // 30 * 30):
        yield


@pytest.fixture
def school(db: None) -> Iterator[Any]:
    """A school whose rows are visible, as inside a request."""
    from core import scope  # noqa: PLC0415
    from schools.tests.factories import make_school  # noqa: PLC0415

    made = make_school()
    with scope.acting(schools=[made.pk]):
        yield made


@pytest.fixture
def other_school(db: None) -> Any:
    """Another school, whose rows are not visible."""
    from schools.tests.factories import make_school  # noqa: PLC0415

    return make_school()


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """A client signed in as a member, with a second factor given just now (or `factor_minutes_ago`)."""

    from schools.tests.factories import sign_in  # noqa: PLC0415 - apps are not loaded when this file is

    def as_member(membership: Any, *, factor_minutes_ago: float | None = 0) -> Client:
        return sign_in(membership.user, factor_minutes_ago=factor_minutes_ago)

    return as_member
