"""What may be read at all: sizes, and the refusal that says why not."""

from core.errors import DomainError

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_INFLATED_BYTES = 60 * MEGABYTE
MAX_PART_BYTES = 30 * MEGABYTE
MAX_TAGS = 600_000
MAX_ENTRIES = 2_000
MAX_PAGES = 300
MAX_CHARACTERS = 2_000_000
MAX_LINES = 20_000
# How much of one clause is searched for names, dates and titles; no real clause is longer.
SCANNED = 5_000


class UnreadableFile(DomainError):
    """The file cannot be read; the sentence says why and what to do."""


def check_length(lines: int, characters: int) -> None:
    """Refuse what is too long to be a policy, so that the work stays bounded."""
    if lines > MAX_LINES or characters > MAX_CHARACTERS:
        raise UnreadableFile("The file holds far more text than a policy. Upload the policy on its own.")
