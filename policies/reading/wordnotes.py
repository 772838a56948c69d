"""Footnotes and endnotes of Word: what each says, numbered in the order in which the text cites them."""

from __future__ import annotations

from lxml import etree

from policies.reading.line import clean, one_line
from policies.reading.wordnumbers import W, roman
from policies.reading.wordtext import own_text

_KINDS = {"footnote": "footnotes", "endnote": "endnotes"}


class Notes:
    """Hands out the notes of a file as they are cited; Word writes no numbers down, it counts."""

    def __init__(self, parts: dict[str, etree._Element]) -> None:
        self.texts = {kind: _texts(parts.get(part), kind) for kind, part in _KINDS.items()}
        self.numbers: dict[str, list[str]] = {kind: [] for kind in _KINDS}

    def cited_in(self, paragraph: etree._Element) -> tuple[tuple[str, str], ...]:
        """The notes that a paragraph cites, each as its number and its words: 1, 2 for footnotes, i, ii for endnotes."""
        found = []
        for kind, texts in self.texts.items():
            for mark in paragraph.iter(f"{W}{kind}Reference"):
                key = mark.get(f"{W}id", "")
                if texts.get(key) and key not in self.numbers[kind]:
                    self.numbers[kind].append(key)
                    count = len(self.numbers[kind])
                    found.append((str(count) if kind == "footnote" else roman(count), texts[key]))
        return tuple(found)


def _texts(part: etree._Element | None, kind: str) -> dict[str, str]:
    """The words of each note by its id; the lines that set notes off from the text are none."""
    if part is None:
        return {}
    return {
        note.get(f"{W}id", ""): one_line(
            clean(" ".join(own_text(paragraph) for paragraph in note.iter(f"{W}p")))
        )
        for note in part.iterchildren(f"{W}{kind}")
        if not note.get(f"{W}type", "").lower().startswith(("separator", "continuation"))
    }
