"""Log lines as JSON with a closed list of keys, so that nothing personal reaches a log by accident."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")

KEYS = ("school_id", "object_id", "task", "status", "path_name", "attempts", "count", "seconds")
"""What a log call may add through `extra`; anything else is dropped."""

OUR_APPS = ("core", "schools", "policies", "registers", "incidents", "devices", "reports", "policyhub")


@contextmanager
def request(identifier: str) -> Iterator[None]:
    """Marks every log line and audit entry made inside with this request's id."""
    token = request_id.set(identifier)
    try:
        yield
    finally:
        request_id.reset(token)


class RequestIdFilter(logging.Filter):
    """Adds the request's id to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def _where(record: logging.LogRecord) -> list[str]:
    """The failing lines without values: an exception's text may quote what somebody typed."""
    if not record.exc_info or record.exc_info[1] is None:
        return []
    error = record.exc_info[1]
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [
        f"{type(error).__name__}",
        *(f"{frame.filename.rsplit('/', 3)[-1]}:{frame.lineno} {frame.name}" for frame in frames),
    ]


def _message(record: logging.LogRecord) -> str:
    """Our own sentences whole; of other libraries' the pattern alone: its arguments may be paths, rows or errors."""
    if record.name.partition(".")[0] in OUR_APPS:
        return record.getMessage()
    if record.name == "django.request" and isinstance(record.args, tuple) and record.args:
        return str(record.args[0])  # the reason, such as "Not Found"; the path follows it
    return record.msg if isinstance(record.msg, str) else type(record.msg).__name__


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request id, allowed extras, and where an error rose."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request_id": getattr(record, "request_id", ""),
        }
        entry.update({key: str(getattr(record, key)) for key in KEYS if hasattr(record, key)})
        if where := _where(record):
            entry["error"] = where
        return json.dumps(entry)


class PlainFormatter(logging.Formatter):
    """The same line for a person at a terminal: time, level, message, and where an error rose."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname.capitalize()}: {_message(record)}"
        return "\n    ".join([line, *_where(record)])


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.logs.RequestIdFilter"}},
    "formatters": {
        "json": {"()": "core.logs.JsonFormatter"},
        "plain": {"()": "core.logs.PlainFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handler would mail a traceback, with what was typed, to whoever is named in ADMINS.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "weasyprint": {"level": "ERROR"},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
"""The setting of that name, before LOG_FORMAT is asked: every line to standard error, as JSON."""
