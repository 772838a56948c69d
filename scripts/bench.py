"""Measures the hub on PostgreSQL and Redis that it starts itself: pages against their floor, and what else takes time.

SCALE=full loads 100 schools, 100,000 concerns into one of them; SCALE=sweep measures the nightly sweep of reminders over
24,000 schools and nothing else. SECONDS_EACH and ROUNDS set how long each page is asked for.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from policyhub.testing import servers  # noqa: E402 - found by the line above


def production(stack: ExitStack) -> None:
    """An environment as on a real server: the checks that refuse a faulty start pass on it."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="policyhub-bench-")))
    server = stack.enter_context(servers.postgres_server(durable=True))
    os.environ.update(
        DATA_DIR=str(folder), DATABASE_URL=server.url("hub_app"), DATABASE_OWNER_URL=server.url("hub_owner"),
        REDIS_URL=stack.enter_context(servers.redis_server()), PUBLIC_URL="https://127.0.0.1", PROXY_COUNT="1", ALLOWED_HOSTS="127.0.0.1",
        SECRET_KEY=secrets.token_urlsafe(64), EMAIL_URL="smtp://127.0.0.1:9", DJANGO_SETTINGS_MODULE="bench_parts.settings",
        PYTHONPATH=f"{ROOT}:{ROOT / 'scripts'}",
    )  # fmt: skip
    os.environ.pop("DEMO", None)


def main() -> None:
    """Servers, data, figures."""
    with ExitStack() as stack:
        production(stack)
        import django  # noqa: PLC0415 - reads the environment made above

        django.setup()
        from bench_parts import report, sweep  # noqa: PLC0415 - need Django

        if os.environ.get("SCALE") == "sweep":
            sweep.run()
        else:
            report.run(stack)


if __name__ == "__main__":
    main()
