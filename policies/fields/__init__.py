"""Fields in the text of a policy: who holds a post, a word of the school, its answer to a rule. Pure functions.

A field is stored as ⟦dsl⟧, in brackets that no policy prints, so that braces which came in with a file stay what they are.
It is typed and shown to those who write as {dsl}; braces that are none are then written \\{dsl}.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

POSTS = ("dsl", "deputy_dsl", "headteacher", "head_of_school", "named_governor", "chair", "clerk")
SCHOOL = "school_name"
WORD, RULE = "word:", "rule:"

_NAME = rf"(?:{'|'.join(POSTS)}|{SCHOOL}|(?:{WORD}|{RULE})[a-z0-9_]{{1,60}})"
_STORED = re.compile(rf"⟦({_NAME})⟧")
_TYPED = re.compile(rf"(\\*)\{{({_NAME})\}}")
_SHOWN = re.compile(rf"(\\*)(?:\{{({_NAME})\}}|⟦({_NAME})⟧)")


@dataclass(frozen=True)
class Value:
    """What a field is filled with, "" where nothing is known, and where it comes from."""

    words: str
    source: str


@dataclass(frozen=True)
class Piece:
    """A part of a text: words as they stand, or those of a field with its source; a gap where they are not known."""

    words: str
    key: str = ""
    source: str = ""
    gap: bool = False


Values = Mapping[str, Value]


def keys_in(texts: Iterable[str]) -> set[str]:
    """The fields that stand in some texts."""
    return {key for text in texts if "⟦" in text for key in _STORED.findall(text)}


def pieces(text: str, values: Values) -> Iterator[Piece]:
    """A stored text in parts, its fields filled in; what is not known is a gap that says what is missing."""
    if "⟦" not in text:
        yield Piece(text)
        return
    for place, part in enumerate(_STORED.split(text)):
        if place % 2:
            value = values.get(part) or Value("", f"no field {part}")
            words = value.words or f"[{value.source}: not known]"
            yield Piece(words, part, value.source, gap=not value.words)
        elif part:
            yield Piece(part)


def fill(text: str, values: Values) -> str:
    """A stored text with its fields filled in, gaps in square brackets."""
    return "".join(piece.words for piece in pieces(text, values)) if "⟦" in text else text


def fill_known(text: str, values: Values) -> str:
    """A stored text with those fields filled in that are known; the others stay, for the policy check to find."""
    if "⟦" not in text:
        return text
    return _STORED.sub(
        lambda found: value.words if (value := values.get(found[1])) and value.words else found[0], text
    )


def from_typed(text: str) -> str:
    """What somebody typed, as it is stored: {dsl} is a field, \\{dsl} are braces."""

    def stored(found: re.Match[str]) -> str:
        slashes, key = found[1], found[2]
        before = slashes[: len(slashes) // 2]
        return f"{before}{{{key}}}" if len(slashes) % 2 else f"{before}⟦{key}⟧"

    return _TYPED.sub(stored, text)


def to_typed(text: str) -> str:
    """A stored text as somebody would type it; `from_typed` gives it back."""

    def typed(found: re.Match[str]) -> str:
        slashes, braces, field = found.groups()
        return f"{slashes * 2}{{{field}}}" if field else f"{slashes * 2}\\{{{braces}}}"

    return _SHOWN.sub(typed, text)
