"""Draw bar and line charts as plain SVG that looks the same on a page and in a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# The light colours of tokens.css as attributes, because a PDF does not read the page's rules inside a picture.
SERIES = ("#0b5a66", "#b3621e", "#5d6f9e", "#8a4f7d")
INK, SOFT, LINE, PAPER = "#1b2430", "#4a5766", "#d5dde2", "#ffffff"
WIDTH, HEIGHT = 460, 200
LEFT, RIGHT, TOP, BOTTOM = 36, 8, 22, 46
LABEL_ROW, MOST_ON_ONE_ROW = 17, 4


@dataclass(frozen=True)
class Point:
    """One value of a series: the height that is drawn and the words that are printed."""

    height: float | None
    text: str


@dataclass(frozen=True)
class Series:
    """One named row of points."""

    name: str
    points: Sequence[Point]


def read_point(value: Any) -> Point:
    """A number, None, or a pair (height, words) such as `(3, "1 to 5")` for a band."""
    if value is None:
        return Point(None, "no figure")
    if isinstance(value, (tuple, list)):
        height, text = value
        return Point(None if height is None else float(height), str(text))
    return Point(float(value), f"{value:g}")


def read_series(figure: dict[str, Any]) -> list[Series]:
    """The series of a figure with every value read."""
    return [Series(row["name"], [read_point(value) for value in row["values"]]) for row in figure["series"]]


def nice_top(highest: float) -> float:
    """The smallest round number of four equal whole steps that holds the highest value."""
    scale = 1.0
    while True:
        for step in (4, 8, 12, 20, 40):
            if step * scale >= highest:
                return step * scale
        scale *= 10


def draw_chart(figure: dict[str, Any]) -> SafeString:
    """The whole picture; `figure` has title, kind ("bars" or "lines"), labels, series and, where pictures that stand
    together shall have the same heights, the highest value of all of them as `top`."""
    rows = read_series(figure)
    top = nice_top(max((p.height or 0 for row in rows for p in row.points), default=0))
    top = max(top, nice_top(figure.get("top", 0)))
    marks = _lines(rows, top) if figure.get("kind") == "lines" else _bars(rows, top, len(figure["labels"]))
    height = HEIGHT if len(figure["labels"]) > MOST_ON_ONE_ROW else HEIGHT - LABEL_ROW
    return format_html(
        '<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}" font-family="Atkinson Hyperlegible Next, sans-serif" xmlns="http://www.w3.org/2000/svg">'
        "<title>{}</title>{}{}{}</svg>",
        f"{figure['title']}. The table below holds the same figures.",
        WIDTH,
        height,
        WIDTH,
        height,
        figure["title"],
        _grid(top),
        _labels(figure["labels"]),
        marks,
    )


def _y(height: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * height / top, 1)


def _grid(top: float) -> SafeString:
    rows = [(_y(top * i / 4, top), top * i / 4) for i in range(5)]
    return format_html_join(
        "",
        '<line class="chart-line" x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="1"/>'
        '<text class="chart-soft" x="{}" y="{}" font-size="13" fill="{}" text-anchor="end">{}</text>',
        ((LEFT, WIDTH - RIGHT, y, y, LINE, LEFT - 8, y + 4, SOFT, f"{value:g}") for y, value in rows),
    )


def _centres(count: int) -> list[float]:
    step = (WIDTH - LEFT - RIGHT) / max(count, 1)
    return [round(LEFT + step * (i + 0.5), 1) for i in range(count)]


def _labels(labels: Sequence[str]) -> SafeString:
    pieces: list[tuple[float, int, str, str]] = []
    for x, label in zip(_centres(len(labels)), labels, strict=True):
        # Two words stand above each other when the places are narrow.
        rows = label.rsplit(" ", 1) if len(labels) > MOST_ON_ONE_ROW else [label]
        pieces.extend((x, HEIGHT - BOTTOM + 22 + LABEL_ROW * i, INK, row) for i, row in enumerate(rows))
    return format_html_join(
        "",
        '<text class="chart-ink" x="{}" y="{}" font-size="14" fill="{}" text-anchor="middle">{}</text>',
        pieces,
    )


def _bars(rows: Sequence[Series], top: float, count: int) -> SafeString:
    step = (WIDTH - LEFT - RIGHT) / max(count, 1)
    width = round(min(step * 0.72 / max(len(rows), 1), 56), 1)
    pieces = []
    for s, row in enumerate(rows):
        for centre, point in zip(_centres(count), row.points, strict=True):
            x = round(centre + (s - len(rows) / 2) * width, 1)
            pieces.append(_bar(s, x, width, point, top))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _bar(series: int, x: float, width: float, point: Point, top: float) -> SafeString:
    y = _y(point.height or 0, top)
    bar = format_html(
        '<rect class="chart-series-{}" x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        series % 4 + 1,
        x + 1,
        y,
        width - 2,
        round(HEIGHT - BOTTOM - y, 1),
        SERIES[series % 4],
    )
    return format_html(
        "{}{}", bar, _value(x + width / 2, y - 6, point.text if point.height is not None else "none")
    )


def _value(x: float, y: float, text: str) -> SafeString:
    """A value in words, on paper of its own so that no line of the grid strikes it through."""
    width = 7.4 * len(text) + 4
    return format_html(
        '<rect class="chart-paper" x="{}" y="{}" width="{}" height="15" fill="{}"/><text class="chart-ink" x="{}" y="{}" font-size="13" fill="{}" text-anchor="middle">{}</text>',
        round(x - width / 2, 1),
        round(y - 12, 1),
        round(width, 1),
        PAPER,
        round(x, 1),
        round(y, 1),
        INK,
        text,
    )


def _lines(rows: Sequence[Series], top: float) -> SafeString:
    return format_html_join("", "{}", ((_line(s, row, top),) for s, row in enumerate(rows)))


def _line(series: int, row: Series, top: float) -> SafeString:
    places = [
        (x, _y(p.height, top), p.text)
        for x, p in zip(_centres(len(row.points)), row.points, strict=True)
        if p.height is not None
    ]
    path = " ".join(f"{x},{y}" for x, y, _ in places)
    # Each series has its own dash and mark, so that nobody needs the colour.
    dash = ("none", "8 5", "2 5", "12 4 2 4")[series % 4]
    line = format_html(
        '<polyline class="chart-stroke-{}" points="{}" fill="none" stroke="{}" stroke-width="3" stroke-dasharray="{}" stroke-linejoin="round"/>',
        series % 4 + 1,
        path,
        SERIES[series % 4],
        dash,
    )
    return format_html("{}{}", line, _marks(series, places))


def _marks(series: int, places: Iterable[tuple[float, float, str]]) -> SafeString:
    return format_html_join(
        "",
        '<circle class="chart-series-{}" cx="{}" cy="{}" r="5" fill="{}"/>{}',
        (
            (series % 4 + 1, x, y, SERIES[series % 4], _value(x, y - 11 if series % 2 == 0 else y + 20, text))
            for x, y, text in places
        ),
    )
