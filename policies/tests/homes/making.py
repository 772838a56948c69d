"""Homes for tests: contacts with an address, what was mailed to them, and agreeing by a link."""

from __future__ import annotations

from typing import Any

from django.test import Client

from core.models import OutgoingMail
from policies.models import PolicyVersion
from policies.tests.factories import TESTS
from schools import services as people
from schools.tests.factories import make_learner

HOME = "kit.ashdown@home.example"
MONITORED = "Pages that are opened on our computers are looked at every week."


def child(school: Any, first: str, class_name: str, email: str = HOME, parent: str = "Kit Ashdown") -> Any:
    """The contact of a new learner."""
    learner = make_learner(school, first, "Ashdown", class_name=class_name)
    return people.add_contact(learner, parent, by=TESTS, email=email)


def asked() -> Any:
    """Mails to parents, the oldest first."""
    return OutgoingMail.objects.filter(template__startswith="policies/parents").order_by("created_at")


def agree(client: Client, version: PolicyVersion, path: str, **said: str) -> Any:
    """The form behind a link, filled in and sent."""
    return client.post(f"{path}{version.pk}/", {"agreed": "1", "name": "Kit Ashdown", **said})
