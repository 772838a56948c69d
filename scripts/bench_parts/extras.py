"""What else takes time: services alone, memory, reading and signing of policies, the audit walk, the reminder sweep."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from bench_parts.drive import Target
from bench_parts.ground import POLICIES, Ground, log_one
from bench_parts.pages import client_of, cookie_of
from core import audit, scope
from core.pdf import render_pdf
from incidents.models import Concern
from policies import check
from policies import services as policy_services
from policies.compare import Part, compare
from policies.models import PolicyVersion
from policies.reading import read_policy
from policies.selectors import document_text, school_state
from policies.signing import SignatureField, SigningAct, prepare_for_signing, sign_pdf
from policies.tasks import remind_of_reviews
from policyhub.demo.data import policy_text

Row = tuple[str, str]


def _milliseconds(work: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def services_alone(grounds: list[Ground], seconds: int) -> list[Row]:
    """Concerns created per second without HTTP: by one process, and by eight at once in one school and in eight."""
    plans = {
        "1 process": [grounds[0]],
        "8 processes, one school": [grounds[0]] * 8,
        "8 processes, eight schools": grounds[:8],
    }
    connections.close_all()
    return [
        (f"concerns created by the services: {name}", f"{_rate(chosen, seconds):.0f} / s")
        for name, chosen in plans.items()
    ]


def _rate(grounds: list[Ground], seconds: int) -> float:
    with multiprocessing.get_context("fork").Pool(len(grounds)) as pool:
        return float(sum(pool.starmap(_create, [(ground, seconds) for ground in grounds], chunksize=1)))


def _create(ground: Ground, seconds: int) -> float:
    with scope.acting(schools=[ground.school.pk]):
        for n in range(3):
            with transaction.atomic():
                log_one(ground, n)
        start, made = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            with transaction.atomic():
                log_one(ground, made)
            made += 1
    connections.close_all()
    return made / (time.perf_counter() - start)


def audit_walk(ground: Ground) -> Row:
    """How long the proof of the largest chain takes."""
    with scope.acting(schools=[ground.school.pk]), scope.reading():
        start = time.perf_counter()
        verdict = audit.verify(ground.school.pk)
        taken = time.perf_counter() - start
    return (
        "audit verified",
        f"{verdict.entries:,} entries in {taken:.1f} s ({taken / verdict.entries * 100_000:.1f} s for 100,000)",
    )


def bare_append(ground: Ground) -> Row:
    """One audit entry in its own transaction."""
    by, school_id = ground.people["dsl"], ground.school.pk

    def append() -> None:
        with scope.acting(schools=[school_id]), transaction.atomic():
            audit.record("bench.append", by=by, school_id=school_id)

    return "one audit entry, committed", f"{_milliseconds(append, 200):.1f} ms"


def policies(ground: Ground) -> list[Row]:
    """Reading, rendering and signing of the longest policy of the demonstration; signing on top of the same rendering."""
    texts = {name: policy_text(f"{name}.txt").encode() for name in POLICIES}
    longest = max(texts, key=lambda name: len(texts[name]))
    with scope.acting(schools=[ground.school.pk]), transaction.atomic():
        version = next(
            one
            for one in PolicyVersion.objects.filter(school=ground.school)
            if one.title == longest.replace("-", " ").title()
        )
        context = document_text(version, "https://hub.example/check/")
        authority = policy_services.signing.authority_of(ground.school)
        font = policy_services.signing._font()  # noqa: SLF001 - the font that signatures are drawn in
    acts = [
        SigningAct(
            field=name,
            signer_name="Ann Bryce",
            signer_post=name.title(),
            signed_at=timezone.now(),
            certify=not n,
            font=font,
        )
        for n, name in enumerate(("headteacher", "chair"))
    ]
    made = render_pdf("pdf/policy.html", context, title=version.title)

    def sign() -> None:
        pdf = prepare_for_signing(made, [SignatureField(act.field, act.signer_post) for act in acts])
        for act in acts:
            pdf = sign_pdf(pdf, act, authority=authority)

    sign()
    reading = {
        name: _milliseconds(partial(read_policy, text, "policy.txt"), 5) for name, text in texts.items()
    }
    rendering = _milliseconds(lambda: render_pdf("pdf/policy.html", context, title=version.title), 5)
    return [
        (
            "policy read from text",
            f"median {median(reading.values()):.0f} ms, longest {max(reading.values()):.0f} ms (8 policies, 6 to 10 KB)",
        ),
        *_twenty_five_pages(b"\n\n".join(texts.values()), ground),
        ("policy made into a PDF", f"{rendering:.0f} ms ({len(made) / 1024:.0f} KB)"),
        ("both signatures on top", f"{_milliseconds(sign, 7):.0f} ms"),
    ]


def _twenty_five_pages(text: bytes, ground: Ground) -> list[Row]:
    """Reading, and checking against the school, of all policies of the demonstration in one file: about 25 pages."""
    with scope.acting(schools=[ground.school.pk]), transaction.atomic():
        state = school_state(ground.school, timezone.localdate())
    documents = read_policy(text, "policy.txt").documents

    def check_all() -> None:
        for document in documents:
            check.check(check.Case(document, timezone.localdate(), check.shipped(), state))

    size = f"({len(text) / 1024:.0f} KB)"
    return [
        (
            "25 pages read from text",
            f"{_milliseconds(lambda: read_policy(text, 'policy.txt'), 5):.0f} ms {size}",
        ),
        ("25 pages checked against a school", f"{_milliseconds(check_all, 5):.0f} ms {size}"),
    ]


def stored_download(ground: Ground) -> Row:
    """The PDF of a policy asked for again after it was made and signed, in this process: all middleware, no network."""
    with scope.acting(schools=[ground.school.pk]), transaction.atomic():
        version = PolicyVersion.objects.filter(school=ground.school).select_related("policy", "school")[0]
        policy_services.sign_version(version, by=ground.people["head"])
    path = reverse("policies:document_download", args=[ground.school.slug, version.pk])
    client = client_of(Target(path, [cookie_of(ground.readers[0])]), "")
    first = client.get(path)
    if first.status_code != 200:
        raise SystemExit(f"{path} answered {first.status_code}.")
    taken = _milliseconds(lambda: client.get(path), 50)
    return "signed PDF downloaded again", f"{taken:.1f} ms in the server ({len(first.content) / 1024:.0f} KB)"


def comparison() -> list[Row]:
    """Two versions of 300 clauses: every tenth reworded, and every one; by their words alone, as an import matches them."""
    texts = {
        every: [
            Part(
                f"Whoever is on duty in room {number} writes down what was done"
                f" {'before the end of the day' if number % every else 'at once, and says so to the lead'}.",
                f"{number // 20 + 1}.{number % 20 + 1}",
                under=f"Section {number // 20 + 1}",
            )
            for number in range(300)
        ]
        for every in (1000, 10, 1)
    }
    return [
        (
            f"two versions of 300 clauses compared, {name} reworded",
            f"{_milliseconds(partial(compare, texts[1000], texts[every]), 7):.0f} ms",
        )
        for every, name in ((10, "every tenth"), (1, "every one"))
    ]


def reminder_sweep() -> list[Row]:
    """The sweep over all schools: when reminders are due, and again when all are handled."""
    rows = []
    for name in ("first", "again"):
        start = time.perf_counter()
        mailed = remind_of_reviews()
        rows.append(
            (
                f"reminder sweep, {name}",
                f"{(time.perf_counter() - start) * 1000:.0f} ms, {mailed} mails queued",
            )
        )
    return rows


def load_average() -> str:
    """How busy the machine is otherwise."""
    return Path("/proc/loadavg").read_text().split()[0]


def count_all() -> int:
    """Concerns on record in all schools, as the owner of the tables sees the estimate."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [Concern._meta.db_table]
        )
        return int(cursor.fetchone()[0])
