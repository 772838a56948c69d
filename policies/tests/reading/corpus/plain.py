"""Policies printed as text: typed, wrapped by hand, saved from Word, copied out of a PDF, and with the marks of a wiki."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from policies.tests.reading.corpus.markup import Block, Policy

SCANNED = ("o ", "\uf0b7 ", "l ", "\u00a7 ")


def typed(policies: list[Policy]) -> bytes:
    """A blank line between paragraphs, lists with hyphens."""
    return "\n\n".join(line for policy in policies for line in _lines(policy)).encode()


def wrapped(policies: list[Policy]) -> bytes:
    """Wrapped at 76, hanging indents, headings underlined, in the encoding of Windows."""
    parts: list[str] = []
    for policy in policies:
        for line in _lines(policy):
            mark = line[: len(line) - len(line.lstrip())]
            hang = mark + ("  " if line.lstrip().startswith("- ") else "")
            parts.append(textwrap.fill(line, 76, subsequent_indent=hang))
            if line.strip() in {
                _heading(block) for block in policy.body if block.kind == "section" and block.level == 1
            }:
                parts[-1] += "\n" + "-" * min(len(line), 76)
    return "\r\n\r\n".join(parts).replace("\n", "\r\n").replace("\r\r", "\r").encode("cp1252", "replace")


def from_word(policies: list[Policy]) -> bytes:
    """Word's own plain text: one paragraph to a line, tabs behind labels and between cells, UTF-16."""
    lines: list[str] = []
    for policy in policies:
        lines += [policy.setting, policy.title]
        lines += [f"{block.label}\t{block.text}" for block in policy.details]
        for block in [*policy.head, *policy.body]:
            if block.kind == "row":
                lines.append("\t".join(block.cells))
            elif block.kind == "item":
                lines.append("\t" * (block.level - 1) + "\u2022\t" + block.text)
            elif block.kind == "section":
                lines.append("\t".join(filter(None, (block.label, block.text + _mark(block)))))
            else:
                lines.append("\t".join(filter(None, (block.label, block.text))))
    return "\r\n".join(filter(None, lines)).encode("utf-16")


def copied(policies: list[Policy]) -> bytes:
    """Out of a PDF: contents with leaders, running heads and feet, pages, list marks that became letters."""
    rows: list[str] = []
    for policy in policies:
        rows += [policy.title, policy.setting, ""]
        for block in policy.details:
            rows += [f"{block.label}: {block.text}"]
        rows += ["", "Contents", *_contents(policy), ""]
        items = 0
        for block in [*policy.head, *policy.body]:
            items += block.kind == "item"
            mark = SCANNED[len(policy.title) % 2 * 2 + (block.level > 1)] if block.kind == "item" else ""
            indent = "   " * (block.level - 1) if block.kind == "item" else ""
            text = "   ".join(block.cells) if block.kind == "row" else f"{indent}{mark}{_line(block)}"
            rows += [
                *textwrap.wrap(text, 92, subsequent_indent=indent),
                *([""] if block.kind != "item" else []),
            ]
    return "\n".join(_paged(rows, policies[0].title)).encode()


def _paged(rows: list[str], head: str) -> Iterator[str]:
    pages = [rows[place : place + 48] for place in range(0, len(rows), 48)]
    for number, page in enumerate(pages, 1):
        yield from page
        yield f"{head}\n\nPage {number} of {len(pages)}\n\f"


def wiki(policies: list[Policy]) -> bytes:
    """Headings with hashes, strong labels, tables with bars."""
    parts: list[str] = []
    for policy in policies:
        parts += [f"# {policy.title}", policy.setting]
        parts += [
            "| | |\n| --- | --- |\n"
            + "\n".join(f"| **{one.label}** | {one.text} |" for one in policy.details)
        ]
        for block in [*policy.head, *policy.body]:
            hashes = "#" * (block.level + 1) + " " if block.kind == "section" else ""
            if block.kind == "row":
                parts.append("| " + " | ".join(block.cells) + " |")
            else:
                indent = "  " * (block.level - 1) + "* " if block.kind == "item" else ""
                parts.append(f"{hashes}{indent}{_line(block)}")
    return "\n\n".join(filter(None, parts)).encode()


def _lines(policy: Policy) -> Iterator[str]:
    yield from filter(None, (policy.setting, policy.title))
    for block in policy.details:
        yield f"{block.label}: {block.text}"
    for block in [*policy.head, *policy.body]:
        if block.kind == "row":
            yield "    ".join(block.cells)
        elif block.kind == "item":
            yield "   " * (block.level - 1) + "- " + block.text
        else:
            yield _line(block)


def _line(block: Block) -> str:
    return _heading(block) if block.kind == "section" else " ".join(filter(None, (block.label, block.text)))


def _heading(block: Block) -> str:
    return " ".join(filter(None, (block.label, block.text))) + _mark(block)


def _mark(block: Block) -> str:
    return (
        ""
        if block.status == "in use"
        else {"not used": " (not currently in use)", "removed": " (removed)"}[block.status]
    )


def _contents(policy: Policy) -> Iterator[str]:
    for page, block in enumerate((one for one in policy.body if one.kind == "section"), 2):
        yield f"{_heading(block)} {'.' * (70 - len(_heading(block)))} {page // 2 + 1}"
