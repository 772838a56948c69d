"""What the renderer makes: tags, claims, fonts, the source inside, the same bytes twice."""

import io
from datetime import UTC, date, datetime

import pikepdf
import pypdfium2
import pytest
import weasyprint
from django.test import override_settings

from core.pdf import PdfAttachment, render_html_to_pdf, render_pdf

DATED = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
CHART = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Trend</title><rect width="1" height="1"/></svg>'


@pytest.fixture(scope="module")
def made() -> bytes:
    html = (
        "<h1>Policy</h1><h2 id='s1'>1. Scope</h2><p>Text <a href='#s1'>1</a></p><ul><li>one</ul>"
        "<table><thead><tr><th>Term</th></tr></thead><tr><td>x</td></tr></table>" + CHART
    )
    return render_html_to_pdf(
        html,
        title="Mobile phones",
        dated=DATED,
        attachments=[PdfAttachment("source.html", b"<p>x</p>", "Source")],
    )


@pytest.fixture
def opened(made):
    with pikepdf.open(io.BytesIO(made)) as document:
        yield document


def tags(element) -> set[str]:
    """Every structure type below an element."""
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    below = [tags(kid) for kid in kids if isinstance(kid, pikepdf.Dictionary)]
    return set().union({str(element.get("/S", ""))}, *below)


def test_pdf_is_tagged(opened):
    assert bool(opened.Root.MarkInfo.Marked)
    assert {"/Document", "/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Link", "/Figure"} <= tags(
        opened.Root.StructTreeRoot
    )
    assert {str(page.Tabs) for page in opened.pages} == {"/S"}


def test_untagged_pdf_is_told_apart():
    plain = weasyprint.HTML(string="<h1>x</h1>").write_pdf()

    with pikepdf.open(io.BytesIO(plain)) as opened:
        assert "/StructTreeRoot" not in opened.Root


def test_pdf_claims_what_it_is_built_to(opened):
    with opened.open_metadata() as claimed:
        found = {
            name: claimed[name]
            for name in (
                "pdfaid:part",
                "pdfaid:conformance",
                "{http://www.aiim.org/pdfua/ns/id/}part",
                "dc:title",
            )
        }

    assert list(found.values()) == ["3", "A", "1", "Mobile phones"]
    assert opened.Root.Metadata.read_bytes().count(b"<rdf:RDF") == 1
    assert (str(opened.Root.Lang), bool(opened.Root.ViewerPreferences.DisplayDocTitle)) == ("en-GB", True)


def test_pdf_has_colour_intent_and_every_font_inside(opened):
    fonts = [
        one
        for one in opened.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
    ]

    assert str(opened.Root.OutputIntents[0].S) == "/GTS_PDFA1"
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(one.keys()) for one in fonts)


def test_pdf_carries_its_source(opened):
    [(name, attached)] = opened.attachments.items()

    assert (name, attached.get_file().read_bytes()) == ("source.html", b"<p>x</p>")
    assert str(opened.Root.AF[0].AFRelationship) == "/Source"


@pytest.mark.slow
def test_same_input_gives_same_bytes(made):
    again = render_html_to_pdf(
        "<p>x</p>", title="A", dated=date(2026, 9, 1), attachments=[PdfAttachment("a", b"b")]
    )

    assert again == render_html_to_pdf(
        "<p>x</p>", title="A", dated=date(2026, 9, 1), attachments=[PdfAttachment("a", b"b")]
    )
    assert again != render_html_to_pdf(
        "<p>x</p>", title="A", dated=date(2026, 9, 2), attachments=[PdfAttachment("a", b"b")]
    )


def test_a_date_without_zone_is_a_fault():
    with pytest.raises(ValueError, match="time zone"):
        render_html_to_pdf("x", title="T", dated=datetime(2026, 9, 1))


def test_template_is_rendered_with_escaping(tmp_path):
    (tmp_path / "page.html").write_text("<h1>{{ name }}</h1>")
    with override_settings(
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}]
    ):
        made = render_pdf("page.html", {"name": "<b>Ash & Oak</b>", "dated": DATED}, title="T")

    assert pypdfium2.PdfDocument(made)[0].get_textpage().get_text_bounded().strip() == "<b>Ash & Oak</b>"
