"""How files and pages leave that no browser may show or keep, and how often a secret address may be asked for."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header


def attachment(content: bytes, name: str, content_type: str = "application/octet-stream") -> HttpResponse:
    """A download that no browser runs or shows in place."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def private(response: HttpResponse) -> HttpResponse:
    """A page behind a secret address: kept nowhere, found by no search, and its address told to nobody."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def too_often(request: HttpRequest, token: str) -> HttpResponse | None:
    """The refusal where an address or a machine asks too often, for pages to read as well."""
    return consume_or_429(request, action="secret_link", key=token, limit_get=True)
