"""docs/production.md, walked: every command run in its order on empty servers, up to the first sign-in of the head."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from policyhub.testing import servers
from policyhub.tests.sources import ROOT

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

TEXT = (ROOT / "docs" / "production.md").read_text()
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
PASSPHRASE = "a long enough passphrase"
LEFT_OUT = (".git", ".venv", "var", "staticfiles", "test-results", "__pycache__", ".*_cache")


class Server:
    """An empty server: the code, the environment of the page, and a PostgreSQL and a Redis that nobody has used."""

    def __init__(self, folder: Path, database: servers.Postgres, redis: str) -> None:
        self.code, self.database, self.port = folder / "code", database, servers.free_port()
        shutil.copytree(ROOT, self.code, ignore=shutil.ignore_patterns(*LEFT_OUT))
        self.waiting = list(COMMANDS)
        (folder / "secret-key").write_text("s" * 60)
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
            **dict(line.split("=", 1) for line in self.block("ini").splitlines()),
            "SECRET_KEY_FILE": str(folder / "secret-key"),
            "KEY_FILE": str(folder / "keys"),
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": database.url("hub_app"),
            "DATABASE_OWNER_URL": database.url("hub_owner"),
            "REDIS_URL": redis,
            **{f"HUB_{role}_PASSWORD": servers.PASSWORD for role in ("OWNER", "APP", "BACKUP")},
        }
        for name in ("terms.toml", "next-terms.toml"):
            year = "2026" if name == "terms.toml" else "2027"
            (self.code / name).write_text(self.block("toml").replace("2026", year))
        (self.code / "learners.csv").write_text(self.block("csv"))

    @staticmethod
    def block(language: str) -> str:
        found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
        assert found is not None
        return found[1]

    def next(self, beginning: str) -> str:
        """Runs the next command of the page, which begins like this; what it said."""
        line = self.waiting.pop(0)
        assert line.startswith(beginning)
        words = [
            self.database.url("postgres", "postgres") if word.startswith("postgres://") else word
            for word in shlex.split(line)
        ]
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.code,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> list[subprocess.Popen[bytes]]:
        """The three processes, without the owner's address, as the page says."""
        environment = {k: v for k, v in self.environment.items() if k != "DATABASE_OWNER_URL"}
        lines = [self.waiting.pop(0).replace("8001", str(self.port)) for _ in range(3)]
        commands = [line if line.startswith("manage.py ") else f"-m {line}" for line in lines]
        return [
            subprocess.Popen([sys.executable, *shlex.split(line)], cwd=self.code, env=environment)
            for line in commands
        ]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with servers.postgres_server(durable=True) as database, servers.redis_server() as redis:
        servers.execute(database.url("postgres", "postgres"), "DROP DATABASE policyhub")
        made, processes = Server(tmp_path, database, redis), []
        try:
            for beginning in ("make_keys", "database_roles", "migrate", "collectstatic", "check"):
                made.next(f"manage.py {beginning}")
            processes += made.start()
            wait(made.port, processes)
            yield made
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(120)


def wait(port: int, processes: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(1200):
        assert [process.poll() for process in processes] == [None] * 3
        try:
            return servers.answers(port)()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The web server does not answer.")


class Person:
    """A browser without scripts, behind the TLS proxy."""

    def __init__(self, port: int) -> None:
        # The proxy ends TLS, so here even cookies for https alone travel over http.
        policy = DefaultCookiePolicy(secure_protocols=("http", "https"))
        self.opener = build_opener(HTTPCookieProcessor(CookieJar(policy)))
        self.port, self.page, self.address = port, "", ""
        self.opener.addheaders = [
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-For", "192.0.2.1"),
            ("Referer", "https://hub.example.org/"),
        ]

    def open(self, path: str, fields: dict[str, str] | None = None) -> str:
        """Follows a link, or sends the form of the page that is open."""
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.page)
        sent = (
            urlencode({"csrfmiddlewaretoken": token[1] if token else "", **fields})
            if fields is not None
            else None
        )
        request = Request(f"http://127.0.0.1:{self.port}{path}", sent.encode() if sent is not None else None)
        request.add_header("Host", "hub.example.org")
        answer = self.opener.open(request)
        self.page, self.address = answer.read().decode(), answer.geturl().partition(str(self.port))[2]
        return self.page

    def arrive(self, link: str, email: str) -> None:
        """From the link of an invitation to a page of the school, with password and second factor."""
        self.open(link)
        self.open(self.address, {"password1": PASSPHRASE, "password2": PASSPHRASE})
        self.open("/accounts/login/")
        self.open("/accounts/login/", {"login": email, "password": PASSPHRASE})
        accept = re.search(r"/invitations/[\w-]+/accept/", self.page)
        assert accept is not None
        self.open(accept[0], {})
        secret = re.search(r"\b[A-Z2-7]{32}\b", self.page)
        assert secret is not None
        self.open(self.address, {"code": format_hotp_value(hotp_value(secret[0], int(time.time()) // 30))})


def invite(person: Person, **fields: Any) -> None:
    person.open("/s/hillside/people/new/")
    reference = re.search(r'name="reference" value="([^"]+)"', person.page)
    extra = {"reference": reference[1]} if reference else {}
    person.open(
        "/s/hillside/people/new/", {"name": "A Person", "group": "staff", "job_title": "", **fields, **extra}
    )


def link_for(server: Server, email: str) -> str:
    """The path in the e-mail that the worker has to send."""
    code = (
        "from core import scope; from core.models import OutgoingMail as M; from schools.models import School as S\n"
        "from django.db import transaction\n"
        "with scope.acting(schools=[S.objects.get().pk]), transaction.atomic():\n"
        f"    print('link', M.objects.get(recipient={email!r}).path)"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=server.code,
        env=server.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()[-1]


def test_the_page_leads_from_an_empty_server_to_a_head_who_invites_the_lead(server):
    printed = server.next("manage.py create_school")
    link = printed.split()[-1].removeprefix("https://hub.example.org")
    admin, head = Person(server.port), Person(server.port)

    admin.arrive(link, "ada.bell@hillside.example")
    invite(admin, email="head@hillside.example", role="staff")
    invite(admin, email="chair@hillside.example", role="governor")
    said = server.next("manage.py give_post") + server.next("manage.py give_post")
    assert said.count("It holds once they have accepted") == 2
    head.arrive(link_for(server, "head@hillside.example"), "head@hillside.example")
    invite(head, email="dsl@hillside.example", role="dsl")

    people = head.open("/s/hillside/people/")
    assert ("Headteacher" in people, "Designated Safeguarding Lead" in people) == (True, True)
    assert "until 2027-07-31" in server.next("manage.py give_post")
    assert "Westshire LADO" in server.next("manage.py add_agency") + head.open("/s/hillside/contacts/")
    for stored in ("Nothing was stored", "Children: 2 in the file, 2 added"):
        assert stored in server.next("manage.py import_learners")
    assert "Autumn 2027" in server.next("manage.py add_terms")
    assert "/trusts/saltmere/" in server.next("manage.py create_trust")
    assert server.waiting == []
