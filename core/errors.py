"""Domain errors: each carries one sentence fit for the person who caused it."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule of the field was broken; the sentence says what to do."""

    about: str | None = None


class WrongValue(DomainError):
    """One value that was given is refused; `about` is its name, so that the sentence can be shown at its field."""

    def __init__(self, about: str, sentence: str) -> None:
        super().__init__(sentence)
        self.about = about


class PermissionRefused(DomainError):
    """The person may not do this."""


class InvalidTransition(DomainError):
    """The record's status does not allow this step."""


class Conflict(DomainError):
    """Somebody else was first; the sentence says who and what stands now."""


class SentBefore(Conflict):
    """The same form was sent before with other words. `first` is what was stored then; nothing of the second was."""

    def __init__(self, first: Any) -> None:
        super().__init__("This form was sent before, with other words. What was sent first is kept as it is.")
        self.first = first
