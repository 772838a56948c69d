"""Pages behind a secret address: no account, no session, nothing kept by a browser, and not to be tried at will."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from allauth.core.ratelimit import consume_or_429
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import crypto
from schools.access import SchoolRequest

View = Callable[..., HttpResponse]
T = TypeVar("T")


class LeadsNowhere(Exception):
    """The address is wrong, closed or too old; which of them is told to nobody."""


def live(found: T | None) -> T:
    """What stands behind the address. Raises LeadsNowhere where nothing does."""
    if found is None:
        raise LeadsNowhere
    return found


def secret_page(*methods: str, gone: str = "public/link_gone.html") -> Callable[[View], View]:
    """A view `(request, token, ...)` for whoever holds the address; `gone` is shown, with what was typed, where it leads nowhere.

    Takes GET and HEAD besides `methods`. A POST needs no token against forged forms: there is no session to misuse, and
    whoever knows the secret may act by it. The same address, and the same machine, may ask only so often.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, token: str, **arguments: Any) -> HttpResponse:
            refused = consume_or_429(request, action="secret_link", key=token, limit_get=True)
            if refused is not None:
                return private(refused)
            try:
                return private(view(request, token, **arguments))
            except LeadsNowhere:
                return private(render(request, gone, {"typed": request.POST.get("text", "")}, status=404))

        taken = require_http_methods(["GET", "HEAD", *methods])(page)
        return login_not_required(csrf_exempt(taken) if methods else taken)

    return decorate


def private(response: HttpResponse) -> HttpResponse:
    """A page kept nowhere, found by no search, and whose address is told to nobody."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def show_once(request: SchoolRequest, page: str, address: str) -> None:
    """Keeps a new secret address for the page that comes next, so that reloading that page makes no other one."""
    sealed = crypto.seal(crypto.SYSTEM, _place(request, page), address.encode())
    request.session[_name(request, page)] = base64.b64encode(sealed).decode()


def shown_once(request: SchoolRequest, page: str) -> str:
    """The address that was kept for this page, which is then forgotten; "" for none."""
    sealed = request.session.pop(_name(request, page), None)
    return (
        crypto.unseal(crypto.SYSTEM, _place(request, page), base64.b64decode(sealed)).decode()
        if sealed
        else ""
    )


def _name(request: SchoolRequest, page: str) -> str:
    """A person may belong to several schools, and each has the page."""
    return f"shown_once_{page}_{request.membership.pk}"


def _place(request: SchoolRequest, page: str) -> tuple[str, ...]:
    return "policies.shown_once", str(request.membership.pk), page
