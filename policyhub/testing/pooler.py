"""A real pgbouncer in transaction mode: many clients take turns on few connections to PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from policyhub.testing.servers import PASSWORD, answers, folder_of_its_own, free_port, program, running

CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server_port} user=hub_app password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
server_reset_query =
"""


@contextmanager
def pgbouncer(server_port: int, *, size: int = 8) -> Iterator[int]:
    """The port of a pooler before a PostgreSQL server; every client becomes hub_app."""
    path, port = program("pgbouncer", package="pgbouncer"), free_port()
    with folder_of_its_own("pgbouncer") as folder:
        file = folder / "pgbouncer.ini"
        file.write_text(
            CONFIGURATION.format(server_port=server_port, password=PASSWORD, port=port, size=size)
        )
        with running([path, "-q", file], folder, answers(port)):
            yield port
