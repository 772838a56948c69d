"""Policies printed as PDF: plain, with running heads, in two columns, with headings that are only bold, with a cover."""

from __future__ import annotations

import html
from collections.abc import Iterator

from policies.tests.reading.builders import pdf
from policies.tests.reading.corpus.markup import Block, Policy

_HEADS = (
    '@page { @top-left { content: "Policies and procedures" } @top-right { content: "Version 4.1  September 2025" } '
    '@bottom-center { content: "Page " counter(page) " of " counter(pages) } } '
)
_TABLE = "table { border-collapse: collapse; width: 100% } td { border: 1px solid; padding: 3px 6px; vertical-align: top } "
_FLAT = "h1, h2, h3, h4 { font-size: 11pt; margin: 10pt 0 4pt } "


def plain(policies: list[Policy]) -> bytes:
    """Headings larger than the text, key details in lines."""
    return pdf("".join(_title(one) + _lines(one) + _body(one) for one in policies), _TABLE)


def running(policies: list[Policy]) -> bytes:
    """Small pages with heads and feet, a contents page with leaders, key details in a table."""
    style = (
        _HEADS
        + _TABLE
        + ".toc { page-break-after: always } .toc a::after { content: leader('.') target-counter(attr(href), page) }"
    )
    return pdf(
        "".join(_title(one) + _table(one, 1) + _contents(one) + _body(one) for one in policies), style, "A5"
    )


def columns(policies: list[Policy]) -> bytes:
    """Text in two columns under a title across the page."""
    inside = "".join(f"{_title(one)}{_lines(one)}<div class=c>{_body(one)}</div>" for one in policies)
    return pdf(
        inside,
        _TABLE
        + "h1 { font-size: 15pt } h2 { font-size: 13pt } body { font-size: 9pt } .c { columns: 2; column-gap: 9mm }",
    )


def bold(policies: list[Policy]) -> bytes:
    """Headings of the size of the text, justified and hyphenated text in a serif, key details two to a row."""
    style = (
        _HEADS
        + _TABLE
        + _FLAT
        + "body { font-family: serif; text-align: justify; hyphens: auto } li { list-style: square }"
    )
    return pdf("".join(_title(one) + _table(one, 2) + _body(one) for one in policies), style)


def cover(policies: list[Policy]) -> bytes:
    """A cover, then the text; key details in a table at the end."""
    style = _HEADS + _TABLE + ".cover { page-break-after: always; padding-top: 70mm; text-align: center }"
    parts = (
        f"<div class=cover>{_title(one)}</div>{_body(one)}<h2>Document control</h2>{_table(one, 1)}"
        for one in policies
    )
    return pdf("".join(parts), style)


def narrow(policies: list[Policy]) -> bytes:
    """Title and school only at the edges of the page, two narrow hyphenated columns with ligatures, key details in a table."""
    parts = []
    for number, one in enumerate(policies):
        head = f'@page p{number} {{ @top-center {{ content: "{one.title}" }} @bottom-left {{ content: "{one.setting}" }} }} .p{number} {{ page: p{number} }} '
        title = _title(one) if number else ""
        parts.append(
            f"<style>{head}</style><div class=p{number}>{title}{_table(one, 1)}<div class=c>{_body(one)}</div></div>"
        )
    style = (
        _TABLE
        + "@page { @bottom-right { content: counter(page) } } body { font: 10pt serif; text-align: justify; hyphens: auto } .c { columns: 2; column-gap: 8mm } h2 { font-size: 12pt } h3 { font-size: 11pt }"
    )
    return pdf("".join(parts), style)


def _title(policy: Policy) -> str:
    return f"<p>{_text(policy.setting)}</p><h1 style='font-size: 24pt'>{_text(policy.title)}</h1>"


def _lines(policy: Policy) -> str:
    return "".join(f"<p><b>{_text(one.label)}:</b> {_text(one.text)}</p>" for one in policy.details)


def _table(policy: Policy, pairs: int) -> str:
    cells = [f"<td><b>{_text(one.label)}</b></td><td>{_text(one.text)}</td>" for one in policy.details]
    rows = ("".join(cells[place : place + pairs]) for place in range(0, len(cells), pairs))
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _contents(policy: Policy) -> str:
    entries = (
        f"<p style='margin: 0'><a href='#s{place}'>{_text(_words(one))}</a></p>"
        for place, one in enumerate(policy.body)
        if one.kind == "section"
    )
    return f"<div class=toc><h2>Contents</h2>{''.join(entries)}</div>"


def _body(policy: Policy) -> str:
    return "".join(_blocks([*policy.head, *policy.body], len(policy.head)))


def _blocks(blocks: list[Block], before: int) -> Iterator[str]:
    held: list[Block] = []
    for place, block in enumerate(blocks):
        if held and block.kind != held[0].kind:
            yield _group(held)
            held = []
        if block.kind in ("item", "row"):
            held.append(block)
        elif block.kind == "section":
            size = block.level + 1
            yield f"<h{size} id=s{place - before}>{_text(_words(block))}</h{size}>"
        else:
            yield f"<p style='margin-left: {block.level * 8}mm'>{_text(_words(block))}</p>"
    if held:
        yield _group(held)


def _group(held: list[Block]) -> str:
    if held[0].kind == "row":
        return (
            "<table>"
            + "".join(
                "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in one.cells) + "</tr>" for one in held
            )
            + "</table>"
        )
    out, deep = "", 0
    for one in held:
        out += "<ul>" * (one.level - deep) + "</ul>" * (deep - one.level) + f"<li>{_text(one.text)}</li>"
        deep = one.level
    return out + "</ul>" * deep


def _words(block: Block) -> str:
    mark = {"in use": "", "not used": " (Not used)", "removed": " (Removed)"}[block.status]
    return " ".join(filter(None, (block.label, block.text))) + mark


def _text(text: str) -> str:
    return html.escape(text)
