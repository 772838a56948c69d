"""Labels as printed: where a label ends and its text begins, and which label follows which."""

import re

_BULLET = re.compile(
    r"^(?:[•◦●○■□▪▫‣\u2043∙·»«►▶➢➤✓✔❖§¢¤◆◇➔→\uf000-\uf0ff*+\u2013—-]|[oenlqvuØ](?=\s+[A-Za-z'\u2018“\"]))\s+(?=\S)"
)
_LONE_BULLET = re.compile(r"^[•◦●○■□▪▫‣\u2043∙·»►▶➢➤✓✔❖§◆◇➔→\uf000-\uf0ff*\u2013-]$|^[oØ]$")
_DATE = re.compile(
    r"^\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}\b|^\d{1,2}[/-]\d{1,2}[/-]\d{2}\b|^\d{1,2}(?:st|nd|rd|th)\b|^\d{4}\b"
)
_DECIMALS = re.compile(r"^((?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3}){1,5}[.):]?)(?:\s+|(?=[A-Z][a-z]))(?=\S)")
_LETTERED = re.compile(r"^([A-Z]\.\d{1,2}(?:\.\d{1,2}){0,3}[.):]?)\s+(?=[A-Z\u2018\u201c'\"(])")
_NUMBER = re.compile(r"^(\d{1,3}[.):])(?:\s+|(?=[A-Z][a-z]))(?=\S)")
_LETTER = re.compile(
    r"^(\([a-z]{1,2}\)|[a-z][.)]|\([A-Z]\)|[A-H][.)]|\((?:[ivx]{1,5}|[IVX]{1,5})\)|(?:[ivx]{1,5}|[IVX]{1,5})[.)])\s+(?=\S)"
)
_NUMBER_IN_BRACKETS = re.compile(r"^(\(\d{1,2}\))\s+(?=\S)")
_NAMED = re.compile(
    r"^((?:section|appendix|annex|part|schedule|chapter|article)\s+(?:\d{1,2}(?:\.\d{1,2})*|[A-Z]|[IVX]{1,4}))\s*(?:[.:)\u2013—-]\s*|\s+(?=[A-Z])|$)",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"^(\d{1,2})\s+(?=[A-Z][A-Za-z])")
_LETTERS = 1000
_UNIT = re.compile(
    r"^(?:m|cm|mm|km|kg|metres?|miles?|hours?|minutes?|days?|weeks?|years?|million|per cent|%|GB|MB|am|pm)\b"
)
_ROMAN = re.compile(r"^[ivx]+$", re.IGNORECASE)


def split_bullet(text: str) -> tuple[bool, str]:
    """Whether the line begins with a list mark (also one a scanner made of it), and the rest."""
    found = _BULLET.match(text)
    if not found:
        return False, text
    return True, text[found.end() :]


def is_lone_bullet(text: str) -> bool:
    """A list mark with nothing behind it."""
    return bool(_LONE_BULLET.match(text))


def split_label(text: str) -> tuple[str, str]:
    """The label as printed, and the text behind it; ("", text) when there is none."""
    if _DATE.match(text):
        return "", text
    for pattern in (_DECIMALS, _LETTERED, _NUMBER, _NUMBER_IN_BRACKETS, _LETTER, _NAMED):
        found = pattern.match(text)
        if found and not (pattern is _DECIMALS and _UNIT.match(text[found.end() :])):
            return found.group(1), text[found.end() :].strip()
    return "", text


def split_bare_number(text: str) -> tuple[str, str]:
    """A number without a stop before a capital ("3 Scope"): a label only where the sequence says so."""
    found = _BARE_NUMBER.match(text)
    return (found.group(1), text[found.end() :]) if found else ("", text)


def bare(label: str) -> str:
    """The label without the stop or colon that sets it off: for comparing, never for showing."""
    return label.strip().rstrip(".:")


def numbers(label: str) -> tuple[int, ...]:
    """The numbers of a decimal label, (5, 1, 3) for 5.1.3; empty for any other label."""
    parts = bare(label).rstrip(")").split(".")
    if all(part.isascii() and part.isdigit() for part in parts):
        return tuple(int(part) for part in parts)
    return ()


def path(label: str) -> tuple[int, ...]:
    """The numbers of a decimal label; a capital before them counts as one (A.2, B2.1), and 3.0 is 3."""
    plain = bare(label).rstrip(")")
    if len(plain) > 1 and "A" <= plain[0] <= "Z" and plain[1:].lstrip(".")[:1].isdigit():
        return (_LETTERS + ord(plain[0]), *numbers(plain[1:].lstrip(".")))
    found = numbers(label)
    return found[:1] if found[1:] == (0,) else found


def is_section_word(label: str) -> bool:
    """Section 2, Appendix A and their like."""
    return bool(label) and bool(_NAMED.match(label))


def kind(label: str, before: str = "") -> str:
    """What sort of label it is, so that lists inside lists can be told apart."""
    if path(label):
        return f"decimal-{len(path(label))}"
    core = label.strip("().: ")
    if core.isdigit():
        return "number-in-brackets"
    shape = "(" if label.startswith("(") else ""
    if _ROMAN.match(core) and not _follows_letter(core, before):
        return f"roman{shape}{core.isupper()}"
    return f"letter{shape}{core.isupper()}" if len(core) <= 2 else "words"


def _follows_letter(core: str, before: str) -> bool:
    """(i) after (h) is a letter; (i) after (b) or after nothing is a Roman one."""
    last = before.strip("().: ")
    return (len(core) == 1 and len(last) == 1 and ord(core) - ord(last) == 1 and core.lower() != "i") or (
        core.lower() == "i" and last.lower() == "h"
    )
