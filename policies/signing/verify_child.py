"""Runs alone in a limited child process: roots and a PDF on standard input, what can be said of it on standard output.

A file that breaks or delays the library breaks only this process. The first line of the input is JSON, the rest the PDF.
"""

import json
import resource
import sys

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10


def main() -> int:
    """Reads standard input with the limits set; the argument is the folder of the application."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.path.insert(0, sys.argv[1])
    from policies.signing.verify import answer  # noqa: PLC0415 - the limits hold while it loads, too

    order = json.loads(sys.stdin.buffer.readline())
    json.dump(answer(sys.stdin.buffer.read(), order["roots"], order["moment"]), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
