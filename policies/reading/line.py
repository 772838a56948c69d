"""The common currency of the readers: one printed paragraph, list item or table row."""

import re
import unicodedata
from dataclasses import dataclass

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
# Zero-width and direction marks, soft hyphens, the byte-order mark and control characters carry no words.
_UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffc\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_MD_LINK = re.compile(
    r"\[([^\[\]\n]{1,300})\](?:\([^()\s]{0,500}\)|\s\((?:#|https?://|www\.)[^()\s]{0,500}\))"
)
_MD_AUTOLINK = re.compile(r"<((?:https?://|www\.|mailto:)[^<>\s]{1,500})>")
_MD_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*\n]{1,2000}?\S|\S)\1")
_MD_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,2000}?[^\s*]|[^\s*])\*(?![\w*])")
_SPACE = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")


@dataclass(frozen=True)
class Line:
    """One paragraph as the reader saw it, before anything is concluded from it.

    `heading` is the level a style or a type size gives (0: none); `label` is automatic numbering, which stands in
    no text; `indent` only orders list items among their neighbours; a `running` line stands at the edge of every page
    and is no part of the text; `notes` are the footnotes it cites, each with its number.
    """

    text: str
    label: str = ""
    heading: int = 0
    title: bool = False
    bullet: bool = False
    indent: float = 0.0
    cells: tuple[str, ...] = ()
    contents: bool = False
    bold: bool = False
    running: bool = False
    notes: tuple[tuple[str, str], ...] = ()


def clean(text: str) -> str:
    """Text without ligatures, unseen characters, inline markdown and runs of spaces; line breaks stay."""
    text = unicodedata.normalize("NFC", text)
    text = _LIGATURE.sub(lambda found: _LIGATURES[found.group()], text)
    text = _UNSEEN.sub("", text)
    text = _MD_LINK.sub(_link_words, text)
    text = _MD_AUTOLINK.sub(r"\1", text)
    text = _MD_EMPHASIS.sub(r"\1", _MD_STRONG.sub(r"\2", text))
    return "\n".join(_SPACE.sub(" ", part).strip() for part in text.split("\n")).strip()


def one_line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def _link_words(found: re.Match[str]) -> str:
    return found.group(1)
