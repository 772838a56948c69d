"""The parts of a Word file, inflated within bounds and parsed without fetching or expanding anything."""

import io
import re
import zipfile
import zlib

from lxml import etree

from policies.reading.limits import MAX_ENTRIES, MAX_INFLATED_BYTES, MAX_PART_BYTES, MAX_TAGS, UnreadableFile
from policies.reading.wordguard import check_package, check_part

MAX_HEADS = 6
DAMAGED = (
    "The Word file is damaged and cannot be opened. Open it in Word, save it again and upload the new copy."
)
BOMB = "The Word file unpacks to far more than a policy. Remove large pictures or attachments and try again."


def open_word(data: bytes) -> dict[str, etree._Element]:
    """The XML parts of a Word file that hold text, numbering and styles, by name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_size(archive)
            check_package(archive, data, lambda name: _parse(_inflate(archive, name)))
            return _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise UnreadableFile(DAMAGED) from error


def _check_size(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_INFLATED_BYTES * 4:
        raise UnreadableFile(BOMB)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile(
            "The Word file is protected by a password. Remove the password and upload it again."
        )


def _parts(archive: zipfile.ZipFile) -> dict[str, etree._Element]:
    main = _main_part(archive)
    folder = main.rpartition("/")[0]
    names = {main: "document", f"{folder}/numbering.xml": "numbering", f"{folder}/styles.xml": "styles"}
    held = set(archive.namelist())
    heads = sorted(
        name for name in held if re.fullmatch(rf"{re.escape(folder)}/(?:header|footer)\d*\.xml", name)
    )
    names |= {f"{folder}/{kind}.xml": kind for kind in ("footnotes", "endnotes")}
    names |= {name: f"header {place}" for place, name in enumerate(heads[:MAX_HEADS])}
    return {key: _parse(_inflate(archive, name)) for name, key in names.items() if name in held}


def _main_part(archive: zipfile.ZipFile) -> str:
    """Where the text stands: word/document.xml, or as the relationships say."""
    held = set(archive.namelist())
    if "word/document.xml" in held:
        return "word/document.xml"
    if "_rels/.rels" in held:
        for relation in _parse(_inflate(archive, "_rels/.rels")):
            target = relation.get("Target", "").lstrip("/")
            if relation.get("Type", "").endswith("/officeDocument") and target in held:
                return target
    raise UnreadableFile(
        "The file is not a Word document. Upload the policy as Word (.docx), PDF or plain text."
    )


def _inflate(archive: zipfile.ZipFile, name: str) -> bytes:
    """The part, counted while it is inflated: the size a zip claims is not to be believed."""
    with archive.open(name) as part:
        content = part.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        raise UnreadableFile(BOMB)
    return content


def _parse(content: bytes) -> etree._Element:
    if content.count(b"<") > MAX_TAGS:
        raise UnreadableFile(BOMB)
    check_part(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(DAMAGED) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableFile(
            "The Word file holds declarations that no Word document has, and was not opened."
        )
    return root
