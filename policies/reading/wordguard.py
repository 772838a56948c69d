"""What no policy in Word needs: programs, foreign objects and parts fetched from elsewhere. Files with them are refused."""

import re
import zipfile
from collections.abc import Callable

from lxml import etree

from policies.reading.limits import UnreadableFile

_PROGRAMS = re.compile(
    r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|activeX/.*|embeddings/.*\.(?:bin|exe|vbs|js|hta|bat|cmd|scr|dll|html?))$",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"(?:^|/)afchunk|\.(?:html?|mht|rtf|svg|js|exe|dll|vbs)$", re.IGNORECASE)
_MACRO_TYPE = re.compile(r"macroEnabled|vbaProject|ms-office\.activeX", re.IGNORECASE)
_DRIVE = re.compile(r"(?:file:///)?[A-Za-z]:[\\/%]", re.IGNORECASE)
_RUNS = re.compile(
    rb"<w:instrText[^>]*>\s*(?:DDE|DDEAUTO|INCLUDETEXT|IMPORT)\b|w:instr\s*=\s*[\"']\s*(?:DDE|DDEAUTO|INCLUDETEXT)\b",
    re.IGNORECASE,
)
_MAX_RELATIONS = 300
_LINK_MODE = 0o120000
_COMMENT = re.compile(rb"[^<>%\x00-\x08]{0,200}")
_END, _END_SIZE = b"PK\x05\x06", 22

PROGRAM = "The Word file holds macros or embedded programs. Save it in Word as an ordinary .docx without them and upload that."
OUTSIDE = (
    "The Word file fetches parts of itself from elsewhere. Copy its text into a new document and upload that."
)
ODD = "The Word file is packed in a way that Word does not pack. Open it in Word, save it again and upload the new copy."


def check_package(archive: zipfile.ZipFile, data: bytes, parse: Callable[[str], etree._Element]) -> None:
    """Raises UnreadableFile for programs, foreign parts, outside relations and odd packing; nothing is unpacked to disk.

    Types and relations are read as XML, as Word reads them: their letters may be written in more than one way.
    """
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if (
        len({name.casefold() for name in names}) < len(names)
        or any(_is_odd(entry) for entry in entries)
        or not _ends_well(data)
    ):
        raise UnreadableFile(ODD)
    if any(_PROGRAMS.search(name) or _FOREIGN.search(name) for name in names):
        raise UnreadableFile(PROGRAM)
    types = [name for name in names if name.casefold() == "[content_types].xml"]
    if any(_MACRO_TYPE.search(one.get("ContentType", "")) for name in types for one in parse(name).iter()):
        raise UnreadableFile(PROGRAM)
    relations = [name for name in names if name.casefold().endswith(".rels")]
    if len(relations) > _MAX_RELATIONS:
        raise UnreadableFile(ODD)
    if any(_leads_outside(one) for name in relations for one in parse(name).iter()):
        raise UnreadableFile(OUTSIDE)


def check_part(content: bytes) -> None:
    """Raises UnreadableFile for fields that start programs or fetch other files."""
    if _RUNS.search(content):
        raise UnreadableFile(OUTSIDE)


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    """A name that leads out of the package, or a link instead of a file."""
    name = entry.filename.replace("\\", "/")
    return (
        name.startswith("/")
        or ".." in name.split("/")
        or ":" in name
        or (entry.external_attr >> 16) & 0o170000 == _LINK_MODE
    )


def _ends_well(data: bytes) -> bool:
    """The end of the package is the end of the file, so that nothing else rides on it."""
    place = data.rfind(_END)
    return place >= 0 and bool(_COMMENT.fullmatch(data[place + _END_SIZE :]))


def _leads_outside(relation: etree._Element) -> bool:
    """Anything fetched from elsewhere but an ordinary link; Word notes where on the author's disk a template stood."""
    kind = relation.get("Type", "").rpartition("/")[2].casefold()
    if relation.get("TargetMode", "").strip().casefold() != "external" or kind == "hyperlink":
        return False
    return not (kind in ("attachedtemplate", "image") and _DRIVE.match(relation.get("Target", "")))
