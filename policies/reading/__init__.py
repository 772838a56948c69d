"""From a policy file to a structured document: pure functions without models or HTTP."""

from policies.reading.document import (
    Clause,
    Document,
    Guidance,
    KeyDetails,
    Reading,
    Scope,
    Section,
    to_json,
)
from policies.reading.limits import MAX_BYTES, UnreadableFile

__all__ = [
    "MAX_BYTES",
    "Clause",
    "Document",
    "Guidance",
    "KeyDetails",
    "Reading",
    "Scope",
    "Section",
    "UnreadableFile",
    "read_policy",
    "to_json",
]


def read_policy(data: bytes, filename: str) -> Reading:
    """Read a Word, PDF or text file; see `policies.reading.reader`, which is loaded where a policy is read."""
    from policies.reading import reader  # noqa: PLC0415 - 6 MB that only who reads a policy should pay

    return reader.read_policy(data, filename)
