"""Texts that are known again wherever they turn up, and the places they may leak to."""

from __future__ import annotations

import io
import logging
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pypdfium2
import redis
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core import logs
from policyhub.tests.security.planting import Planted
from schools.enums import Permission, Role
from schools.permissions import ROLE_PERMISSIONS

CANARY = re.compile(r"Kanari[a-z]{6}", re.IGNORECASE)
EVERYBODY = frozenset(Role)


def holding(*permissions: Permission) -> frozenset[Role]:
    """The roles that have one of these."""
    return frozenset(role for role in Role if ROLE_PERMISSIONS[role] & set(permissions))


MAY_SEE: dict[str, frozenset[Role]] = {
    "person": EVERYBODY,
    "policy": EVERYBODY,
    "consultation": holding(Permission.POLICY_RECORD),
    "visitor": holding(Permission.POLICY_COLLECT),
    "readers": holding(Permission.POLICY_STANDING),
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


def broker_dump() -> str:
    """Everything in Redis, or in the folder of the embedded queue, bodies decoded."""
    if settings.REDIS_URL:
        server = redis.Redis.from_url(settings.REDIS_URL)
        parts = [repr(server.lrange(key, 0, -1)) for key in server.scan_iter() if server.type(key) == b"list"]
    else:
        parts = [path.read_text() for path in (settings.DATA_DIR / "queue").iterdir()]
    text = "\n".join(parts)
    bodies = re.findall(r'"body": ?\\*"([A-Za-z0-9+/=]+)', text)
    return text + "\n".join(b64decode(body).decode(errors="replace") for body in bodies)
