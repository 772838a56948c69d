"""Every address of the application, walked from the URLconf, and the actors that try them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from schools.access import Gate

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

PUBLIC: dict[str, str] = {
    "healthz": "Says that the process answers, nothing else.",
    "gallery": "The design system with made-up content.",
    "account_login": "Signing in.",
    "account_logout": "Signing out; harmless without a session.",
    "account_inactive": "Says that an account is closed.",
    "account_reset_password": "Asks for a link; the same answer for every address.",
    "account_reset_password_done": "Says that a link was sent.",
    "account_reset_password_from_key": "Choosing a password with a link from an e-mail.",
    "account_reset_password_from_key_done": "Says that the password was changed.",
    "schools:invitation": "Where the link of an invitation leads; the same for forged, old and answered ones.",
    "pdf_check": "Says of a PDF that somebody brings whether a school here signed it; keeps nothing.",
    "document_check": "Says of a signed PDF, by the address printed on it, whether it is in force.",
    "published_list": "The policies that a school has put on its public page.",
    "published_policy": "The text of one of them.",
    "published_pdf": "The signed PDF of one of them.",
    "guest_draft": "The draft that somebody without an account is asked about, by a secret address of their own.",
    "guest_whole": "What they think of the whole.",
    "guest_clause": "What they think of a clause.",
    "calendar_file": "A person's own dates, for the calendar program that knows the secret address.",
    "parent_reading": "What a parent is asked to read, for whoever holds their secret link.",
    "parent_policy": "One policy behind that link, and agreeing to it.",
    "desk": "The tablet on which visitors sign in, for whoever holds its secret address; shows no visitor.",
    "desk_arrival": "Its form.",
    "desk_policy": "One policy that visitors read there.",
    "desk_done": "Its thanks.",
    "mfa_authenticate": "The second step of signing in.",
}
"""Addresses without a sign-in, each with its reason."""

PERSONAL: dict[str, str] = {
    "schools:start": "The person's own schools.",
    "trust_standing": "How the schools of the person's own trust stand; nothing that anybody wrote.",
    "outline_list": "What the person's own trust writes for its schools.",
    "outline_create": "The same: a new one.",
    "outline_edit": "The same: its text.",
    "outline_offer": "The same: offering it to the trust's own schools.",
    "schools:invitation_accept": "The person's own answer to an invitation.",
    "schools:invitation_decline": "The person's own answer to an invitation.",
    "account_change_password": "The person's own password.",
    "account_reauthenticate": "The person's own password, once more.",
    "mfa_index": "The person's own second factor.",
    "mfa_reauthenticate": "The person's own second factor, once more.",
    "mfa_activate_totp": "The person's own second factor.",
    "mfa_deactivate_totp": "The person's own second factor.",
    "mfa_view_recovery_codes": "The person's own recovery codes.",
    "mfa_generate_recovery_codes": "The person's own recovery codes.",
    "mfa_download_recovery_codes": "The person's own recovery codes.",
}
"""Addresses for whoever is signed in, about nobody else, each with its reason."""


@dataclass(frozen=True)
class Route:
    """One address pattern with its view."""

    name: str
    arguments: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def gate(self) -> Gate | None:
        """What stands before the view."""
        return getattr(self.view, "gate", None)


def walk() -> list[Route]:
    """All routes, third-party ones included."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: URLResolver, namespace: str, arguments: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        found = (
            (*arguments, *entry.pattern.converters, *getattr(entry.pattern.regex, "groupindex", ()))
            if hasattr(entry.pattern, "converters")
            else arguments
        )
        names = tuple(dict.fromkeys(found))
        if isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name}", names, entry.callback)
        else:
            yield from _walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, names)


def gated() -> list[Route]:
    """Routes inside a school."""
    return [route for route in walk() if route.gate is not None]


def undeclared() -> list[str]:
    """Routes that are neither gated nor listed with a reason."""
    return [
        route.name
        for route in walk()
        if route.gate is None and route.name not in PUBLIC and route.name not in PERSONAL
    ]


def stale() -> list[str]:
    """Listed routes that do not exist or have a gate."""
    open_routes = {route.name for route in walk() if route.gate is None}
    return sorted((PUBLIC.keys() | PERSONAL.keys()) - open_routes)
