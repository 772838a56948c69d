"""From a structured document to a Word file that reads back as the same document: pure functions."""

from policies.export.word import Shown, to_docx

__all__ = ["Shown", "to_docx"]
