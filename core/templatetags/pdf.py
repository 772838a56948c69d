"""What a PDF carries inside itself, because its renderer may fetch nothing: fonts and rules."""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString

register = template.Library()

FACES = (("Atkinson Hyperlegible Next", "latin"), ("Atkinson Hyperlegible Next Extended", "latin-ext"))
STYLES = ((400, "normal"), (400, "italic"), (600, "normal"))
# Paper has no dark mode, and the renderer does not know the question.
DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{\n.*?\n\}\n", re.DOTALL)


def _static_path(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"The file {name} is missing from static/.")
    return Path(found)


@register.simple_tag
@cache
def pdf_fonts() -> SafeString:
    """`@font-face` rules with the fonts inside."""
    rules = []
    for family, subset in FACES:
        for weight, style in STYLES:
            file = _static_path(f"fonts/atkinson-hyperlegible-next-{subset}-{weight}-{style}.woff2")
            data = base64.b64encode(file.read_bytes()).decode()
            rules.append(
                f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};'
                f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
            )
    return SafeString("".join(rules))


@register.simple_tag
@cache
def pdf_styles() -> SafeString:
    """The tokens and the rules for PDFs, to stand in the one style element of templates/pdf/base.html."""
    css = [_static_path(name).read_text(encoding="utf-8") for name in ("css/tokens.css", "css/pdf.css")]
    return SafeString(DARK.sub("", "\n".join(css)))
