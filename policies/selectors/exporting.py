"""A version as a Word file."""

from __future__ import annotations

from policies.export import to_docx
from policies.models import PolicyVersion
from policies.selectors.checking import document_of
from policies.selectors.versions import sections_of


def word_file(version: PolicyVersion) -> bytes:
    """The bytes of a .docx that is read back as the same document."""
    foot = f"{version.school.name} · {version.title}, version {version.label}"
    return to_docx(document_of(version, sections_of(version)), foot=foot)
