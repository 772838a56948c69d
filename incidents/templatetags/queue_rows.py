"""The rows of the queue, put together in Python as those of other lists are (core.templatetags.rows)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.templatetags.ui import clock_icon, status

register = template.Library()
NOTHING, QUIET, UNSEEN = (
    SafeString(text)
    for text in ('<span class="soft">&ndash;</span>', ' class="queue-quiet"', ' class="unseen"')
)
ROW = """<tr data-row-link{}>
<td data-label="Who"><span class="person"><span class="person-name"><a class="row-link" href="{}">{}</a></span><span class="person-role">{}</span></span>{}</td>
<td data-label="Status">{}</td>
<td data-label="Risk"{}>{}</td>
<td data-label="Kind"{}>{}</td>
<td data-label="Age" class="queue-age">{}</td>
<td data-label="Clock"><span class="clock clock-{}">{}<span><span class="clock-text">{}</span>{}</span></span></td>
<td data-label="Lead">{}{}</td>
</tr>
"""
COUNTS_TO = '<span class="clock-due">{}</span>'
TAKE = """<form method="post" action="{}" data-row-take><input type="hidden" name="csrfmiddlewaretoken" value="{}">\
<input type="hidden" name="version" value="{}"><input type="hidden" name="back" value="queue">\
<button class="btn btn-quiet btn-small" type="submit">Take<span class="visually-hidden">: {}</span></button></form>"""


@register.simple_tag
def queue_row(row: dict[str, Any], token: str) -> SafeString:
    """One concern: `row` as presenters.queue_rows makes it, `token` for the form that takes it."""
    risk, kind, clock = row["risk"], row["kind"], row["clock"]
    take = (row["assign_url"], token, row["version"], row["reference"])
    return format_html(
        ROW, UNSEEN if row["unseen"] else "",
        row["url"], row["who"], row["reference"], format_html(" {}", status("stop", "Danger")) if row["danger"] else "",
        status(**row["status"]),
        "" if risk else QUIET, status(**risk) if risk else NOTHING,
        "" if kind else QUIET, kind or SafeString("&ndash;"),
        row["age"],
        clock["state"], clock_icon(clock["state"]), clock["text"], format_html(COUNTS_TO, clock["what"]) if clock.get("what") else "",
        "You" if row["is_mine"] else row["lead"] or "Nobody yet", format_html(TAKE, *take) if row["can_take"] else "",
    )  # fmt: skip
