"""Organisations that are no more, or that bear another name now."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.check.case import Case
from policies.check.catalogue import Body
from policies.check.finding import NOTE, WARNING, Finding

_HISTORY_BEFORE = re.compile(
    r"\b(?:formerly|previously|replac\w+|succeed\w+|was|were|used to be|once|the old|abolished|took over from|instead of|no longer)\b[^.]{0,40}$",
    re.IGNORECASE,
)
_HISTORY_AFTER = re.compile(
    r"^[^.]{0,25}\b(?:\(?now|has been replaced|was replaced|became|is no more|no longer exists)\b",
    re.IGNORECASE,
)


def outdated_body(case: Case) -> Iterator[Finding]:
    """Each body once, at its first place; where the text itself tells its history, nothing."""
    for body in case.catalogue.bodies:
        if body.hint not in case.lowered:
            continue
        for passage in case.passages:
            found = body.pattern.search(passage.text)
            if found and not _is_history(passage.text, found):
                yield passage.finding("outdated-body", *_said(body, found.group()))
                break


def _is_history(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()], text[found.end() :]
    return bool(_HISTORY_BEFORE.search(before) or _HISTORY_AFTER.match(after))


def _said(body: Body, printed: str) -> tuple[str, str, str]:
    sure = "" if body.confirmed else "As far as the catalogue knows: "
    name = "" if printed.casefold() == body.name.casefold() else f" ({body.name})"
    return (
        WARNING if body.confirmed else NOTE,
        f"{sure}\u201c{printed}\u201d{name} is out of date since {body.since}.",
        f"Name {body.now} instead." if body.now else "Take it out, or name who does this work today.",
    )
