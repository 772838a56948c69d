"""Web addresses that cannot work, or are known to be gone. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.check.case import Case
from policies.check.catalogue import GoneAddress
from policies.check.finding import NOTE, WARNING, Finding

_ADDRESS = re.compile(
    r"(?:\b(?:h[tx]{1,3}ps?|file|ftp)\s?(?::|(?=//))[\\/]{0,3}(?!\S*@)[^\s<>\u201c\u201d\"]*|\bwww[.,][^\s<>\u201c\u201d\"]*|(?<![\w/.@-])[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40})*\.(?:co|org|gov|sch|police|ac)\.uk(?![\w@.])(?:/[^\s<>\u201c\u201d\"]*)?)",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$")
_SCHEME = re.compile(r"^(?P<scheme>[a-z]+)(?P<rest>[^a-z0-9]*)", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"\b(?:example\.(?:com|org|co\.uk)|your-?(?:school|setting|nursery|academy|website)|(?:school|setting)-?name|xx+|insert|domain\.|localhost|127\.0\.0\.1)",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'\u2019)]}*_"


def dead_link(case: Case) -> Iterator[Finding]:
    """Links whose address was never filled in, and one finding for each address that cannot work or is known to be gone."""
    for words in case.document.empty_links:
        place = next((one for one in case.clauses if words in one.text), case.passages[0])
        message = f"The link on \u201c{words}\u201d leads nowhere."
        yield place.finding(
            "dead-link", WARNING, message, "Give it its address, or take the link off.", words
        )
    seen: set[str] = set()
    for passage in case.passages:
        for printed in _addresses(passage.text):
            fault = _fault(printed)
            gone = None if fault else _gone(printed, case.catalogue.gone)
            if printed in seen or not (fault or gone):
                continue
            seen.add(printed)
            if gone:
                yield passage.finding("dead-link", *_said(printed, gone))
            else:
                message = f"The address \u201c{printed}\u201d cannot work: {fault}."
                yield passage.finding(
                    "dead-link", WARNING, message, "Open the page that is meant and copy its address."
                )


def _said(printed: str, gone: GoneAddress) -> tuple[str, str, str]:
    severity = WARNING if gone.confirmed else NOTE
    sure = "leads" if gone.confirmed else "is believed to lead"
    return (
        severity,
        f"The address \u201c{printed}\u201d {sure} nowhere or elsewhere since {gone.since}.",
        f"Use {gone.now} instead." if gone.now else "Take it out, or find the page that took its place.",
    )


def _addresses(text: str) -> Iterator[str]:
    for found in _ADDRESS.finditer(text):
        printed = found.group()
        if "(" not in printed:
            printed = printed.rstrip(_TRAILING)
        yield printed.rstrip(".,;:!?")


def _fault(printed: str) -> str:
    """Why an address cannot work; "" when it may."""
    scheme = _SCHEME.match(printed) if re.match(r"(?i)h[tx]{1,3}ps?\b|file\b|ftp\b", printed) else None
    rest = printed
    if scheme:
        word = scheme["scheme"].casefold()
        if word == "file":
            return "it names a file on one computer"
        if word not in ("http", "https", "ftp") or scheme["rest"] != "://":
            return "the beginning is misspelt"
        rest = printed[scheme.end() :]
    host = re.split(r"[/?#]", rest)[0].split(":")[0].casefold()
    return _fault_of_host(host, rest)


def _fault_of_host(host: str, rest: str) -> str:
    if _PLACEHOLDER.search(rest):
        return "it is a placeholder"
    if re.match(r"https?:?/", rest, re.IGNORECASE):
        return "it begins twice"
    if not host:
        return "nothing follows the beginning"
    if not _HOST.match(host):
        return "the name of the site is misspelt or incomplete"
    if host.startswith("www.") and host.count(".") == 1:
        return "the name of the site is incomplete"
    return ""


def _gone(printed: str, addresses: tuple[GoneAddress, ...]) -> GoneAddress | None:
    plain = re.sub(r"^(?:\w+://)?(?:www\.)?", "", printed.casefold()).rstrip("/")
    return next(
        (
            one
            for one in addresses
            if plain == one.address or plain.startswith((f"{one.address}/", f"{one.address}?"))
        ),
        None,
    )
