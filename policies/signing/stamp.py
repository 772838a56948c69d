"""What a signature looks like on the page, drawn by WeasyPrint: pyHanko's own text is mis-spaced and its font not embedded."""

from __future__ import annotations

import base64
import io
from datetime import datetime
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo

from fontTools.ttLib.woff2 import decompress
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from core.pdf_child import data_only_fetcher
from policies.signing.fields import HEIGHT, WIDTH

LONDON = ZoneInfo("Europe/London")
_LONGEST = 120
_PAGE = """<!DOCTYPE html><html lang="en-GB"><head><style>
{face}
@page {{ size: {width}pt {height}pt; margin: 0 }}
body {{ margin: 0; padding: 6pt 8pt; border-left: 2.5pt solid #1d4f5f; height: {inner}pt; overflow: hidden;
 font: 8.5pt/1.35 House, "Atkinson Hyperlegible Next", "DejaVu Sans", sans-serif; color: #1b1b1b }}
p {{ margin: 0 }}
.name {{ font-size: {size}pt; font-weight: 600 }}
</style></head><body><p>Signed electronically by</p><p class="name">{name}</p><p>{post}</p><p>{when}</p></body></html>"""
_FACE = '@font-face {{ font-family: House; src: url("data:font/ttf;base64,{font}") }}'
_LONG_NAME = 28


def london_words(moment: datetime) -> str:
    """The moment as people in England write it, whatever zone the machine is in."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y} at {local:%H:%M} ({local.tzname()})"


def stamp_style(*, name: str, post: str, signed_at: datetime, font: bytes = b"") -> StaticStampStyle:
    """The drawing, as pyHanko wants it. `font` is a woff2 file; without it a font of the system is used.

    The page is our own and the words are escaped and cut short, so it is drawn in this process: a child for each
    signature would take longer than the signature.
    """
    import weasyprint  # noqa: PLC0415  half a second that only those who sign should pay

    face = _FACE.format(font=_unpacked(font)) if font else ""
    html = _PAGE.format(
        face=face,
        width=WIDTH,
        height=HEIGHT,
        inner=HEIGHT - 12,
        size=9 if len(name) > _LONG_NAME else 12,
        name=escape(name[:_LONGEST]),
        post=escape(post[:_LONGEST]),
        when=london_words(signed_at),
    )
    drawing = weasyprint.HTML(string=html, base_url=None, url_fetcher=data_only_fetcher()).write_pdf()
    return StaticStampStyle(border_width=0, background=_Drawing(drawing), background_layout=_whole_box())


@lru_cache(maxsize=4)
def _unpacked(woff2: bytes) -> str:
    """The font as WeasyPrint would unpack it, in base64: done once, because it takes as long as a signature."""
    plain = io.BytesIO()
    decompress(io.BytesIO(woff2), plain)
    return base64.b64encode(plain.getvalue()).decode()


def _whole_box() -> SimpleBoxLayoutRule:
    return SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MIN,
        y_align=AxisAlignment.ALIGN_MIN,
        margins=Margins.uniform(0),
        inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
    )


class _Drawing(PdfContent):
    """The first page of a PDF in memory; pyHanko itself only takes files."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        super().__init__()

    def render(self) -> bytes:
        writer = self._ensure_writer
        drawing = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/Drawing"] = drawing
        left, bottom, right, top = drawing.get_object()["/BBox"]
        self.box = type(self.box)(width=abs(right - left), height=abs(top - bottom))
        return b"/Drawing Do"
