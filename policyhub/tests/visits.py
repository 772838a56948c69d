"""For the proofs that walk over all addresses as many people, and undo each request before the next."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client

from core import pdf
from schools.models import School


def settle(client: Client, school: School) -> Client:
    """Enters the school for good, so that no later request has to note anything in the session.

    Where every request is undone, each would store its session anew: a third of the statements of a refused page.
    """
    client.get(f"/s/{school.slug}/no-such-page/")
    session = client.session
    session["active"] = time.time() + settings.SESSION_HOURS * 3600
    session.save()
    return client


@contextmanager
def each_pdf_made_once() -> Iterator[None]:
    """Many people ask for the same report: the same order gives the same bytes (core/tests/test_pdf.py), and is rendered once.

    A list that is dated to the second is the same list a second later.
    """
    made: dict[str, bytes] = {}
    make = pdf._run_child

    def once(order: bytes) -> bytes:
        key = json.dumps(json.loads(order) | {"dated": ""})
        if key not in made:
            made[key] = make(order)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "_run_child", once)
        yield
