"""From a policy file to a structured document: pure functions without models or HTTP."""

from policies.reading.document import (
    Clause,
    Document,
    Finding,
    Guidance,
    KeyDetails,
    Reading,
    Scope,
    Section,
    to_json,
)
from policies.reading.limits import MAX_BYTES, UnreadableFile
from policies.reading.reader import read_policy

__all__ = [
    "MAX_BYTES",
    "Clause",
    "Document",
    "Finding",
    "Guidance",
    "KeyDetails",
    "Reading",
    "Scope",
    "Section",
    "UnreadableFile",
    "read_policy",
    "to_json",
]
