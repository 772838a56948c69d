"""Compiles requirements*.in to the complete pinned sets; with --check says where the two have parted (works offline)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
SETS = {"requirements.in": "requirements.txt", "requirements-dev.in": "requirements-dev.txt"}
OLDEST_PYTHON = "3.11"


def compile_sets() -> int:
    for source, target in SETS.items():
        line = [
            ".venv/bin/uv",
            "pip",
            "compile",
            "--quiet",
            "--no-header",
            "--python-version",
            OLDEST_PYTHON,
            source,
            "-o",
            target,
        ]
        subprocess.run([*line, *sys.argv[1:]], cwd=ROOT, check=True)
    return 0


def read_direct(text: str) -> dict[str, tuple[Requirement, str]]:
    """Name → (requirement, reason) of a .in file."""
    found: dict[str, tuple[Requirement, str]] = {}
    for line in text.splitlines():
        spec, _, reason = line.partition("#")
        if spec.strip() and not spec.startswith("-"):
            requirement = Requirement(spec.strip())
            found[canonicalize_name(requirement.name)] = (requirement, reason.strip())
    return found


def read_pins(text: str) -> dict[str, str]:
    """Name → version of a compiled file."""
    pairs = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\n]+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pairs}


def find_differences(source: str, target: str) -> list[str]:
    """What is wrong with a compiled set, as sentences."""
    pins, wrong = read_pins(target), []
    for name, (requirement, reason) in read_direct(source).items():
        if name not in pins:
            wrong.append(f"{name} is asked for and not pinned.")
        elif not requirement.specifier.contains(pins[name], prereleases=True):
            wrong.append(f"{name} is pinned at {pins[name]}, and {requirement.specifier} is asked for.")
        if not reason:
            wrong.append(f"{name} has no reason beside it.")
    loose = [
        line
        for line in target.splitlines()
        if line and not line.startswith((" ", "#", "-")) and "==" not in line
    ]
    return wrong + [f"{line} is not pinned." for line in loose]


def check_sets() -> int:
    texts = {name: (ROOT / name).read_text() for pair in SETS.items() for name in pair}
    wrong = [
        f"{target}: {sentence}"
        for source, target in SETS.items()
        for sentence in find_differences(texts[source], texts[target])
    ]
    running, tools = (read_pins(texts[target]) for target in SETS.values())
    wrong += [
        f"{name} is pinned at {running[name]} and at {tools[name]}."
        for name in running.keys() & tools.keys()
        if running[name] != tools[name]
    ]
    print("\n".join([*wrong, "Run `make lock`."]) if wrong else "The pinned sets cover what is asked for.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(check_sets() if "--check" in sys.argv else compile_sets())
