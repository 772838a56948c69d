"""Which rows of a PDF are one paragraph, and how the end of a row meets the beginning of the next."""

import re
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from policies.reading import labels
from policies.reading.keylabels import is_label

if TYPE_CHECKING:
    from policies.reading.pdflayout import Row

_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019-]*")
_ENDS = (".", "!", "?", ":", ";")
_LEADERS = re.compile(r"(?:\.{4,}|(?:\s\.){4,}|\u2026{2,})\s*\d{1,3}$")
_LOOSE = 1.3
_NEAR = 4.0


class Words:
    """The words of the document, which tell a hyphen that belongs from one that only breaks a line."""

    def __init__(self, text: str) -> None:
        self.known = Counter(word.lower() for word in _WORD.findall(text))

    def meet(self, before: str, after: str) -> str:
        """The two ends joined: with a space, a hyphen or nothing between."""
        if before.endswith("/"):
            return before + after
        if before.endswith("\u2010"):
            return before[:-1] + after
        if not before.endswith("-") or before.endswith(" -") or not after[:1].isalpha():
            return f"{before} {after}"
        head = (_WORD.findall(before) or [""])[-1].rstrip("-").lower()
        tail = (_WORD.match(after) or [""])[0].lower()
        whole, hyphened = self.known[head + tail], self.known[f"{head}-{tail}"]
        breaks_word = whole > hyphened and "www." not in before and "://" not in before
        return before[:-1] + after if breaks_word else before + after


class Joints:
    """Decides row by row, from the pitch of the lines, their margins and what they say."""

    def __init__(self, rows: "list[Row]", words: Words) -> None:
        self.words = words
        self.margin: dict[int, float] = {}
        columns = {row.page: row.margin for row in rows if row.margin}
        for row in rows:
            self.margin[row.page] = max(self.margin.get(row.page, 0.0), row.right)
        widest = median([right for page, right in self.margin.items() if page not in columns] or [0.0])
        self.margin = {page: max(right, widest * 0.9) for page, right in self.margin.items()} | columns
        self.pitch = self._usual_pitch(rows)

    @staticmethod
    def _usual_pitch(rows: "list[Row]") -> float:
        """The usual distance of lines, in sizes of type."""
        steps: Counter[float] = Counter()
        for row, after in pairwise(rows):
            step = row.baseline - after.baseline
            if row.page == after.page and step > 0 and abs(row.size - after.size) < 0.1 and not after.bullet:
                steps[round(step / max(row.size, 1), 1)] += 1
        tight = [ratio for ratio, times in steps.items() if times >= max(steps.values()) * 0.2]
        return min(tight) if tight else 1.3

    def belongs(self, group: "list[Row]", row: "Row", same_face: bool) -> bool:
        """Whether the row goes on with the paragraph."""
        last = group[-1]
        if not same_face or row.bullet or row.ruled or last.ruled:
            return False
        if len(group[0].cells) > 1:
            return self._goes_on_in_table(group[0], last, row)
        if is_label(row.text.partition(":")[0]) and ":" in row.text:
            return False
        if len(row.cells) > 1 or labels.split_label(row.text)[0] or labels.split_bullet(row.text)[0]:
            return False
        if _LEADERS.search(last.text):
            return False
        if row.page != last.page:
            return self._goes_over_page(group[0], last, row)
        if not self._is_tight(last, row):
            return False
        return self._is_full(last, row) or (row.text[:1].islower() and not last.text.endswith(_ENDS))

    def _is_tight(self, last: "Row", row: "Row") -> bool:
        return 0 < last.baseline - row.baseline <= self.pitch * _LOOSE * max(last.size, row.size)

    def _is_full(self, last: "Row", row: "Row") -> bool:
        """Whether the next word would not have fitted on the row before."""
        first = row.text.split(maxsplit=1)[0]
        word = (row.right - row.left) / max(len(row.text), 1) * (len(first) + 1)
        return last.right + word > self.margin[last.page] - 0.5 * row.size

    def _goes_over_page(self, first: "Row", last: "Row", row: "Row") -> bool:
        """A paragraph broken by the page's end."""
        if row.page != last.page + 1 or abs(row.left - last.left) > _NEAR:
            return False
        if not last.text.endswith(_ENDS):
            return row.text[:1].islower() or self._is_full(last, row)
        hangs = first.bullet and row.left > first.mark_left + _NEAR
        return hangs and self._is_full(last, row)

    def _goes_on_in_table(self, first: "Row", last: "Row", row: "Row") -> bool:
        """A second line inside the cells of a table row: every piece stands under a cell."""
        if row.page != last.page or not self._is_tight(last, row) or _begins_row(row):
            return False
        lefts = [cell.left for cell in first.cells]
        starts_row = len(row.cells) == len(lefts)
        return not starts_row and all(
            any(abs(cell.left - left) < _NEAR for left in lefts) for cell in row.cells
        )

    def text(self, group: "list[Row]") -> str:
        """The paragraph."""
        whole = group[0].text.strip()
        for row in group[1:]:
            whole = self.words.meet(whole, row.text.strip())
        return whole

    def columns(self, group: "list[Row]") -> list[str]:
        """The cells of a table row, each with its further lines."""
        lefts = [cell.left for cell in group[0].cells]
        columns = [cell.text.strip() for cell in group[0].cells]
        for row in group[1:]:
            for cell in row.cells:
                index = min(range(len(lefts)), key=lambda place: abs(lefts[place] - cell.left))
                columns[index] = self.words.meet(columns[index], cell.text.strip())
        return columns


def _begins_row(row: "Row") -> bool:
    """A label or the name of a key detail opens a row of its own."""
    return bool(labels.split_label(row.text)[0]) or is_label(row.cells[0].text.strip())
