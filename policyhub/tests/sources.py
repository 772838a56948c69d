"""The project's own files as the guards read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
LAYERS = ("core", "schools", "policies", "registers", "incidents", "devices", "reports", "policyhub")
"""From the ground up: each app may use those before it."""


def python_files(*, tests: bool = False, migrations: bool = False) -> Iterator[Path]:
    """The modules of all apps, sorted."""
    for app in LAYERS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).parts
            if (tests or "tests" not in parts) and (migrations or "migrations" not in parts):
                yield path


def templates() -> list[Path]:
    """All templates."""
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def tree(source: str) -> list[ast.AST]:
    """Every node of a module."""
    return list(ast.walk(ast.parse(source)))


def name(path: Path) -> str:
    """The path as the project writes it."""
    return path.relative_to(ROOT).as_posix()


def script(stem: str) -> ModuleType:
    """A module of scripts/, which is no package."""
    spec = spec_from_file_location(f"script_{stem}", ROOT / "scripts" / f"{stem}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
