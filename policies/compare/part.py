"""What a comparison looks at: the headings and clauses of a version, one after the other."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Part:
    """A heading or a clause. `key` is its identity over versions, None where it has none (yet).

    `under` is the heading that a clause stands under, without its label; `depth` counts its list levels from 0; `anchor` where a link to it leads on the reading page.
    """

    text: str
    label: str = ""
    key: Hashable | None = None
    is_heading: bool = False
    under: str = ""
    depth: int = 0
    anchor: str = ""


def words_of(text: str) -> str:
    """The words of a text in lower case with one blank between them, without punctuation."""
    return " ".join(_WORD.findall(text.casefold()))
