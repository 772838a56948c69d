"""Every pair of colours that tokens.css promises holds, in light and in dark; charts use the same colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.templatetags import chart_svg

TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
PAIRS = [
    (front, back, float(least))
    for front, back, least in re.findall(r"pair: ([\w|-]+) on ([\w-]+) ([\d.]+)", TOKENS)
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def split() -> tuple[str, str, str]:
    light, rest = TOKENS.split("@media (prefers-color-scheme: dark)")
    dark, paper = rest.split("@media print")
    return light, dark, paper


LIGHT = colours(split()[0])
DARK = {**LIGHT, **colours(split()[1])}
PAPER = {**LIGHT, **colours(split()[2])}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_contrast_of_a_grey_that_just_fails_is_below_aa():
    assert contrast("#777777", "#ffffff") < 4.5


@pytest.mark.parametrize("mode", ["light", "dark", "paper"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS, ids=str)
def test_pair_is_legible(mode, front, back, least):
    palette = {"light": LIGHT, "dark": DARK, "paper": PAPER}[mode]

    assert max(contrast(palette[name], palette[back]) for name in front.split("|")) >= least


def test_every_pair_is_at_least_what_aa_asks():
    assert {least for *_, least in PAIRS} == {3.0, 4.5, 7.0}


def test_every_colour_stands_in_a_pair():
    decoration = {"line"}
    paired = {name for front, back, _ in PAIRS for name in (*front.split("|"), back)}

    assert set(LIGHT) - paired == decoration


def test_dark_mode_changes_every_colour():
    assert set(colours(split()[1])) == set(LIGHT)
    assert [name for name in LIGHT if DARK[name] == LIGHT[name]] == []


def test_charts_draw_in_the_light_colours():
    assert tuple(LIGHT[f"series-{i}"] for i in (1, 2, 3, 4)) == chart_svg.SERIES
    assert (LIGHT["ink"], LIGHT["ink-soft"], LIGHT["line"]) == (chart_svg.INK, chart_svg.SOFT, chart_svg.LINE)
