"""Every personal field holds a unique text; after every flow, no sink holds one that it should not."""

from __future__ import annotations

import io
import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import pytest
from celery import current_app
from celery.signals import task_prerun
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse

from core import logs, scope
from core.tasks import deliver_mail
from policyhub.tests.security.planting import Planted, plant
from schools.enums import Permission, Role
from schools.permissions import ROLE_PERMISSIONS
from schools.tests.factories import make_user, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

CANARY = re.compile(r"Kanari[a-z]{6}", re.IGNORECASE)
EVERYBODY = frozenset(Role)


def holding(*permissions: Permission) -> frozenset[Role]:
    """The roles that have one of these."""
    return frozenset(role for role in Role if ROLE_PERMISSIONS[role] & set(permissions))


MAY_SEE: dict[str, frozenset[Role]] = {
    "person": EVERYBODY,
    "policy": EVERYBODY,
    "learner": holding(Permission.LEARNER_FIND),
    "contact": holding(Permission.DEVICE_DESK),
    "child": holding(Permission.CONCERN_READ),
    "reply": holding(Permission.CONCERN_READ),
    "adult": frozenset({Role.HEADTEACHER, Role.HEAD_OF_SCHOOL}),
    "device": holding(Permission.DEVICE_DESK),
    "register": holding(Permission.REGISTER_READ),
    "report": holding(Permission.REPORT_READ),
}
"""Who may see which kind of text. The page of the person who reported is not among the clients."""


class Canaries:
    """Makes a new text for every field and knows them again."""

    def __init__(self) -> None:
        self.kinds: dict[str, tuple[str, str]] = {}

    def __call__(self, kind: str, name: str, longest: int) -> str:
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{len(self.kinds):06}")
        text = f"Kanari{letters}"
        self.kinds[text.lower()] = (kind, name)
        return text

    def found(self, text: str) -> Counter[str]:
        """Kinds of the canaries in a text."""
        return Counter(self.kinds[hit.lower()][0] for hit in set(CANARY.findall(text)))

    def fields(self, text: str) -> set[str]:
        """Fields of the canaries in a text."""
        return {self.kinds[hit.lower()][1] for hit in CANARY.findall(text)}


class Sinks:
    """Where texts may leak to: everything written during the flows."""

    def __init__(self) -> None:
        self.log, self.tasks, self.headers, self.mail = io.StringIO(), [], [], []
        self.handler = logging.StreamHandler(self.log)
        self.handler.setFormatter(logs.JsonFormatter())
        self.handler.addFilter(logs.RequestIdFilter())

    def note_task(self, task: Any = None, args: Any = None, kwargs: Any = None, **rest: Any) -> None:
        """What a task was called with."""
        self.tasks.append(f"{task.name} {args!r} {kwargs!r}")

    def note(self, response: Any) -> None:
        """Headers of an answer, and the title of its page."""
        self.headers.append(repr(sorted(response.headers.items())))
        self.headers.extend(re.findall(r"<title>.*?</title>", body_of(response), re.DOTALL))


def body_of(response: Any) -> str:
    """The answer as text; of a PDF its text and its metadata."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content.startswith(b"%PDF"):
        return content.decode(errors="replace")
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


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
def planted(
    django_db_setup: None, django_db_blocker: Any, canaries: Canaries, sinks: Sinks
) -> Iterator[Planted]:
    """Made once; what a test changes is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        with TestCase.captureOnCommitCallbacks(execute=True):
            made = plant(canaries)
        sinks.mail = [message.message().as_bytes().decode() for message in mail.outbox]
        with scope.acting(schools=[made.school.pk]):
            made.where = made.addresses()  # type: ignore[attr-defined]
        yield made
        transaction.set_rollback(True)


def ask(client: Client, address: str, method: str = "GET", **data: Any) -> Any:
    """An answer; what it changed is undone."""
    with transaction.atomic():
        response = (
            client.generic(method, address) if not data else getattr(client, method.lower())(address, data)
        )
        response.content  # noqa: B018 - read before the transaction ends
        transaction.set_rollback(True)
    return response


def leaks(planted: Planted, canaries: Canaries, sinks: Sinks, role: str, client: Client) -> Iterator[str]:
    """What this client sees and may not, at every address and the pages of their own account."""
    addresses = {**planted.where, **{name: reverse(name) for name in ("schools:start", "mfa_index")}}  # type: ignore[attr-defined]
    for name, address in addresses.items():
        for method in ("GET", "POST"):
            response = ask(client, address, method)
            sinks.note(response)
            for kind in canaries.found(body_of(response)):
                if role not in Role.values or Role(role) not in MAY_SEE[kind]:
                    yield f"{kind} at {name} {method} to {role}"


@pytest.mark.requirement("R043")
@pytest.mark.parametrize("role", Role.values)
def test_no_role_sees_what_is_not_for_it(planted, canaries, sinks, role):
    client = sign_in(planted.members[Role(role)].user)

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
        client = sign_in(planted.members[role].user)
        for address in planted.where.values():
            seen |= canaries.found(body_of(ask(client, address)))
    kinds = {kind for kind, _ in canaries.kinds.values()}

    assert kinds - set(seen) <= {"contact"}, "no page shows these, so nothing is proved about them"


def test_the_reporter_sees_the_answer_and_not_the_record(planted, canaries):
    client = sign_in(planted.reporter.user)
    seen = Counter[str]()
    for address in planted.where.values():
        seen |= canaries.found(body_of(ask(client, address)))

    assert sorted(seen) == ["person", "policy", "reply"]


def test_addresses_headers_and_titles_name_nobody(planted, canaries, sinks):
    sinks.headers.extend(planted.where.values())
    client = sign_in(planted.members[Role.DSL].user)
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


def broker_dump() -> str:
    """Everything in Redis, or in the folder of the embedded queue, bodies decoded."""
    from base64 import b64decode  # noqa: PLC0415

    if settings.REDIS_URL:
        import redis  # noqa: PLC0415

        server = redis.Redis.from_url(settings.REDIS_URL)
        parts = [repr(server.lrange(key, 0, -1)) for key in server.scan_iter() if server.type(key) == b"list"]
    else:
        parts = [path.read_text() for path in (settings.DATA_DIR / "queue").iterdir()]
    text = "\n".join(parts)
    bodies = re.findall(r'"body": ?\\*"([A-Za-z0-9+/=]+)', text)
    return text + "\n".join(b64decode(body).decode(errors="replace") for body in bodies)
