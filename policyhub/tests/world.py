"""Two schools, everybody in them and an object for every address, for the proofs of who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from core import scope
from policyhub.tests import routes
from policyhub.tests.objects import maker_of
from policyhub.tests.visits import settle
from schools.enums import Role
from schools.tests.factories import make_member, make_school, make_user, sign_in


class World:
    """Two schools with every role in each, a stranger, and one object for every address."""

    def __init__(self) -> None:
        self.school, self.other = make_school(), make_school()
        self.members = {role: make_member(self.school, role) for role in Role}
        self.others = {role: make_member(self.other, role) for role in Role}
        self.clients = {
            role: settle(sign_in(member.user), self.school) for role, member in self.members.items()
        }
        self.other_clients = {
            role: settle(sign_in(member.user), self.other) for role, member in self.others.items()
        }
        self.stranger, self.nobody = settle(sign_in(make_user()), self.school), Client()
        for client in (*self.clients.values(), *self.other_clients.values(), self.stranger, self.nobody):
            client.raise_request_exception = False  # a page that breaks is a wrong cell like any other
        self._made: dict[Any, tuple[Any, ...]] = {}
        self.addresses = {route.name: self._address(route, self.school) for route in routes.gated()}
        self.foreign = {
            route.name: self._address(route, self.other)
            for route in routes.gated()
            if "pk" in route.arguments
        }

    def _address(self, route: routes.Route, owner: Any) -> str:
        """The address inside `school` of an object that `owner` has; every request is undone, so routes share objects."""
        named: tuple[Any, ...] = ()
        if len(route.arguments) > 1:
            maker = maker_of(route.name)
            with scope.acting(schools=[owner.pk]):
                named = self._made.get((maker, owner.pk)) or self._made.setdefault(
                    (maker, owner.pk), maker(owner)
                )
        return reverse(route.name, args=[self.school.slug, *named])


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is changed inside is undone. Requests that must change nothing share one: three statements fewer for each."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, address: str) -> Any:
    """What comes back."""
    return client.generic(method, address)


def answer(client: Client, method: str, address: str) -> Any:
    """What comes back; whatever it changed is undone."""
    with undone():
        return ask(client, method, address)
