"""The words of one Word paragraph: inserted text in, deleted and hidden text out, text boxes apart."""

from collections.abc import Iterator

from lxml import etree

from policies.reading.styles import is_on
from policies.reading.wordnumbers import W

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MAX_DEPTH = 60
_SKIPPED = {
    f"{W}{name}"
    for name in (
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "txbxContent",
        "footnoteReference",
        "endnoteReference",
        "sdtPr",
        "rt",
    )
} | {f"{_MC}Fallback"}
_CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "",
}


def own_text(paragraph: etree._Element) -> str:
    """The text of the paragraph itself."""
    return "".join(_pieces(paragraph, 0))


def _pieces(element: etree._Element, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    for child in element:
        if child.tag in _SKIPPED or (child.tag == f"{W}r" and _hidden(child)):
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        else:
            yield from _pieces(child, depth + 1)


def _hidden(run: etree._Element) -> bool:
    return is_on(run.find(f"{W}rPr/{W}vanish"))


def text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The text boxes anchored in the paragraph, each once: Word writes a second copy for old readers."""
    for box in paragraph.iter(f"{W}txbxContent"):
        above = list(_above(box, paragraph))
        if not any(item.tag in _SKIPPED for item in above):
            yield box


def _above(element: etree._Element, top: etree._Element) -> Iterator[etree._Element]:
    parent = element.getparent()
    while parent is not None and parent is not top:
        yield parent
        parent = parent.getparent()


def contents_depth(paragraph: etree._Element, already: int) -> int:
    """How the paragraph changes the nesting of fields, counted only from a TOC field on."""
    change, begun = 0, False
    for item in paragraph.iter(f"{W}fldChar", f"{W}instrText"):
        kind = item.get(f"{W}fldCharType", "")
        if kind == "begin":
            begun = True
            change += 1 if already + change else 0
        elif kind == "end":
            change -= 1 if already + change else 0
        elif begun and not already + change and (item.text or "").strip().upper().startswith("TOC"):
            change += 1
    return change
