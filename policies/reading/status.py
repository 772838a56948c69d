"""Headings that say that their section is not used, or was removed."""

import re

from policies.reading.document import IN_USE, NOT_USED, REMOVED

_NOT_USED = r"(?:section )?(?:is )?(?:currently )?not (?:currently |presently |yet )?(?:in use|used|applicable|adopted)(?: (?:at (?:the|this) (?:moment|time|present)|at present|currently))?|n/a|unused|intentionally (?:left )?blank|reserved"
_REMOVED = r"(?:section )?(?:has been |was |is |now )*(?:removed|deleted|withdrawn|omitted)"
_MARK = re.compile(
    rf"\s*(?:[(\[]\s*(?:(?P<unused>{_NOT_USED})|(?P<gone>{_REMOVED}))\s*[)\]]|\s[-\u2013—]+\s*(?:(?P<unused2>{_NOT_USED})|(?P<gone2>{_REMOVED})))\s*\.?\s*$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"^(?:this )?(?:section )?(?:(?P<unused>{_NOT_USED})|(?P<gone>{_REMOVED}))\.?$", re.IGNORECASE
)


def split_status(heading: str) -> tuple[str, str]:
    """The heading without its mark, and the status the mark gives."""
    found = _MARK.search(heading)
    if not found:
        return heading, IN_USE
    gone = found.group("gone") or found.group("gone2")
    return heading[: found.start()].strip(), REMOVED if gone else NOT_USED


def status_of_text(text: str) -> str:
    """The status that a section's only text gives, such as "(Not used)"; "" for any other text."""
    found = _ALONE.match(text.strip().strip("()[]").strip())
    if not found:
        return ""
    return REMOVED if found.group("gone") else NOT_USED
