"""Tags and filters of the design system: icons, status words, British dates in London time, charts, form fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import template
from django.forms import BoundField
from django.forms.utils import flatatt
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.partdate import PART_DATE, first_day, in_words, knows_day
from core.templatetags.chart_svg import draw_chart, read_series

register = template.Library()
LONDON = ZoneInfo("Europe/London")

# A status is a shape, a colour and a word; the shape belongs to the kind.
STATUS_ICONS = {
    "stop": "octagon-alert",
    "due": "triangle-alert",
    "done": "circle-check",
    "note": "info",
    "new": "diamond",
    "open": "circle-dot",
    "wait": "hourglass",
    "held": "lock",
    "quiet": "circle",
    "void": "circle-x",
}
CLOCK_ICONS = {
    "plenty": "clock",
    "soon": "timer",
    "over": "octagon-alert",
    "stopped": "circle-pause",
    "met": "circle-check",
}
LIGHTS = {
    "evidenced": ("done", "Evidenced"),
    "due": ("due", "Due"),
    "none": ("stop", "No evidence"),
}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """One picture of the sprite, hidden from screen readers: a word always stands beside it. `size`: "" or "large"."""
    return _picture(str(name), size)


@lru_cache(maxsize=512)
def _picture(name: str, size: str) -> SafeString:
    """The same few pictures stand on every row of a list: each is put together once."""
    css = "icon icon-large" if size == "large" else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false" width="20" height="20"><use href="{}#{}"></use></svg>',
        css,
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def status(kind: str, word: str) -> SafeString:
    """A status word with its shape and colour. Kinds: the keys of STATUS_ICONS."""
    return _word(kind, str(word))


@lru_cache(maxsize=512)
def _word(kind: str, word: str) -> SafeString:
    known = kind if kind in STATUS_ICONS else "quiet"
    return format_html(
        '<span class="status status-{}">{}<span>{}</span></span>', known, icon(STATUS_ICONS[known]), word
    )


@register.simple_tag
def clock_icon(state: str) -> SafeString:
    """The shape of a clock's state."""
    return icon(CLOCK_ICONS.get(state, "clock"))


@register.simple_tag
def light(state: str) -> SafeString:
    """The light of a clause: "evidenced", "due" or "none"."""
    kind, word = LIGHTS[state]
    return status(kind, word)


def in_london(value: Any) -> Any:
    """A datetime in London; dates and everything else as they are."""
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(LONDON)
    return value


def parse_part_date(value: Any) -> tuple[dt.date | None, bool]:
    """Read a date, "2026-10-12" or "2026-10"; the second answer says whether the day is known."""
    if isinstance(value, dt.datetime):
        return in_london(value).date(), True
    if isinstance(value, dt.date):
        return value, True
    text = str(value or "")
    return (first_day(text), knows_day(text)) if PART_DATE.fullmatch(text) else (None, False)


@register.filter
def any_found(options: Iterable[Any]) -> bool:
    """Whether a picker's search found somebody, beyond those who were chosen before."""
    return any(option.is_found for option in options)


@register.filter
def day(value: Any) -> str:
    """`12 October 2026`, or `October 2026` when the day is not known, or an empty text."""
    date, whole = parse_part_date(value)
    if date is None:
        return ""
    return in_words(date, month_only=not whole)


@register.filter
def month(value: Any) -> str:
    """`October 2026`."""
    date, _ = parse_part_date(value)
    return in_words(date, month_only=True) if date else ""


@register.filter
def clocktime(value: Any) -> str:
    """`14:05` in London."""
    return f"{in_london(value):%H:%M}" if isinstance(value, dt.datetime) else ""


@register.filter
def weekday_time(value: Any) -> str:
    """`Tue 14:05` in London."""
    return f"{in_london(value):%a %H:%M}" if isinstance(value, dt.datetime) else ""


@register.filter
def moment(value: Any) -> str:
    """`12 October 2026, 14:05` in London; a bare date has no time."""
    if not isinstance(value, dt.datetime):
        return day(value)
    return f"{day(value)}, {clocktime(value)}"


@register.simple_tag
def when(value: Any, style: str = "day") -> SafeString | str:
    """A `<time>` element. Styles: day, moment, weekday_time, clocktime, month."""
    text = {
        "day": day,
        "moment": moment,
        "weekday_time": weekday_time,
        "clocktime": clocktime,
        "month": month,
    }[style](value)
    machine = in_london(value).isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value or "")
    return format_html('<time datetime="{}">{}</time>', machine, text) if text else ""


def counted(number: int, one: str) -> str:
    """`1 school day`, `2 school days`."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


@register.filter
def school_days(number: int) -> str:
    """An age: `today`, `1 school day`, `2 school days`."""
    return "today" if number == 0 else counted(number, "school day")


@register.filter
def clock_text(minutes: int) -> str:
    """School minutes left (negative: past) in words: `4 school hours left`, `25 minutes over`. Seven hours make a day."""
    left, tail = abs(minutes), "left" if minutes >= 0 else "over"
    if left < 60:
        words = counted(left, "minute")
    elif left < 7 * 60:
        words = counted(left // 60, "school hour")
    else:
        words = counted(left // (7 * 60), "school day")
    return f"{words} {tail}"


@register.simple_tag
def chart(figure: dict[str, Any]) -> SafeString:
    """The picture of a figure (see components/figure.html)."""
    return draw_chart(figure)


@register.filter
def figure_rows(figure: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the table that stands beside a picture: one per label."""
    series = read_series(figure)
    return [
        {"label": label, "texts": [row.points[i].text for row in series]}
        for i, label in enumerate(figure["labels"])
    ]


@register.simple_tag
def qr(text: str) -> SafeString:
    """A QR code as plain SVG, dark on light in both modes so that cameras read it."""
    code = segno.make(text, error="m")
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, bit in enumerate(row) if bit
    )
    side = len(code.matrix)
    return format_html(
        '<svg class="qr" role="img" aria-label="QR code" viewBox="-4 -4 {} {}" width="176" height="176" xmlns="http://www.w3.org/2000/svg">'
        '<title>QR code</title><rect x="-4" y="-4" width="{}" height="{}" fill="#ffffff"/><path d="{}" fill="#000000"/></svg>',
        side + 8,
        side + 8,
        side + 8,
        side + 8,
        path,
    )


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """This page's query string with some keys changed; None takes a key away."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        return "?" + "&".join(f"{key}={value}" for key, value in changes.items() if value is not None)
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = value
    return f"?{query.urlencode()}"


WIDGET_CLASSES = {"select": "form-select", "selectmultiple": "form-select", "checkbox": "form-check-input"}


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """The control of a form field with its house class; links to help and error text are Django's own."""
    name = field.widget_type.replace("nullboolean", "").removeprefix("lazy")
    css = WIDGET_CLASSES.get(name, "form-control")
    attrs: dict[str, str | bool] = {
        "class": f"{field.field.widget.attrs.get('class', '')} {css}{' is-invalid' if field.errors else ''}".strip()
    }
    return field.as_widget(attrs=attrs)


@register.filter
def html_attributes(attrs: dict[str, Any]) -> SafeString:
    """The attributes of a control; templates/django/forms use it, because a loop in a template costs ten times as much."""
    return flatatt(attrs) if attrs else SafeString()


@register.filter
def field_kind(field: BoundField) -> str:
    """How the house lays a field out: "choices", "checkbox", "custom" or "plain"."""
    if getattr(field.field.widget, "house_custom", False):
        return "custom"
    if field.widget_type in ("radioselect", "checkboxselectmultiple"):
        return "choices"
    return "checkbox" if field.widget_type == "checkbox" else "plain"


@register.filter
def field_anchor(field: BoundField) -> str:
    """The id that an error summary links to: the control, or the first of a group."""
    if getattr(field.field.widget, "house_custom", False):
        return f"{field.auto_id}_query"
    return f"{field.auto_id}_0" if field.use_fieldset else field.auto_id


@register.filter
def field_heading(field: BoundField) -> str:
    """The label as the first words of a sentence about it: `Where?`, `Policy read on:`."""
    label = str(field.label)
    return label if label.endswith(("?", ".", ":", "!")) else f"{label}:"
