"""Writes the pages that are made from the code; with --check says which of them differ from what is there.

docs/settings.md and .env.example from the declared environment variables, docs/commands.md from the commands, docs/permissions.md from the table of roles
and the gates of all views, docs/states/*.md from each app's transition tables,
docs/adr/index.md from the decisions.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
APPS = ("schools", "policies", "registers", "incidents", "devices", "reports")
NOTE = "<!-- Made by `make docs`. Change the code that it is made from, not this page. -->"


def start_django(scratch: str) -> None:
    """As a fresh installation on PostgreSQL (nothing is connected to), whatever the environment of whoever runs this."""
    os.environ.clear()
    os.environ.update(PATH=os.defpath, DATA_DIR=scratch, DATABASE_URL="postgres://hub_app@localhost/hub")
    os.environ.update(
        DATABASE_OWNER_URL="postgres://hub_owner@localhost/hub", DJANGO_SETTINGS_MODULE="policyhub.settings"
    )
    sys.path.insert(0, str(ROOT))
    import_module("django").setup()


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(heads), *[list(row) for row in rows]]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTE, *parts]) + "\n"


# --- Settings ---------------------------------------------------------------------------------------------------------


def read_variables(scratch: str) -> list[tuple[str, str, str, str]]:
    """(name, kind, default, about), without the folders of the machine that makes the page."""
    declared = import_module("policyhub.env").DECLARED
    shown = [declared[name] for name in sorted(declared)]
    return [
        (v.name, v.kind, v.default.replace(scratch, "var").replace(f"{ROOT}/", ""), v.about) for v in shown
    ]


def settings_page(variables: list[tuple[str, str, str, str]]) -> str:
    rows = [
        (f"`{name}`", kind, f"`{default}`" if default else "", about)
        for name, kind, default, about in variables
    ]
    intro = (
        "Everything that differs between installations is an environment variable. A variable of the kind *secret* may also come "
        "from a file: `NAME_FILE` holds the path. A wrong value stops the start with a sentence that says what to do."
    )
    return page("Settings", intro, table(("Variable", "Kind", "Default", "What it is"), rows))


def example_file(variables: list[tuple[str, str, str, str]]) -> str:
    head = (
        "# Every variable with its default; docs/settings.md says the same as a table. Made by `make docs`.\n"
    )
    return head + "".join(
        f"\n# {about} ({kind})\n#{name}={default}\n" for name, kind, default, about in variables
    )


# --- Commands ---------------------------------------------------------------------------------------------------------


def commands_page() -> str:
    """What `manage.py` can do beyond Django's own commands."""
    management = import_module("django.core.management")
    ours = {
        name: app for name, app in management.get_commands().items() if app in (*APPS, "core", "policyhub")
    }
    rows = [
        (f"`manage.py {name}`", management.load_command_class(ours[name], name).help) for name in sorted(ours)
    ]
    return page(
        "Commands", "Options are shown by `manage.py NAME --help`.", table(("Command", "What it does"), rows)
    )


# --- Permissions ------------------------------------------------------------------------------------------------------


def permissions_page() -> str:
    enums, permissions = import_module("schools.enums"), import_module("schools.permissions")
    granted = permissions.ROLE_PERMISSIONS
    roles = table(
        ("", *(role.label for role in enums.Role)),
        (
            [permission.label, *("yes" if permission in granted[role] else "" for role in enums.Role)]
            for permission in enums.Permission
        ),
    )
    reasons = table(
        ("Role", "May", "Because"),
        (
            (role.label, permission.label, why)
            for (role, permission), why in permissions.NARRATIVE_REASONS.items()
        ),
    )
    gated, others = read_routes()
    return page(
        "Who may do what",
        "A person's posts of today decide. Several posts add up. Objects and states are checked again by the service that acts.",
        roles,
        "## Why a role may read what somebody wrote about another person",
        reasons,
        "## What each page asks for",
        table(
            ("Address", "Methods", "Permission", "Reading is audited as", "Asks for the second factor again"),
            gated,
        ),
        "## Pages outside a school",
        table(("Address", "View"), others),
    )


def read_routes() -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The gated routes with what their gates ask for, and the rest with their views."""
    gated, others = [], []
    for route, view in walk(import_module("django.urls").get_resolver().url_patterns, ""):
        gate = getattr(view, "gate", None)
        if gate:
            step_up = "yes" if gate.step_up else ""
            gated.append((f"`/{route}`", ", ".join(gate.methods), gate.permission.label, gate.reads, step_up))
        else:
            named = getattr(view, "view_class", view)
            others.append((f"`/{route}`", f"{named.__module__}.{named.__qualname__}"))
    return sorted(gated), sorted(others)


def walk(patterns: Iterable[Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Every route with its view."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


# --- States -----------------------------------------------------------------------------------------------------------


def states_pages() -> dict[str, str]:
    """One page for each app with transition tables."""
    pages = {}
    for app in APPS:
        if find_spec(f"{app}.states"):
            module = import_module(f"{app}.states")
            found = [diagram(value) for value in vars(module).values() if is_transition_table(value)]
            if found:
                notes = (module.__doc__ or "").split("\n\n")[1:]
                pages[f"docs/states/{app}.md"] = page(
                    f"States in {app}", *(note.strip() for note in notes), *found
                )
    return pages


def is_transition_table(value: object) -> bool:
    """A dictionary from states to the states that may follow."""
    if not isinstance(value, Mapping) or not value:
        return False
    kinds = {type(state) for state in value} | {
        type(after) for follow in value.values() if isinstance(follow, Iterable) for after in follow
    }
    return len(kinds) == 1 and issubclass(kinds.pop(), Enum)


def diagram(transitions: Mapping[Any, Iterable[Any]]) -> str:
    kind: type[Enum] = type(next(iter(transitions)))
    reached = {after for follow in transitions.values() for after in follow}
    lines = [f"    {state.value} : {getattr(state, 'label', state.value)}" for state in kind]
    starts = [state for state in kind if state not in reached] or [next(iter(kind))]
    lines += [f"    [*] --> {state.value}" for state in starts]
    for state in kind:
        follow = sorted(transitions.get(state, ()), key=list(kind).index)
        lines += [f"    {state.value} --> {after.value}" for after in follow] or [
            f"    {state.value} --> [*]"
        ]
    return "\n".join([f"## {kind.__name__}", "", "```mermaid", "stateDiagram-v2", *lines, "```"])


# --- Decisions --------------------------------------------------------------------------------------------------------


def decisions_page() -> str:
    """The list of architecture decisions, from the heading and the status line of each."""
    rows = []
    for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")):
        lines = path.read_text().splitlines()
        number, _, title = lines[0].removeprefix("# ").partition(" ")
        status = next((line.removeprefix("Status: ") for line in lines if line.startswith("Status: ")), "")
        rows.append((f"[{number}]({path.name})", title, status))
    intro = "One page each: context, options, decision, consequences. A decision is superseded by a new one, never rewritten."
    return page("Architecture decisions", intro, table(("Number", "Decision", "Status"), rows))


# --- All --------------------------------------------------------------------------------------------------------------


def make_pages() -> dict[str, str]:
    """Path → text of every made page."""
    with tempfile.TemporaryDirectory() as scratch:
        start_django(scratch)
        variables = read_variables(scratch)
        return {
            "docs/settings.md": settings_page(variables),
            ".env.example": example_file(variables),
            "docs/commands.md": commands_page(),
            "docs/permissions.md": permissions_page(),
            "docs/adr/index.md": decisions_page(),
            **states_pages(),
        }


def find_stale(pages: dict[str, str]) -> list[str]:
    """Paths whose text differs from what would be made, and state pages that nothing makes any more."""
    stale = [
        path
        for path, text in pages.items()
        if not (ROOT / path).exists() or (ROOT / path).read_text() != text
    ]
    kept = {str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "states").glob("*.md")}
    return stale + sorted(kept - pages.keys())


def main() -> int:
    pages = make_pages()
    stale = find_stale(pages)
    if "--check" in sys.argv:
        print(
            "\n".join([*stale, "Run `make docs`, and look at what changed."])
            if stale
            else "The made pages are up to date."
        )
        return 1 if stale else 0
    for path in stale:
        target = ROOT / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(pages[path]) if path in pages else target.unlink()
    print("\n".join(f"wrote {path}" for path in stale) or "Nothing to change.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
