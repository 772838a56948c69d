"""Starts the web server for production, its application loaded once for all workers."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

APPLICATION = "policyhub.wsgi"


def load() -> None:
    """Everything that a worker would load for itself: the checks of the start, the addresses, and what they import.

    Nothing that is open may be handed down to the workers, so connections are closed; `gc.freeze` keeps the collector
    from touching, and so copying, what they share.
    """
    import_module(APPLICATION)
    get_resolver().reverse_dict  # noqa: B018 - reading it imports every view
    if settings.REDIS_URL:
        import_module("redis")
    connections.close_all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)  # a page makes some thousands of objects, and hardly any in a circle


class Command(BaseCommand):
    """`manage.py web --workers 3`; behind a proxy, see docs/production.md."""

    requires_system_checks = ()  # the application runs those that may refuse a start
    help = (
        "Start the web server: workers share the memory of one loaded application. New code needs a restart."
    )

    def add_arguments(self, parser: Any) -> None:
        """Where to listen, and with how much."""
        parser.add_argument("--host", default=settings.HOST, help="address to listen on")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port to listen on")
        parser.add_argument("--workers", type=int, default=2, help="processes; about one for each core")
        parser.add_argument(
            "--threads", type=int, default=2, help="requests that one process works on at once"
        )

    def handle(self, *args: Any, host: str, port: int, workers: int, threads: int, **options: Any) -> None:
        """Loads, then serves until it is stopped."""
        load()
        server = Granian(
            f"{APPLICATION}:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
            blocking_threads=threads, websockets=False, log_level=LogLevels.warning,
        )  # fmt: skip
        server.serve()
