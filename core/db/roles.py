"""The five roles of a PostgreSQL installation, as SQL that can be run again at any time.

hub_owner migrates. hub_app runs the application: neither owner nor past the walls. hub_jobs sees ids, dates and states
across schools, hub_public what schools have published; hub_app takes either for one transaction, and inherits neither.
hub_backup reads everything for dumps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LOGIN_ROLES = ("hub_owner", "hub_app", "hub_backup")
_PLAIN = "NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION"
ROLES = {
    "hub_owner": f"LOGIN {_PLAIN} NOBYPASSRLS",
    "hub_app": f"LOGIN {_PLAIN} NOBYPASSRLS NOINHERIT",
    "hub_jobs": f"NOLOGIN {_PLAIN} NOBYPASSRLS",
    "hub_public": f"NOLOGIN {_PLAIN} NOBYPASSRLS",
    "hub_backup": f"LOGIN {_PLAIN} BYPASSRLS",
}
# On the role and not in the connection's options, which pgbouncer does not pass on.
SETTINGS = {
    "hub_app": {
        "statement_timeout": "15s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "90s",
        "timezone": "UTC",
    },
    "hub_backup": {"default_transaction_read_only": "on"},
}


def cluster_sql(passwords: Mapping[str, str]) -> Iterator[str]:
    """Statements for a superuser, once a cluster. Passwords may be given as the server stores them (SCRAM)."""
    for role, rights in ROLES.items():
        yield f"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        yield f"ALTER ROLE {role} {rights}"
    for role, password in passwords.items():
        quoted = password.replace("'", "''")
        yield f"ALTER ROLE {role} PASSWORD '{quoted}'"
    for role, settings in SETTINGS.items():
        for name, value in settings.items():
            yield f"ALTER ROLE {role} SET {name} = '{value}'"
    yield "GRANT hub_jobs, hub_public TO hub_app"
    yield "GRANT pg_read_all_data TO hub_backup"


def database_sql() -> Iterator[str]:
    """Statements for a superuser inside the hub's own database, before the first migration."""
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield "GRANT ALL ON SCHEMA public TO hub_owner"
    yield "GRANT USAGE ON SCHEMA public TO hub_app, hub_jobs, hub_public, hub_backup"
    default = "ALTER DEFAULT PRIVILEGES FOR ROLE hub_owner IN SCHEMA public GRANT"
    yield f"{default} SELECT, INSERT, UPDATE, DELETE ON TABLES TO hub_app"
    yield f"{default} USAGE, SELECT ON SEQUENCES TO hub_app"
