"""Static files under names made from their content, each name looked up once a process: a page asks for a dozen."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedOnce(CompressedManifestStaticFilesStorage):
    """WhiteNoise's own; names do not change while a process runs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str | None, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """The address of a file."""
        if name not in self.known:
            self.known[name] = super().url(name, force)
        return self.known[name]
