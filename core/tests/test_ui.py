"""Tags and filters of the design system."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import strip_tags

from core.gallery import FIGURE_BARS, FIGURE_LINES, SAMPLES
from core.templatetags import ui
from core.templatetags.chart_svg import nice_top

pytestmark = pytest.mark.urls("allauth.urls")
ROOT = Path(__file__).parents[2]
SUMMER = dt.datetime(2026, 7, 14, 13, 5, tzinfo=dt.UTC)
WINTER = dt.datetime(2026, 12, 1, 14, 5, tzinfo=dt.UTC)


def render(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.requirement("R003")
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (dt.date(2026, 10, 12), "12 October 2026"),
        ("2021-10-12", "12 October 2021"),
        ("2023-10", "October 2023"),
        (dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC), "1 July 2026"),
        ("", ""),
        (None, ""),
        ("soon", ""),
    ],
)
def test_day_is_british_and_invents_no_day(value, words):
    assert ui.day(value) == words


def test_times_are_london_times():
    assert ui.weekday_time(SUMMER) == "Tue 14:05"
    assert ui.weekday_time(WINTER) == "Tue 14:05"
    assert ui.moment(SUMMER) == "14 July 2026, 14:05"
    assert ui.moment(dt.date(2026, 7, 14)) == "14 July 2026"


def test_when_writes_a_time_element_with_its_zone():
    html = render('{% when value "moment" %}', value=SUMMER)

    assert html == '<time datetime="2026-07-14T14:05:00+01:00">14 July 2026, 14:05</time>'


def test_when_writes_nothing_for_nothing():
    assert render("{% when value %}", value=None) == ""


@pytest.mark.parametrize(("number", "words"), [(0, "today"), (1, "1 school day"), (2, "2 school days")])
def test_age_in_school_days(number, words):
    assert ui.school_days(number) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute left"),
        (59, "59 minutes left"),
        (240, "4 school hours left"),
        (419, "6 school hours left"),
        (420, "1 school day left"),
        (-25, "25 minutes over"),
        (-840, "2 school days over"),
    ],
)
def test_clock_says_what_is_left(minutes, words):
    assert ui.clock_text(minutes) == words


@pytest.mark.parametrize("kind", ui.STATUS_ICONS)
def test_status_is_a_shape_a_colour_and_a_word(kind):
    html = ui.status(kind, "Word")

    assert strip_tags(html) == "Word"
    assert f"icons.svg#{ui.STATUS_ICONS[kind]}" in re.sub(r"icons\.[0-9a-f]+\.svg", "icons.svg", html)
    assert f'class="status status-{kind}"' in html


def test_status_shapes_differ_by_kind():
    assert len(set(ui.STATUS_ICONS.values())) == len(ui.STATUS_ICONS)


def test_status_word_is_escaped():
    assert "&lt;b&gt;" in ui.status("due", "<b>")


def names_used() -> set[str]:
    used = {*ui.STATUS_ICONS.values(), *ui.CLOCK_ICONS.values()}
    for file in (ROOT / "templates").rglob("*.html"):
        used.update(re.findall(r'{% icon "([\w-]+)"', file.read_text(encoding="utf-8")))
    return used


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = set(
        re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text(encoding="utf-8"))
    )

    assert names_used() - sprite == set()


@pytest.mark.parametrize("figure", [FIGURE_BARS, FIGURE_LINES], ids=["bars", "lines"])
def test_picture_is_well_formed_and_holds_every_figure(figure):
    svg = ElementTree.fromstring(ui.chart(figure))
    words = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]

    for row in ui.figure_rows(figure):
        for text in row["texts"]:
            assert text in words or text == "no figure"
    assert svg.find("{http://www.w3.org/2000/svg}title").text == figure["title"]


def test_table_says_the_words_of_a_band_and_not_its_height():
    assert ui.figure_rows(FIGURE_BARS)[0] == {"label": "Autumn 2025", "texts": ["6 to 10", "16 to 20"]}


def test_picture_of_bands_does_not_print_the_height():
    figure = {
        "title": "T",
        "kind": "bars",
        "labels": ["A"],
        "series": [{"name": "S", "values": [(37, "31 to 40")]}],
    }

    assert ">37<" not in ui.chart(figure)


def bars(height, **more):
    series = [{"name": "S", "values": [(height, f"up to {height}")]}]
    svg = ElementTree.fromstring(
        ui.chart({"title": "T", "kind": "bars", "labels": ["A"], "series": series, **more})
    )
    boxes = svg.iter("{http://www.w3.org/2000/svg}rect")
    return {box.get("class"): {key: float(box.get(key)) for key in ("y", "height")} for box in boxes}


def test_same_value_is_as_high_in_pictures_that_stand_together():
    alone, beside = bars(9), bars(9, top=29)
    tall = bars(29, top=29)

    assert alone["chart-series-1"]["height"] > beside["chart-series-1"]["height"]
    assert abs(tall["chart-series-1"]["height"] / beside["chart-series-1"]["height"] - 29 / 9) < 0.01


def test_value_stands_on_paper_above_its_bar():
    found = bars(19)
    paper, bar = found["chart-paper"], found["chart-series-1"]

    assert paper["y"] + paper["height"] <= bar["y"]


def test_number_that_several_people_share_stands_once():
    people = [{"name": name, "role": "DSL", "phone": "01632 960100"} for name in ("Sam", "Alex")]
    html = render_to_string("components/danger.html", {"people": people})

    assert (html.count('href="tel:01632960100"'), "Sam" in html, "Alex" in html) == (1, True, True)


def test_picture_of_nothing_is_drawn():
    figure = {"title": "T", "kind": "bars", "labels": [], "series": []}

    assert "<svg" in ui.chart(figure)


def test_chart_words_are_escaped():
    figure = {"title": "<x>", "kind": "bars", "labels": ["<y>"], "series": [{"name": "<z>", "values": [1]}]}

    assert ElementTree.fromstring(ui.chart(figure)).find("{http://www.w3.org/2000/svg}title").text == "<x>"


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 4), (3, 4), (5, 8), (9, 12), (21, 40), (41, 80), (401, 800)]
)
def test_top_of_the_scale_is_round(highest, top):
    assert nice_top(highest) == top


def test_qr_code_is_a_picture_of_the_text():
    one, other = ui.qr("https://hub.example/d/1"), ui.qr("https://hub.example/d/2")

    assert ElementTree.fromstring(one).attrib["role"] == "img"
    assert one != other


def test_query_with_changes_one_key_and_keeps_the_rest():
    request = RequestFactory().get("/", {"status": "open", "page": "3"})

    assert render("{% query_with page=4 %}", request=request) == "?status=open&amp;page=4"
    assert render("{% query_with page=None %}", request=request) == "?status=open"


def test_gallery_shows_every_component():
    html = render_to_string("gallery/index.html", SAMPLES, request=None)
    parts = {file.stem for file in (ROOT / "templates/components").glob("*.html")}

    assert html.count('class="gallery-part"') == 14
    assert parts - shown() == {"bar_person"}


def shown() -> set[str]:
    files = [*(ROOT / "templates/gallery").glob("*.html"), *(ROOT / "templates/components").glob("*.html")]
    files += [ROOT / "templates/house/display_form.html", ROOT / "core/forms.py"]
    return {
        name
        for file in files
        for name in re.findall(r"components/(\w+)\.html", file.read_text(encoding="utf-8"))
    }


def test_every_component_says_its_parameters_first():
    for file in (ROOT / "templates/components").glob("*.html"):
        assert file.read_text(encoding="utf-8").startswith("{# "), file.name


def test_every_component_is_in_the_docs():
    docs = (ROOT / "docs/design-system.md").read_text(encoding="utf-8")
    names = {file.stem for file in (ROOT / "templates/components").glob("*.html")} - {"bar_person"}

    assert {name for name in names if f"`{name}`" not in docs} == set()


def test_style_files_hold_no_data_address_and_no_other_origin():
    for file in (ROOT / "static").rglob("*.css"):
        assert re.findall(r"url\(\s*[\"']?(?:data:|https?:|//)", file.read_text(encoding="utf-8")) == [], (
            file.name
        )


def test_pdf_carries_its_fonts_and_its_light_colours():
    html = Template("{% load pdf %}{% pdf_fonts %}{% pdf_styles %}").render(Context())

    assert html.count("data:font/woff2;base64,") == 6
    assert "--accent: #0b5a66" in html
    assert "prefers-color-scheme" not in html
