"""What stands on every row of a list, put together in Python: a template for each cell takes ten times as long."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from core.templatetags.ui import clock_icon, moment, status, when

register = template.Library()
NUMBER, UNSEEN = (format_html(' class="{}"', css) for css in ("number", "unseen"))


@register.simple_tag
def clock(text: str, state: str = "", due: Any = None, what: str = "") -> SafeString:
    """A clock: "4 school hours left", its state (plenty soon over stopped met), when it is due and what it counts to."""
    said = ", ".join(filter(None, [what, moment(due)]))
    below = format_html('<span class="clock-due">{}</span>', said) if said else ""
    return format_html(
        '<span class="clock clock-{}">{}<span><span class="clock-text">{}</span>{}</span></span>',
        state or "plenty", clock_icon(state), text, below,
    )  # fmt: skip


@register.simple_tag
def person(name: str, role: str = "", detail: str = "", url: str = "") -> SafeString:
    """A person: the name, and below it post and class."""
    said = ", ".join(filter(None, [role, detail]))
    below = format_html('<span class="person-role">{}</span>', said) if said else ""
    return format_html(
        '<span class="person"><span class="person-name">{}</span>{}</span>', _link(name, url), below
    )


@register.simple_tag
def table_row(row: dict[str, Any], columns: list[dict[str, Any]]) -> SafeString:
    """One row of components/table.html; its first cell carries the link of the row."""
    cells = format_html_join(
        "",
        '<td data-label="{}"{}>{}</td>',
        (
            (column["label"], NUMBER if column.get("number") else "", _cell(cell, link))
            for column, cell, link in zip(
                columns, row["cells"], [row.get("url", ""), *[""] * len(columns)], strict=False
            )
        ),
    )
    return format_html("<tr{}>{}</tr>", UNSEEN if row.get("unseen") else "", cells)


def _cell(cell: Any, row_url: str) -> SafeString | str:
    """A cell is a text, or says what it holds: see the table in docs/design-system.md."""
    if not isinstance(cell, dict):
        return _link(cell, row_url, "row-link")
    if shown := cell.get("status"):
        return status(shown["kind"], shown["word"])
    if shown := cell.get("clock"):
        return clock(shown["text"], shown.get("state", ""), shown.get("due"))
    if shown := cell.get("person"):
        return person(shown["name"], shown.get("role", ""), shown.get("detail", ""), cell.get("url", ""))
    if "date" in cell:
        return when(cell["date"])
    if "moment" in cell:
        return when(cell["moment"], "moment")
    return _link(cell["text"], cell["url"]) if cell.get("url") else _link(cell["text"], row_url, "row-link")


def _link(text: Any, url: str, css: str = "") -> SafeString | str:
    if not url:
        return conditional_escape(text)
    known = format_html(' class="{}"', css) if css else ""
    return format_html('<a{} href="{}">{}</a>', known, url, text)
