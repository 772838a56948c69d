"""A policy with its facts marked where they stand; one mark to a line, so that it reads like the policy it is.

    T title                        S setting              P a paragraph between title and first heading
    K label :: value               a key detail; where it is printed depends on the layout
    # 1.|Heading [not used]        a section; more # for a lower one; the part before | is its label, the mark its status
    1.1|text   a)|text   |text     a clause with its label; a > before it for each step in
    *text   **text                 a list item, an inner one
    ~cell ~ cell                   a row of a table
    % policy                       here begins another policy of the same file

Inside the text `{kind=value}` or `{kind=value;shown}` marks a fact: dsl, deputy_dsl, named_governor, written, ratified,
ratifying_body, next_review, policy, and `{guidance=title;edition;shown}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

PEOPLE = ("dsl", "deputy_dsl", "named_governor")
DATED = ("written", "ratified", "ratifying_body", "next_review")
_FACT = re.compile(r"\{(\w+)=([^{}]*)\}")
_STATUS = re.compile(r"\s*\[(not used|removed)\]$")
_CLAUSE = re.compile(r"^(>*)([^|{}\s]{0,14}(?: [A-Z\d]{1,3})?)\|(.*)$")


@dataclass
class Block:
    """One printed thing: a heading, clause, item, row, key detail or paragraph of the head."""

    kind: str
    text: str
    label: str = ""
    level: int = 0
    status: str = "in use"
    cells: tuple[str, ...] = ()


@dataclass
class Policy:
    """What is printed, and what is true of it."""

    title: str = ""
    setting: str = ""
    blocks: list[Block] = field(default_factory=list)
    facts: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def details(self) -> list[Block]:
        """The key details, apart from the text."""
        return [block for block in self.blocks if block.kind == "key"]

    @property
    def head(self) -> list[Block]:
        """The paragraphs between title and first heading."""
        return [block for block in self.blocks if block.kind == "head"]

    @property
    def body(self) -> list[Block]:
        """Sections and clauses."""
        return [block for block in self.blocks if block.kind not in ("key", "head")]


def parse(text: str) -> list[Policy]:
    """The policies of one source."""
    return [_policy(part) for part in re.split(r"^% policy\n", text, flags=re.MULTILINE)]


def _policy(text: str) -> Policy:
    policy = Policy()
    for line in filter(str.strip, text.split("\n")):
        mark, _, rest = line.partition(" ")
        if mark == "T":
            policy.title = rest
        elif mark == "S":
            policy.setting = rest
        else:
            policy.blocks.append(_block(_shown(line, policy)))
    policy.facts.extend(_printed(policy))
    return policy


def _shown(line: str, policy: Policy) -> str:
    """The line as printed; its marked facts go to the policy."""

    def note(found: re.Match[str]) -> str:
        kind, parts = found.group(1), found.group(2).split(";")
        if kind == "guidance":
            policy.facts.append((kind, parts[0], parts[1]))
            return parts[2]
        policy.facts.append(("key", kind, parts[0]) if kind in PEOPLE + DATED else (kind, parts[0]))
        return parts[-1]

    return _FACT.sub(note, line)


def _block(line: str) -> Block:
    mark, _, rest = line.partition(" ")
    if mark == "P":
        return Block("head", rest)
    if mark == "K":
        label, _, value = rest.partition(" :: ")
        return Block("key", value.strip(), label)
    if set(mark) == {"#"}:
        found = _STATUS.search(rest)
        label, _, heading = _STATUS.sub("", rest).rpartition("|")
        return Block("section", heading, label, len(mark), found.group(1) if found else "in use")
    if line.startswith("~"):
        cells = tuple(cell.strip() for cell in line[1:].split(" ~ "))
        return Block("row", " | ".join(filter(None, cells)), cells=cells)
    if line.startswith("*"):
        return Block("item", line.lstrip("*").strip(), level=len(line) - len(line.lstrip("*")))
    found = _CLAUSE.match(line)
    if not found:
        raise ValueError(line)
    return Block("clause", found.group(3).strip(), found.group(2), len(found.group(1)))


def _printed(policy: Policy) -> Iterator[tuple[str, ...]]:
    """Facts that need no mark: title, setting, sections, clauses."""
    yield "title", policy.title
    if policy.setting:
        yield "setting", policy.setting
    for block in policy.blocks:
        if block.kind == "section":
            yield "section", block.label or block.text
            if block.status != "in use":
                yield "status", block.label or block.text, block.status
        elif block.kind != "key":
            yield "clause", block.text
            if block.label:
                yield "label", block.label, block.text
