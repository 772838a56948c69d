"""A version as a Word file."""

from __future__ import annotations

from collections.abc import Iterator

from policies.export import to_docx
from policies.fields import pieces
from policies.models import PolicyVersion
from policies.selectors.checking import document_of
from policies.selectors.fields import values_for
from policies.selectors.versions import sections_of


def word_file(version: PolicyVersion) -> bytes:
    """The bytes of a .docx that is read back as the same document; fields show what they say today."""
    foot = f"{version.school.name} · {version.title}, version {version.label}"
    sections = sections_of(version)
    values = values_for(version.school, sections)

    def shown(text: str) -> Iterator[tuple[str, str]]:
        for piece in pieces(text, values):
            yield piece.words, f"⟦{piece.key}⟧" if piece.key else ""

    return to_docx(document_of(version, sections), foot=foot, shown=shown)
