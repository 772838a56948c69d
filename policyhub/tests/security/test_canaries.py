"""Every personal field holds a unique text; after every flow, no sink holds one that it should not."""

from __future__ import annotations

import io
import json
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from celery import current_app
from celery.signals import task_prerun
from django.core import mail
from django.db import transaction
from django.test import Client, TestCase

from core import logs, scope
from core.tasks import deliver_mail
from policyhub.tests.security.canaries import Canaries, Sinks, ask, body_of, broker_dump, leaks
from policyhub.tests.security.planting import Planted, plant
from policyhub.tests.visits import each_pdf_made_once, settle
from schools.enums import Role
from schools.tests.factories import make_user, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture(scope="module")
def sinks() -> Iterator[Sinks]:
    made, root = Sinks(), logging.getLogger()
    root.addHandler(made.handler)
    task_prerun.connect(made.note_task)
    yield made
    root.removeHandler(made.handler)
    task_prerun.disconnect(made.note_task)


@pytest.fixture(scope="module")
def planted(db_of_module: None, canaries: Canaries, sinks: Sinks) -> Iterator[Planted]:
    """Made once; what a test changes is undone."""
    with each_pdf_made_once():
        with TestCase.captureOnCommitCallbacks(execute=True):
            made = plant(canaries)
        sinks.mail = [message.message().as_bytes().decode() for message in mail.outbox]
        with scope.acting(schools=[made.school.pk]):
            made.where = made.addresses()  # type: ignore[attr-defined]
        yield made


SEES_MUCH_OR_LITTLE = (Role.DSL, Role.NAMED_GOVERNOR, Role.STAFF)


@pytest.mark.requirement("R043")
@pytest.mark.parametrize(
    "role",
    # All of them where no wall of the database helps the code.
    [one if one in SEES_MUCH_OR_LITTLE else pytest.param(one, marks=pytest.mark.sqlite) for one in Role],
)
def test_no_role_sees_what_is_not_for_it(planted, canaries, sinks, role):
    client = settle(sign_in(planted.members[role].user), planted.school)

    assert list(leaks(planted, canaries, sinks, role, client)) == []


def test_nobody_else_sees_anything(planted, canaries, sinks):
    outsiders = {"stranger": sign_in(make_user()), "nobody": Client()}
    found = [
        leak for who, client in outsiders.items() for leak in leaks(planted, canaries, sinks, who, client)
    ]

    assert found == []


def test_canaries_are_where_they_belong(planted, canaries):
    """The control: whoever may see them does, so that the search is known to find them."""
    seen: Counter[str] = Counter()
    for role in (Role.DSL, Role.HEADTEACHER, Role.OFFICE, Role.NAMED_GOVERNOR):
        client = settle(sign_in(planted.members[role].user), planted.school)
        for address in planted.where.values():
            seen |= canaries.found(body_of(ask(client, address)))
    kinds = {kind for kind, _ in canaries.kinds.values()}

    assert kinds - set(seen) <= {"contact"}, "no page shows these, so nothing is proved about them"


def test_the_reporter_sees_the_answer_and_not_the_record(planted, canaries):
    client = settle(sign_in(planted.reporter.user), planted.school)
    seen = Counter[str]()
    for address in planted.where.values():
        seen |= canaries.found(body_of(ask(client, address)))

    assert sorted(seen) == ["person", "policy", "reply"]


def test_addresses_headers_and_titles_name_nobody(planted, canaries, sinks):
    sinks.headers.extend(planted.where.values())
    client = settle(sign_in(planted.members[Role.DSL].user), planted.school)
    for address in planted.where.values():
        sinks.note(ask(client, address))
    text = "\n".join(sinks.headers)

    assert set(canaries.found(text)) <= {"policy", "report"}
    assert canaries.found(text + " kanariaaaaaa") != canaries.found(text)


def test_pdf_metadata_names_nobody(planted, canaries):
    client = sign_in(planted.members[Role.CHAIR].user)
    pdfs = []
    for name, address in planted.where.items():
        answer = ask(client, address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if content.startswith(b"%PDF"):
            with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as metadata:
                pdfs.append((name, f"{pdf.docinfo!r} {metadata!s} {answer.headers!r}"))

    assert len(pdfs) >= 1
    assert {
        name: found for name, text in pdfs if (found := set(canaries.found(text)) - {"policy", "report"})
    } == {}


def test_mail_names_nobody(planted, canaries, sinks):
    kinds = {mail.partition("Subject: ")[2].partition("\n")[0] for mail in sinks.mail}

    assert len(sinks.mail) >= 10
    assert len(kinds) >= 4
    assert canaries.fields("\n".join(sinks.mail)) <= {"saved title"}, "only what a policy is called"


def test_tasks_are_called_with_ids_only(planted, canaries, sinks):
    names = {task.partition(" ")[0] for task in sinks.tasks}

    assert names >= {"core.tasks.deliver_mail", "policies.tasks.prepare_document"}
    assert canaries.found("\n".join(sinks.tasks)) == Counter()


# --- Errors and logs --------------------------------------------------------------------------------------------------


class Planned(Exception):
    """Rises in place of a view; its text holds what somebody typed."""


def raising(text: str) -> Any:
    """A view that fails while it holds somebody's words, in the way of database errors that quote a row."""

    def view(request: Any, **kwargs: Any) -> Any:
        narrative = request.POST.get("narrative", "")
        logging.getLogger("third.party").error("failed for %s", text)
        raise Planned(f"{text} {narrative}") from ValueError(text)

    return view


def all_patterns(patterns: Any) -> Iterator[Any]:
    for pattern in patterns:
        yield from all_patterns(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]


def test_a_failure_on_any_route_shows_and_logs_no_words(planted, canaries, sinks, monkeypatch, settings):
    from django.urls import get_resolver  # noqa: PLC0415

    settings.ADMINS = [("Who runs it", "admin@school.example")]
    text = next(iter(canaries.kinds))
    for pattern in all_patterns(get_resolver().url_patterns):
        monkeypatch.setattr(pattern, "callback", raising(text))
    client = sign_in(planted.members[Role.DSL].user)
    client.raise_request_exception = False
    before, answers = len(mail.outbox), []
    for address in planted.where.values():
        with transaction.atomic():
            answers.append(client.post(f"{address}?q={text}", {"narrative": text}))
            transaction.set_rollback(True)

    assert {answer.status_code for answer in answers} == {500}
    assert len(answers) >= 60
    assert [found for answer in answers if (found := canaries.found(answer.content.decode()))] == []
    assert len(mail.outbox) == before
    logged = sinks.log.getvalue()
    assert logged.count('"Planned"') >= len(answers)
    assert canaries.found(logged) == Counter()


def test_logs_of_all_flows_are_json_and_name_nobody(planted, canaries, sinks):
    lines = [json.loads(line) for line in sinks.log.getvalue().splitlines()]
    logging.getLogger("core.mail").error("a planted %s", next(iter(canaries.kinds)))

    assert lines
    assert {key for line in lines for key in line} <= {
        "at", "level", "logger", "message", "request_id", "error", *logs.KEYS,
    }  # fmt: skip
    assert canaries.found("\n".join(map(json.dumps, lines))) == Counter()
    assert canaries.found(sinks.log.getvalue()) != Counter()


def test_str_and_repr_of_every_record_are_ids_only(planted, canaries):
    from django.apps import apps  # noqa: PLC0415

    shown = []
    with scope.acting(schools=[planted.school.pk]):
        for model in apps.get_models():
            if model._meta.app_label in (
                "core",
                "schools",
                "policies",
                "incidents",
                "devices",
                "registers",
                "reports",
            ):
                shown.extend(f"{row!s} {row!r}" for row in model._default_manager.all()[:50])

    assert len(shown) > 100
    assert canaries.found("\n".join(shown)) == Counter()


def test_the_broker_holds_ids_only(planted, canaries, tmp_path):
    app = current_app._get_current_object()
    eager, app.conf.task_always_eager = app.conf.task_always_eager, False
    try:
        with scope.acting(schools=[planted.school.pk]), transaction.atomic():
            deliver_mail.delay()
    finally:
        app.conf.task_always_eager = eager
    waiting = broker_dump()

    assert "deliver_mail" in waiting
    assert canaries.found(waiting) == Counter()
