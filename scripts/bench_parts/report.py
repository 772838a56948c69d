"""The whole run, in its order, and the lines that it prints."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction

from bench_parts import extras, floor, ground, pages, web
from bench_parts.drive import Driver, Figures, typical
from core import scope
from core.crypto import make_key_file

FULL = os.environ.get("SCALE") == "full"
SCHOOLS = 100 if FULL else 20
LARGE = int(os.environ.get("CONCERNS", "100000" if FULL else "20000"))
SMALL, OTHERS = 1000, 200
SECONDS = int(os.environ.get("SECONDS_EACH", "4"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CLIENTS = (1, 8)


def say(text: str = "") -> None:
    """One line, at once."""
    print(text, flush=True)


def run(stack: ExitStack) -> None:
    """Data, proof, pages, the rest."""
    grounds = load()
    csrf = secrets.token_hex(16)
    large, small = pages.pages_of(grounds[0]), pages.pages_of(grounds[1])
    costs(large, csrf)
    only = os.environ.get("ONLY", "")
    with web.web_server(2) as (pid, port):
        driver = Driver(port, Path(settings.DATA_DIR), csrf, [pid, web.database_process()])
        compare_sizes(driver, large[0], small[0])
        for clients in CLIENTS:
            heading(clients)
            for page in large:
                if only in page.name:
                    compare(driver, page, clients)
        created(driver, grounds)
    memory(driver, large)
    rest(grounds)


def load() -> list[ground.Ground]:
    """Tables, schools, concerns; every chain is proved before anything is timed."""
    start = time.perf_counter()
    make_key_file(settings.KEY_FILE)
    call_command("migrate", database="owner", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connections["owner"].cursor() as cursor:
        for statement in floor.MAKE_TABLES:
            cursor.execute(statement)
    grounds = [
        ground.make_ground(n, staff=30 if n < 8 else 3, learners=420 if n < 8 else 40) for n in range(SCHOOLS)
    ]
    for n, one in enumerate(grounds):
        ground.load_concerns(one, (LARGE, SMALL)[n] if n < 2 else SMALL if FULL else OTHERS)
        ground.make_policies(one, ground.LIBRARY if n == 0 else 1)
    grounds[0].long_policy = ground.make_long_policy(grounds[0])
    ground.log_sample(grounds[0])
    ground.fill_safe(grounds[0])
    entries = ground.prove_chains(grounds)
    with connections["owner"].cursor() as cursor:
        floor.start_chains(cursor)
        cursor.execute("ANALYZE")
    say(
        f"{SCHOOLS} schools, {LARGE:,} concerns in the largest; {entries:,} audit entries hold. Loaded in {time.perf_counter() - start:.0f} s."
    )
    return grounds


def costs(large: list[pages.Page], csrf: str) -> None:
    """Queries and bytes of every page."""
    say("\nQueries and bytes (apart: session, sign-in, audit, transaction)")
    for page in large:
        if page.target.form:
            continue
        cost = pages.cost_of(page, csrf)
        apart = ", ".join(f"{name} {count}" for name, count in cost.apart.items())
        say(f"  {page.name:<24}{cost.own:>3} queries   {cost.size / 1024:5.1f} KB   apart: {apart}")
        if os.environ.get("STATEMENTS"):
            for statement in cost.statements:
                say(f"      {statement[:400]}")
    connection.close()


def heading(clients: int) -> None:
    """The head of one table."""
    say(
        f"\n{clients} client{'s' if clients > 1 else ''}, load average {extras.load_average()} (times in ms; work: processor time a page)"
    )
    columns = f"{'/s':>8}{'p50':>8}{'p95':>8}{'work':>7}"
    say(f"  {'':<22}{columns}   floor:{columns}   times the floor: p50, work")


def compare(driver: Driver, page: pages.Page, clients: int) -> None:
    """A page and its floor in turn, so that whatever else the machine does meets both."""
    ours: list[Figures] = []
    least: list[Figures] = []
    driver.run(page.target, clients, 3 if page.target.form else 1)
    driver.run(page.floor, clients, 1)
    for _ in range(ROUNDS):
        ours.append(driver.run(page.target, clients, SECONDS))
        least.append(driver.run(page.floor, clients, SECONDS))
    one, other = typical(ours), typical(least)
    errors = f"   {one.errors + other.errors} errors" if one.errors + other.errors else ""
    times = f"{one.p50 / other.p50:.2f}  {one.work / max(other.work, 0.1):.2f}"
    say(f"  {page.name:<22}{_columns(one)}         {_columns(other)}   {times}{errors}")


def _columns(figures: Figures) -> str:
    return f"{figures.rate:>8.1f}{figures.p50:>8.1f}{figures.p95:>8.1f}{figures.work:>7.1f}"


def compare_sizes(driver: Driver, large: pages.Page, small: pages.Page) -> None:
    """The queue of the large school against that of the small one."""
    driver.run(large.target, 1, 1)
    driver.run(small.target, 1, 1)
    pairs = [
        (driver.run(large.target, 1, SECONDS), driver.run(small.target, 1, SECONDS)) for _ in range(ROUNDS)
    ]
    many, few = typical([pair[0] for pair in pairs]), typical([pair[1] for pair in pairs])
    say(
        f"\nQueue at {LARGE:,} concerns {many.p50:.1f} ms, at {SMALL:,} {few.p50:.1f} ms: {many.p50 / few.p50:.2f} times (load average {extras.load_average()})"
    )


def created(driver: Driver, grounds: list[ground.Ground]) -> None:
    """Concerns sent by 8 clients into one school and into eight, counted in the database afterwards."""
    eight = grounds[:8]
    sent = [next(page for page in pages.pages_of(one) if page.target.form) for one in eight]
    say(f"\nConcerns sent by 8 clients (load average {extras.load_average()})")
    plans = {
        "into one school": sent[0].target,
        "into eight schools": replace(sent[0].target, others=[page.target for page in sent[1:]]),
        "a bare insert, one school": sent[0].floor,
        "a bare insert, eight schools": replace(sent[0].floor, others=[page.floor for page in sent[1:]]),
    }
    for name, target in plans.items():
        driver.run(target, 8, 3)
        before = sum(pages.count_concerns(one) for one in eight)
        shown = driver.run(target, 8, SECONDS)
        kept = sum(pages.count_concerns(one) for one in eight) - before
        say(
            f"  {name:<30}{shown.rate:>7.1f} / s   p50 {shown.p50:.1f} ms   p95 {shown.p95:.1f} ms   work {shown.work:.1f} ms   "
            f"{shown.requests} answered, {kept} kept, {shown.errors} errors"
        )


def memory(driver: Driver, large: list[pages.Page]) -> None:
    """Three workers, each of which has shown every page."""
    with web.web_server(3) as (pid, port):
        warm = Driver(port, driver.folder, driver.csrf)
        for page in large:
            warm.run(page.target, 8, 2)
        workers, watcher = web.weigh(pid)
    say(
        f"\nMemory of three web workers (proportional share): {workers:.0f} MB, and {watcher:.0f} MB for the process that watches them"
    )


def rest(grounds: list[ground.Ground]) -> None:
    """What does not go through HTTP."""
    say(f"\nWithout HTTP (load average {extras.load_average()})")
    rows = [
        *extras.services_alone(grounds, SECONDS),
        extras.bare_append(grounds[0]),
        extras.audit_walk(grounds[0]),
    ]
    rows += [*extras.policies(grounds[0]), extras.stored_download(grounds[0]), *extras.comparison()]
    rows += extras.reminder_sweep()
    for name, text in rows:
        say(f"  {name:<62}{text}")
    with scope.acting(schools=[grounds[0].school.pk]), transaction.atomic():
        ground.prove_chains(grounds[:8])
    say("  every chain that was written to holds")
