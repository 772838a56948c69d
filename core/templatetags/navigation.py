"""The entries of the navigation, put together in Python: they stand on every page, twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.templatetags.ui import icon

register = template.Library()
CURRENT = format_html(' aria-current="{}"', "page")


@register.simple_tag
def navigation_entries(entries: Iterable[dict[str, Any]]) -> SafeString:
    """A list item for each entry: `url`, `label`, `icon`, and whether it is the `current` page."""
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}<span>{}</span></a></li>',
        ((one["url"], CURRENT if one["current"] else "", icon(one["icon"]), one["label"]) for one in entries),
    )
