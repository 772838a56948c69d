"""Runs the whole hub on one machine: prepares the database, then watches over web server and background worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections

from core.checks import production, refuse_faulty_start
from core.crypto import make_key_file
from core.db.catalogue import sentence_of_walls

STARTUP_SECONDS = 60
SHUTDOWN_SECONDS = 20
Children = dict[str, subprocess.Popen[bytes]]
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Somebody asked the hub to stop."""


class Command(BaseCommand):
    help = "Runs web server, background worker and timetable together, embedded. Ctrl-C stops all of it."

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.HOST, settings.PORT
        check_port_is_free(host, port)
        for number in STOPPING:
            signal.signal(number, ask_to_stop)
        children: Children = {}
        try:
            self.prepare()
            # A session of their own, so that Ctrl-C in the terminal reaches them once, from here.
            for part, line in command_lines(host, port).items():
                children[part] = subprocess.Popen(line, start_new_session=True, env=environment())  # noqa: S603 - our own lines
            if wait_until_healthy(host, port, children):
                self.announce(host, port)
                os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        except Stop:
            self.stdout.write("\nStopping.")
        except ImproperlyConfigured as fault:
            raise CommandError(str(fault)) from None
        finally:
            fallen = [part for part, child in children.items() if child.poll() is not None]
            stop_all(children)
            if children:
                self.stdout.write("Stopped.")
        if fallen:
            raise CommandError(
                f"The {fallen[0]} ended by itself, so the rest was stopped. The lines above say why."
            )

    def prepare(self) -> None:
        """Makes what is missing (keys, tables, under DEMO the school), leaves alone what is there, refuses a faulty start."""
        if not production():
            make_key_file(settings.KEY_FILE)
        database = "owner" if "owner" in settings.DATABASES else "default"
        call_command("migrate", database=database, interactive=False, verbosity=0)
        call_command("createcachetable", database=database, verbosity=0)
        refuse_faulty_start()
        if settings.DEMO:
            call_command("load_demo", stdout=self.stdout)
        connections.close_all()

    def announce(self, host: str, port: int) -> None:
        self.stdout.write(f"PolicyHub is running at http://{reachable(host)}:{port}  (Ctrl-C stops it)")
        self.stdout.write("Web server, background worker and timetable run together, with one database.")
        self.stdout.write(sentence_of_walls(connection))
        connection.close()
        if settings.DEMO:
            from policyhub.demo.signins import print_signins  # noqa: PLC0415  the demonstration is not part of a real start

            print_signins()
        self.stdout.flush()


def environment() -> dict[str, str]:
    """That of this process; where a person watches, log lines are for reading and not for a collector."""
    plain = {"LOG_FORMAT": "plain"} if sys.stdout.isatty() or settings.DEMO else {}
    return {**os.environ, **plain}


def ask_to_stop(number: int, frame: FrameType | None) -> None:
    """Ends the wait below; a second signal while stopping changes nothing."""
    for again in STOPPING:
        signal.signal(again, signal.SIG_IGN)
    raise Stop


def check_port_is_free(host: str, port: int) -> None:
    """Says in a sentence what a web server would say in a traceback."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except (OSError, OverflowError) as error:
            advice = (
                f"Stop what listens there, or choose another port: PORT={port + 1 if port < 65535 else 8000}."
            )
            raise CommandError(
                f"Port {port} on {host} cannot be used ({getattr(error, 'strerror', None) or error}). {advice}"
            ) from None


def command_lines(host: str, port: int) -> dict[str, list[str]]:
    """Web server and worker. The worker's beat keeps the timetable; threads keep it small."""
    # At most two web processes: SQLite takes one writer at a time, and a trial machine has little memory.
    workers = str(min(2, os.cpu_count() or 1))
    web = ["web", "--host", host, "--port", str(port), "--workers", workers]
    worker = [
        "celery",
        "--quiet",
        "--app",
        "policyhub",
        "worker",
        "--beat",
        "--pool",
        "threads",
        "--concurrency",
        "2",
    ]
    worker += ["--loglevel", "WARNING"]
    manage = str(settings.BASE_DIR / "manage.py")
    return {"web server": [sys.executable, manage, *web], "worker": [sys.executable, "-m", *worker]}


def reachable(host: str) -> str:
    """Where a server on this listening address answers from this machine."""
    return "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104  a comparison, not a binding


def wait_until_healthy(host: str, port: int, children: Children) -> bool:
    """True when /healthz answers; False as soon as a child has died."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children.values()):
            return False
        if is_healthy(host, port):
            return True
        time.sleep(0.1)
    raise CommandError(
        f"The hub did not answer on port {port} within {STARTUP_SECONDS} seconds. The lines above say why."
    )


def is_healthy(host: str, port: int) -> bool:
    connection = HTTPConnection(reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".")})
        return connection.getresponse().status < 400
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def stop_all(children: Children) -> None:
    """Asks each child to finish what it holds; after a while kills it, and whatever it left behind."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + SHUTDOWN_SECONDS
    for child in children.values():
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
