"""Faults of an installation that stop its start, each with a sentence that says what to do.

They run under the tag "start": `manage.py up`, the WSGI application and the worker refuse to start on any of them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Critical, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils import timezone

from core import crypto
from core.db import catalogue
from core.models import DataKey
from core.pdf import APT_LINE

TAG = "start"
PDF_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)
LARGEST_CLOCK_DIFFERENCE = timedelta(seconds=2)


def production() -> bool:
    """Whether this is an installation for more than the machine it runs on."""
    return bool(settings.SECURE or settings.POSTGRES)


@register(TAG, deploy=True)
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Settings that are never right with real data."""
    return [
        Error(sentence, id=f"core.E{number:03}") for number, wrong, sentence in _setting_faults() if wrong
    ]


def _setting_faults() -> Iterator[tuple[int, bool, str]]:
    yield from _web_faults(live=production())
    yield from _service_faults(live=production())


def _web_faults(*, live: bool) -> Iterator[tuple[int, bool, str]]:
    yield 1, live and settings.DEBUG, "DEBUG is on. Unset DEBUG: its pages show what people typed."
    yield (
        2,
        live and len(settings.SECRET_KEY) < 50,
        "SECRET_KEY is too short. Set at least 50 random characters.",
    )
    yield 3, "*" in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS holds *. Name the exact host names."
    yield 4, live and not settings.ALLOWED_HOSTS, "ALLOWED_HOSTS is empty. Name the host names people use."
    yield (
        5,
        live and not settings.SECURE,
        "PUBLIC_URL is not https://. Put a TLS proxy in front and set PUBLIC_URL to its address.",
    )
    yield 6, live and settings.DEMO, "DEMO is set beside production settings. Unset it."
    yield (
        7,
        live and not settings.SESSION_COOKIE_SECURE,
        "Session cookies would travel without TLS. Leave SESSION_COOKIE_SECURE on.",
    )
    yield 8, live and not settings.SECURE_HSTS_SECONDS, "HSTS is off. Leave SECURE_HSTS_SECONDS as it is."


def _service_faults(*, live: bool) -> Iterator[tuple[int, bool, str]]:
    yield (
        9,
        live and "filebased" in settings.EMAIL_BACKEND,
        "EMAIL_URL is not set: alerts would be written to files. Name your mail server.",
    )
    yield (
        10,
        settings.POSTGRES and not settings.REDIS_URL,
        "REDIS_URL is not set. Several web processes need Redis as broker and cache.",
    )
    yield (
        11,
        live and getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False),
        "Celery runs inside the request. Start a worker and unset CELERY_TASK_ALWAYS_EAGER.",
    )
    yield (
        12,
        live and settings.SECURE and not settings.PROXY_COUNT,
        "PROXY_COUNT is 0 with an https address. Set how many proxies stand in front.",
    )
    yield (
        13,
        live and settings.SECURE and not (settings.STATIC_ROOT / "staticfiles.json").exists(),
        "Styles and scripts have not been collected. Run: manage.py collectstatic --no-input",
    )


@register(TAG, deploy=True)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    """The key file is there, private, and opens this database."""
    try:
        crypto.read_key_file(settings.KEY_FILE)
    except ImproperlyConfigured as fault:
        return [Critical(str(fault), id="core.E020")]
    if not crypto.key_file_is_private(settings.KEY_FILE):
        return [
            Critical(
                f"KEY_FILE {settings.KEY_FILE} can be read by others. Run: chmod 400 {settings.KEY_FILE}",
                id="core.E021",
            )
        ]
    try:
        key = DataKey.objects.filter(school_id=None).order_by("-version").first()
        if key is not None:
            crypto.unwrap(key)
    except crypto.Undecryptable as fault:
        return [Critical(str(fault), id="core.E022")]
    except DatabaseError:
        return []  # Not migrated yet: there is nothing to open.
    return []


@register(TAG, deploy=True)
def check_database(**kwargs: Any) -> list[CheckMessage]:
    """Durability, the role that the application runs as, and the second wall."""
    faults: list[CheckMessage] = [
        Critical(sentence, id="core.E030") for sentence in catalogue.runtime_faults(connection)
    ]
    return faults + [
        Critical(f"{fault}. Run the migrations as hub_owner.", id="core.E031") for fault in _wall_faults()
    ]


def _wall_faults() -> Iterator[str]:
    for name in catalogue.missing_triggers(connection):
        yield f"The trigger {name}, which keeps rows from being changed, is missing"
    if connection.vendor == "postgresql":
        for table in catalogue.unprotected_tables(connection):
            yield f"Table {table} has no row-level security"
        for name in catalogue.missing_composite_keys(connection):
            yield f"The key {name}, which keeps a reference inside its school, is missing"


@register(TAG, deploy=True)
def check_pdf_libraries(**kwargs: Any) -> list[CheckMessage]:
    """The system's libraries behind WeasyPrint; without them no policy could be signed and no report printed."""
    missing = [name for name in PDF_LIBRARIES if not _loads(name)]
    if not missing:
        return []
    return [Error(f"PDFs cannot be made: {', '.join(missing)} not found. Run: {APT_LINE}", id="core.E050")]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@register(TAG, deploy=True)
def check_clock(**kwargs: Any) -> list[CheckMessage]:
    """Leases follow the database's clock, due dates the application's: they must agree."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        difference = abs(timezone.now() - cursor.fetchone()[0])
    if difference <= LARGEST_CLOCK_DIFFERENCE:
        return []
    return [
        Error(
            f"The clocks of application and database differ by {difference}. Synchronise both with NTP.",
            id="core.E040",
        )
    ]


def refuse_faulty_start() -> None:
    """Raises ImproperlyConfigured with every fault found, one a line."""
    faults = [
        message for message in run_checks(tags=[TAG], include_deployment_checks=True) if message.is_serious()
    ]
    if faults:
        raise ImproperlyConfigured(
            "PolicyHub does not start:\n" + "\n".join(f"  {fault.id}: {fault.msg}" for fault in faults)
        )
