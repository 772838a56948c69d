"""Word's automatic numbering, which is not in the text: computed from numbering definitions and styles."""

import re
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_ROMAN: tuple[tuple[int, str], ...] = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
)
_ROMAN += ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_STEP = 360.0
_MAX_COUNT = 100_000


@dataclass(frozen=True)
class Level:
    """One level of one list: how it counts and how it prints."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    style: str = ""
    restart: int | None = None
    legal: bool = False
    indent: float | None = None


@dataclass
class _List:
    """A numbering instance: its definition with the overrides of this instance."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """What stands before a paragraph."""

    label: str
    bullet: bool
    indent: float


def value(element: etree._Element | None, path: str, default: str = "") -> str:
    """The w:val at the path below the element."""
    found = element.find(path) if element is not None else None
    return default if found is None else found.get(f"{W}val", default)


def whole(text: str, default: int = 0) -> int:
    """A whole number within reason, as an attribute gives it."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits[:7]) <= _MAX_COUNT else default


def left_indent(properties: etree._Element | None) -> float | None:
    """The left indent in twips, where the paragraph properties give one."""
    found = properties.find(f"{W}ind") if properties is not None else None
    text = (found.get(f"{W}left") or found.get(f"{W}start")) if found is not None else None
    try:
        return float(text) if text else None
    except ValueError:
        return None


class Numbering:
    """Counts through a document; ask once for each paragraph, in order."""

    def __init__(self, root: etree._Element | None, style_lists: dict[str, str]) -> None:
        self._abstracts: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._load(root, style_lists)

    def _load(self, root: etree._Element, style_lists: dict[str, str]) -> None:
        links: dict[str, str] = {}
        for item in root.iterchildren(f"{W}abstractNum"):
            key = item.get(f"{W}abstractNumId", "")
            self._abstracts[key] = {
                whole(lvl.get(f"{W}ilvl", "0")): _level(lvl) for lvl in item.iterchildren(f"{W}lvl")
            }
            links[key] = value(item, f"{W}numStyleLink")
        instances = {item.get(f"{W}numId", ""): item for item in root.iterchildren(f"{W}num")}
        for key, item in instances.items():
            abstract = value(item, f"{W}abstractNumId")
            linked = instances.get(style_lists.get(links.get(abstract, ""), ""))
            if linked is not None:
                abstract = value(linked, f"{W}abstractNumId")
            self._lists[key] = _instance(item, abstract, self._abstracts.get(abstract, {}))

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """The level a paragraph style is tied to in a list."""
        held = self._lists.get(list_id)
        return (
            next((index for index, level in held.levels.items() if level.style == style), None)
            if held
            else None
        )

    def mark(self, list_id: str, index: int) -> Mark | None:
        """Count one paragraph of the list at the level, and say what is printed before it."""
        held = self._lists.get(list_id)
        level = held.levels.get(index) if held else None
        if held is None or level is None or (level.form == "none" and not level.text):
            return None
        indent = level.indent if level.indent is not None else _STEP * (index + 1)
        if level.form == "bullet":
            return Mark("", True, indent)
        self._count(list_id, held, index)
        return Mark(self._print(held, index), False, indent)

    def _count(self, list_id: str, held: _List, index: int) -> None:
        counts = self._counts.setdefault(held.abstract, {})
        if index in held.starts and (list_id, index) not in self._begun:
            counts[index] = held.starts[index]
        elif index in counts:
            counts[index] += 1
        else:
            counts[index] = held.levels[index].start
        self._begun.add((list_id, index))
        for deeper in [key for key in counts if key > index and _restarts(held.levels.get(key), key, index)]:
            del counts[deeper]

    def _print(self, held: _List, index: int) -> str:
        counts, level = self._counts[held.abstract], held.levels[index]

        def shown(found: re.Match[str]) -> str:
            place = int(found.group(1)) - 1
            other = held.levels.get(place, Level())
            form = "decimal" if level.legal else other.form
            return formatted(counts.get(place, other.start), form)

        return _PLACE.sub(shown, level.text).strip()


def _restarts(level: Level | None, deeper: int, index: int) -> bool:
    if level is None or level.restart is None:
        return True
    return level.restart != 0 and index < level.restart <= deeper


def _level(element: etree._Element) -> Level:
    restart = element.find(f"{W}lvlRestart")
    return Level(
        start=whole(value(element, f"{W}start", "1"), 1),
        form=value(element, f"{W}numFmt", "decimal"),
        text=value(element, f"{W}lvlText"),
        style=value(element, f"{W}pStyle"),
        restart=None if restart is None else whole(restart.get(f"{W}val", "0")),
        legal=element.find(f"{W}isLgl") is not None,
        indent=left_indent(element.find(f"{W}pPr")),
    )


def _instance(item: etree._Element, abstract: str, levels: dict[int, Level]) -> _List:
    held = _List(abstract, dict(levels))
    for override in item.iterchildren(f"{W}lvlOverride"):
        index = whole(override.get(f"{W}ilvl", "0"))
        changed = override.find(f"{W}lvl")
        if changed is not None:
            held.levels[index] = _level(changed)
        start = override.find(f"{W}startOverride")
        if start is not None:
            held.starts[index] = whole(start.get(f"{W}val", "1"), 1)
    return held


def formatted(number: int, form: str) -> str:
    """The number in Word's number format."""
    if form in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * min(20, (number - 1) // 26 + 1) if number > 0 else ""
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman"):
        letters = roman(number)
        return letters.upper() if form == "upperRoman" else letters
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "ordinal":
        suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{suffix}"
    return "" if form in ("none", "bullet") else str(number)


def roman(number: int) -> str:
    """The number in small Roman letters."""
    if not 0 < number < 4000:
        return str(number)
    printed = ""
    for size, letters in _ROMAN:
        printed += letters * (number // size)
        number %= size
    return printed
