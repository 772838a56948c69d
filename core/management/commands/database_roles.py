"""Makes the roles and the database of a PostgreSQL installation, or prints the SQL for it."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import closing
from getpass import getpass
from typing import Any

import psycopg2
from django.core.management.base import BaseCommand, CommandError
from psycopg2 import sql
from psycopg2.extensions import encrypt_password

from core.db import roles


class Command(BaseCommand):
    """`manage.py database_roles [--database NAME] [--apply SUPERUSER_URL]`"""

    help = (
        "Prints the SQL that makes the database roles; with --apply runs it. It can be run again at any time. "
        "Passwords come from HUB_OWNER_PASSWORD, HUB_APP_PASSWORD and HUB_BACKUP_PASSWORD, or are asked for."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument(
            "--apply", default="", help="address of a superuser, e.g. postgres://postgres@localhost/postgres"
        )
        parser.add_argument("--database", default="policyhub", help="name of the database to make")

    def handle(self, *args: Any, **options: Any) -> None:
        """Without --apply nothing is changed, and no password is asked for."""
        name, url = options["database"], options["apply"]
        if not url:
            self._print(name)
            return
        try:
            with closing(psycopg2.connect(url)) as cluster:
                run(cluster, roles.cluster_sql(stored_passwords(cluster)))
                make_database(cluster, name)
            with closing(psycopg2.connect(url, dbname=name)) as database:
                run(database, roles.database_sql())
        except psycopg2.OperationalError as error:
            raise CommandError(f"The server cannot be reached as a superuser: {error}") from None
        except psycopg2.errors.InsufficientPrivilege as error:
            raise CommandError(f"The role in --apply may not make roles; name a superuser. {error}") from None
        self.stdout.write(f"Roles and database {name} are ready. Next: manage.py migrate --database owner")

    def _print(self, name: str) -> None:
        self.stdout.write("-- In any database of the cluster, as a superuser. Set passwords with \\password.")
        self.stdout.writelines(f"{statement};\n" for statement in roles.cluster_sql({}))
        self.stdout.write(f'CREATE DATABASE "{name}" OWNER hub_owner;')
        self.stdout.write(f"-- In database {name}, as a superuser.")
        self.stdout.writelines(f"{statement};\n" for statement in roles.database_sql())


def stored_passwords(cluster: Any) -> dict[str, str]:
    """The passwords as the server will store them, so that no plain one reaches the server or its log."""
    return {
        role: encrypt_password(password(role), role, cluster, "scram-sha-256") for role in roles.LOGIN_ROLES
    }


def password(role: str) -> str:
    """From the environment, or typed."""
    name = f"{role.upper()}_PASSWORD"
    given = os.environ.get(name) or (getpass(f"Password for {role}: ") if sys.stdin.isatty() else "")
    if not given:
        raise CommandError(f"{name} is not set. Set it, or run the command in a terminal to be asked.")
    return given


def make_database(cluster: Any, name: str) -> None:
    """The database, unless it is there."""
    with cluster.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER hub_owner").format(sql.Identifier(name)))


def run(connection: Any, statements: Iterable[str]) -> None:
    """Each statement by itself."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
