"""Pages that show whose rows the database shows, through the whole of Django's request handling."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from core import scope
from core.tests.walls.models import Case


class ScopeMiddleware:
    """Sets the scope as the application's own middleware does; without the header there is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        schools = request.headers.get("X-Schools", "")
        with scope.acting(schools=[word for word in schools.split(",") if word]):
            return self.get_response(request)


def cases(request: HttpRequest) -> JsonResponse:
    """The schools of all rows that a query without filter returns, and the process that answered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return JsonResponse({"schools": [str(row.school_id) for row in Case.objects.all()], "pid": pid})


def broken(request: HttpRequest) -> JsonResponse:
    """Fails in the database half-way and goes on after the savepoint."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
    except Exception:
        pass
    return cases(request)


urlpatterns = [path("cases", cases), path("broken", broken)]
