"""The state of a school that checks compare a text with: plain data, gathered by a selector, so that checks ask nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policies.check.own import OwnCatalogue


@dataclass(frozen=True)
class Post:
    """Somebody who holds a post, or held it until a day."""

    role: str
    title: str
    name: str
    ended: date | None = None


@dataclass(frozen=True)
class Answer:
    """A rule of the school: the value that holds, what each value means, whether the school chose it, and its words."""

    value: str
    labels: Mapping[str, str]
    chosen: bool
    words: Mapping[str, str]

    def spoken(self, text: str) -> str:
        """A sentence in the school's words."""
        return text.format_map(self.words)

    def meaning(self, value: str) -> str:
        """A value in words."""
        return self.labels.get(value) or {"yes": "Yes", "no": "No"}.get(value, value)


@dataclass(frozen=True)
class HeldPolicy:
    """A policy that the school keeps here, with the day on which its review falls due where one is known."""

    title: str
    next_review: date | None = None
    in_force: bool = True


@dataclass(frozen=True)
class SchoolState:
    """One school on one day. `words` holds only the words that the school chose itself."""

    name: str
    kind: str
    words: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()
    held: tuple[HeldPolicy, ...] = ()
    own: OwnCatalogue = field(default_factory=OwnCatalogue)

    def __hash__(self) -> int:
        """By what changes most; equality looks at everything."""
        return hash((self.name, self.posts, self.held, self.own, tuple(sorted(self.words.items()))))
