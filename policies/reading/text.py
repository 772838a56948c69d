"""Plain text to lines: hard-wrapped or one paragraph to a line, with the usual marks for headings, lists and tables."""

import re
from itertools import pairwise

from policies.reading import labels
from policies.reading.keylabels import is_label
from policies.reading.limits import UnreadableFile, check_length
from policies.reading.line import Line, clean, one_line
from policies.reading.pdfjoin import Words
from policies.reading.textpages import COLUMNS, table_rows, without_pages

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"^\s*(?:[-=_*]\s*){3,}$")
_TABLE_RULE = re.compile(r"^\|?[\s:|-]*-[\s:|-]*$")
_SETEXT = re.compile(r"^(?:={3,}|-{3,})$")
_URL = re.compile(r"^<?(?:https?://|www\.)\S+$")
_KEY_LINE = re.compile(r"^[A-Z][^:]{2,70}:(?:\s|$)")
_LEADERS = re.compile(r"(?:\.{4,}|(?:\s\.){4,}|_{4,}|\u2026{2,})\s*\d{1,3}$")
_EMPTY_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(\s*#?\s*\)")
_MIN_WRAP, _MAX_WRAP = 40, 130


def decode(data: bytes) -> str:
    """The text of the bytes, by their mark, else UTF-8, else the usual encoding of Windows."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252")


def _decoded(data: bytes, encoding: str) -> str:
    text = data.decode(encoding, errors="replace")
    if text.count("\ufffd") > max(5, len(text) // 50):
        raise UnreadableFile(
            "The text file is damaged or in an unknown encoding. Save it as UTF-8 and try again."
        )
    return text


def empty_links(text: str) -> tuple[str, ...]:
    """The words of links whose address was never filled in: [words](#)."""
    return tuple(dict.fromkeys(clean(words) for words in _EMPTY_LINK.findall(text)))


def read_text(data: bytes) -> list[Line]:
    """The lines of a text file."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    check_length(text.count("\n") // 4, len(text))
    rows = without_pages(text)
    return _Joiner(_wrap_width(rows), Words(text)).lines(rows)


def _wrap_width(rows: list[str]) -> int:
    """The column at which the file was wrapped by hand, 0 where each paragraph is one line."""
    lengths = sorted(len(row) for row in rows if row.strip())
    if not lengths or not _MIN_WRAP <= lengths[-1] <= _MAX_WRAP:
        return 0
    followed = sum(1 for row, after in pairwise(rows) if len(row) > lengths[-1] * 0.75 and after.strip())
    return lengths[-1] if followed >= 3 else 0


class _Joiner:
    """Joins the rows of a paragraph; a row of its own is what begins with a mark or stands after a gap."""

    def __init__(self, width: int, words: Words) -> None:
        self.width = width
        self.words = words
        self.done: list[Line] = []
        self.parts: list[str] = []
        self.indent = 0
        self.bullet = False
        self.heading = 0
        self.tables: set[int] = set()

    def lines(self, rows: list[str]) -> list[Line]:
        self.tables = table_rows(rows)
        for place, row in enumerate(rows):
            self._take(place, row)
        self._flush()
        return self.done

    def _take(self, place: int, row: str) -> None:
        stripped = row.strip()
        if not stripped:
            self._flush()
        elif self.parts and _SETEXT.match(stripped) and not self.bullet:
            self.heading = 1 if stripped.startswith("=") else 2
            self._flush()
        elif _RULE.match(stripped):
            self._flush()
        elif stripped.startswith("|"):
            self._flush()
            self._table_row(stripped)
        elif len(columns := COLUMNS.split(stripped)) > 1 and (place in self.tables or is_label(columns[0])):
            self._flush()
            self._row(tuple(clean(column) for column in columns))
        elif self._continues(stripped):
            self.parts.append(stripped)
        else:
            self._begin(row, stripped)

    def _begin(self, row: str, stripped: str) -> None:
        self._flush()
        self.indent = len(row) - len(row.lstrip())
        found = _HEADING.match(stripped)
        if found:
            self.heading, stripped = len(found.group(1)), found.group(2)
        else:
            self.bullet, stripped = labels.split_bullet(stripped)
        self.parts = [stripped]
        if found:
            self._flush()

    def _continues(self, stripped: str) -> bool:
        if not self.parts or labels.split_bullet(stripped)[0] or _HEADING.match(stripped):
            return False
        if labels.split_label(stripped)[0] or self._names_detail(stripped) or self._begins_section(stripped):
            return False
        if _LEADERS.search(self.parts[-1]):
            return False
        if self.width:
            first = stripped.split(maxsplit=1)[0]
            return self.indent + len(self.parts[-1]) + 2 * self.bullet + len(first) + 1 > self.width * 0.9
        return bool(_URL.match(stripped)) or (stripped[0].islower() and self.parts[-1][-1] not in ".!?:;")

    def _names_detail(self, stripped: str) -> bool:
        """ "Review date: ..."; in wrapped text any words may end in a colon."""
        found = _KEY_LINE.match(stripped)
        return found is not None and (not self.width or is_label(found.group().rstrip(": ")))

    def _begins_section(self, stripped: str) -> bool:
        """A bare number before a few words, after the end of a sentence."""
        return (
            self.parts[-1].endswith(".")
            and bool(labels.split_bare_number(stripped)[0])
            and len(stripped.split()) <= 8
        )

    def _table_row(self, stripped: str) -> None:
        if _TABLE_RULE.match(stripped):
            return
        self._row(tuple(clean(cell) for cell in stripped.strip("|").split("|")))

    def _row(self, cells: tuple[str, ...]) -> None:
        if any(cells):
            self.done.append(Line(" | ".join(filter(None, cells)), cells=cells))

    def _flush(self) -> None:
        text = one_line(clean(self._joined()))
        if text:
            self.done.append(
                Line(
                    text,
                    heading=self.heading,
                    bullet=self.bullet,
                    indent=self.indent,
                    bold=self._all_strong(),
                )
            )
        self.parts, self.heading, self.bullet = [], 0, False

    def _joined(self) -> str:
        whole = self.parts[0] if self.parts else ""
        for part in self.parts[1:]:
            whole = self.words.meet(whole, part) if self.width else f"{whole} {part}"
        return whole

    def _all_strong(self) -> bool:
        whole = " ".join(self.parts).strip()
        return len(whole) > 4 and whole.startswith("**") and whole.endswith("**") and whole.count("**") == 2
