"""Schools and people for tests, made through the services; every app's tests build on these."""

from __future__ import annotations

import re
import time
from itertools import count
from typing import Any

from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from core import scope
from core.audit import Job
from schools import services
from schools.enums import Role
from schools.models import Learner, Membership, School, User

TESTS = Job("tests")
PASSWORD = "a long enough passphrase"
_numbers = count(1)


def without_tokens(page: bytes) -> bytes:
    """A page without its form tokens, which differ on every request."""
    return re.sub(rb"[A-Za-z0-9]{64}", b"", page)


def make_school(name: str = "", **details: Any) -> School:
    """A school with its key and chain; its rows are visible from here on (see the `school` fixture for the scope)."""
    number = next(_numbers)
    school = services.create_school(name or f"School {number}", f"school-{number}", by=TESTS, **details)
    # The key was made in the transaction of the test, where it would be looked up each time; elsewhere it is once.
    connection.data_keys.pop(school.pk, None)
    return school


def make_user(name: str = "", **details: Any) -> User:
    """A person who signs in with PASSWORD."""
    number = next(_numbers)
    return User.objects.create_user(f"person{number}@school.example", name or f"Person {number}", PASSWORD)


def make_member(school: School, *roles: Role, name: str = "", user: User | None = None) -> Membership:
    """A member of the school who holds these posts from today on."""
    with scope.acting(schools=[school.pk]):
        membership = services.add_member(school, user or make_user(name), by=TESTS)
        for role in roles:
            services.appoint(membership, role, by=TESTS)
    return membership


def sign_in(user: User, *, factor_minutes_ago: float | None = 0) -> Client:
    """A client signed in as this person, with a second factor given so many minutes ago (None: without one)."""
    client = Client()
    client.force_login(user)
    if factor_minutes_ago is not None:
        Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}}
        )
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "mfa", "at": time.time() - factor_minutes_ago * 60, "type": "totp"}
        ]
        session["account_authentication_methods_user"] = user_id_to_str(user)
        session.save()
    return client


def make_learner(
    school: School, first_name: str = "Robin", last_name: str = "Ashdown", **details: Any
) -> Learner:
    """A child on roll."""
    with scope.acting(schools=[school.pk]):
        return services.add_learner(school, first_name, last_name, by=TESTS, **details)
