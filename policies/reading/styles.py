"""Word's paragraph styles: which are headings, titles or contents, and the numbering and indent they lend."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from policies.reading.wordnumbers import W, left_indent, value, whole

_HEADING = re.compile(r"^heading\s*(\d)", re.IGNORECASE)
_CONTENTS = re.compile(r"^toc\s*\d|^table of contents|^toc heading", re.IGNORECASE)
_MAX_CHAIN = 20


@dataclass(frozen=True)
class Style:
    """What a paragraph takes from its style, the chain of parents included."""

    name: str = ""
    heading: int = 0
    title: bool = False
    contents: bool = False
    list_id: str = ""
    list_level: int | None = None
    indent: float | None = None
    bold: bool = False


def read_styles(root: etree._Element | None) -> tuple[dict[str, Style], str]:
    """The paragraph styles by id, and the id of the default one."""
    if root is None:
        return {}, ""
    elements = {item.get(f"{W}styleId", ""): item for item in root.iterchildren(f"{W}style")}
    default = next(
        (
            key
            for key, item in elements.items()
            if item.get(f"{W}default") in ("1", "true") and _is_paragraph(item)
        ),
        "",
    )
    return {
        key: _resolve(key, elements) for key, item in elements.items() if item.get(f"{W}type") != "character"
    }, default


def numbering_styles(root: etree._Element | None) -> dict[str, str]:
    """List styles and the numbering instance each is tied to."""
    if root is None:
        return {}
    return {
        item.get(f"{W}styleId", ""): value(item, f"{W}pPr/{W}numPr/{W}numId")
        for item in root.iterchildren(f"{W}style")
        if item.get(f"{W}type") == "numbering"
    }


def _is_paragraph(item: etree._Element) -> bool:
    return item.get(f"{W}type", "paragraph") == "paragraph"


def _resolve(key: str, elements: dict[str, etree._Element]) -> Style:
    """The style with what its parents give; the nearest one wins."""
    chain: list[etree._Element] = []
    while key in elements and len(chain) < _MAX_CHAIN and elements[key] not in chain:
        chain.append(elements[key])
        key = value(elements[key], f"{W}basedOn")
    names = [value(item, f"{W}name") for item in chain]
    list_id = _first(value(item, f"{W}pPr/{W}numPr/{W}numId") for item in chain)
    level = _first(value(item, f"{W}pPr/{W}numPr/{W}ilvl") for item in chain)
    outline = _first(value(item, f"{W}pPr/{W}outlineLvl") for item in chain)
    indents = [indent for item in chain if (indent := left_indent(item.find(f"{W}pPr"))) is not None]
    return Style(
        name=names[0] if names else "",
        heading=_heading(names, outline),
        title=any(name.casefold() == "title" for name in names),
        contents=any(_CONTENTS.match(name) for name in names),
        list_id=list_id,
        list_level=whole(level) if level else None,
        indent=indents[0] if indents else None,
        bold=any(is_on(item.find(f"{W}rPr/{W}b")) for item in chain[:1]),
    )


def _first(values: Iterable[str]) -> str:
    return next((text for text in values if text), "")


def _heading(names: list[str], outline: str) -> int:
    for name in names:
        found = _HEADING.match(name)
        if found:
            return max(1, int(found.group(1)))
    level = whole(outline, 9) if outline else 9
    return level + 1 if level < 9 else 0


def is_on(element: etree._Element | None) -> bool:
    """Whether a switch such as w:b is there and not turned off."""
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off", "none")
