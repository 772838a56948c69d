"""Runs alone in a limited child process: an order and a file on standard input, what can be said of it on standard output.

A file that breaks or delays the library breaks only this process. The first line of the input is JSON, the rest the file.
"""

import json
import resource
import sys
from typing import Any

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10


def main() -> int:
    """Reads standard input with the limits set; the argument is the folder of the application."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.path.insert(0, sys.argv[1])
    order = json.loads(sys.stdin.buffer.readline())
    json.dump(_answer(order.pop("task"), sys.stdin.buffer.read(), order), sys.stdout)
    return 0


def _answer(task: str, data: bytes, order: dict[str, Any]) -> dict[str, Any]:
    """The limits hold while the libraries load, too."""
    if task == "verify":
        from policies.signing.verify import answer  # noqa: PLC0415 - see above

        return answer(data, **order)
    from policies.signing.own import open_answer  # noqa: PLC0415 - see above

    return open_answer(data, **order)


if __name__ == "__main__":
    sys.exit(main())
