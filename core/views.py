"""Pages that belong to no school: health, and the gallery of the design system."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.gallery import SAMPLES


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the web process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the design system in all its states, with made-up content."""
    return render(request, "gallery/index.html", SAMPLES)
