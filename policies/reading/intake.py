"""What a file is, judged by its content, and the refusal where it is nothing that can be read."""

import io
import re
import zipfile

from policies.reading.limits import MAX_BYTES, MEGABYTE, UnreadableFile

DOCX, PDF, TEXT = "docx", "pdf", "text"
_ASK = "Upload the policy as Word (.docx), PDF or plain text."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"{\\rtf", "The file is in Rich Text Format. Open it in Word and save it as .docx."),
    (b"\x89PNG", f"The file is a picture, not a document. {_ASK}"),
    (b"\xff\xd8\xff", f"The file is a picture, not a document. {_ASK}"),
    (b"GIF8", f"The file is a picture, not a document. {_ASK}"),
    (b"MZ", f"The file is a program, not a document. {_ASK}"),
    (b"\x7fELF", f"The file is a program, not a document. {_ASK}"),
)
_ENCRYPTED_NAMES = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
_BINARY = {"docx": "Word file", "docm": "Word file", "doc": "Word file", "pdf": "PDF"}
"""Endings that promise more than text: text under such a name is a failed download more often than a policy."""
_HTML = (
    b"<!doctype",
    b"<html",
    b"<?xml",
    b"<svg",
    b"<head",
    b"<body",
    b"<script",
    b"<?php",
    b"<!--",
    b"#!/",
    b"%!ps",
)
_ACTIVE_TEXT = re.compile(
    rb"<(?:script|iframe|object|embed|svg|foreignobject|meta)\b[^>]*>|%PDF-1\.|<!ENTITY", re.IGNORECASE
)
_TAIL = 4096


def kind_of_file(data: bytes, filename: str) -> str:
    """DOCX, PDF or TEXT; raises UnreadableFile for anything else."""
    if not data.strip():
        raise UnreadableFile("The file is empty. Upload the policy as Word (.docx), PDF or plain text.")
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"The file is larger than {MAX_BYTES // MEGABYTE} MB. Make its pictures smaller and try again."
        )
    if data.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        return _whole_pdf(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(data)
    if data.startswith(_OLE):
        raise UnreadableFile(_old_office(data))
    return _kind_of_rest(data, filename)


def _whole_pdf(data: bytes) -> str:
    """A PDF says at its end that it is whole."""
    if b"%%EOF" not in data[-_TAIL:]:
        raise UnreadableFile(
            "The PDF is damaged: its end is missing. Save it again from the original and upload the new copy."
        )
    return PDF


def _kind_of_zip(data: bytes) -> str:
    """A Word file is a zip with a word folder; other zips are named for what they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFile(
            "The Word file is damaged and cannot be opened. Open it in Word, save it again and upload the new copy."
        ) from error
    if "[Content_Types].xml" in names and not any(name.startswith(("xl/", "ppt/")) for name in names):
        return DOCX
    if "mimetype" in names:
        raise UnreadableFile("The file is an OpenDocument file. Save it as Word (.docx) and upload it again.")
    raise UnreadableFile(f"The file is not a Word document. {_ASK}")


def _old_office(data: bytes) -> str:
    if any(name in data for name in _ENCRYPTED_NAMES):
        return "The Word file is protected by a password. Remove the password and upload it again."
    return "The file is in the old Word format (.doc). Open it in Word and save it as .docx."


def _kind_of_rest(data: bytes, filename: str) -> str:
    for start, sentence in _OTHERS:
        if data.startswith(start):
            raise UnreadableFile(sentence)
    if data[:200].lstrip().lower().startswith(_HTML):
        raise UnreadableFile(f"The file is a web page, not a document. {_ASK}")
    if _ACTIVE_TEXT.search(data.replace(b"\x00", b"")):
        raise UnreadableFile(
            f"The text holds the code of a web page or another document, not only words. {_ASK}"
        )
    promised = filename.lower().rpartition(".")[2]
    if not _is_text(data):
        if promised in _BINARY:
            raise UnreadableFile(f"The file is named .{promised} but is damaged or something else. {_ASK}")
        raise UnreadableFile(f"The file is of a kind that cannot be read. {_ASK}")
    if promised in _BINARY:
        raise UnreadableFile(
            f"The file is named .{promised} but holds plain text. Upload the real {_BINARY[promised]}, "
            "or give it the ending .txt if the text is the policy."
        )
    return TEXT


def _is_text(data: bytes) -> bool:
    """Text has a mark of its encoding, or no bytes that no text has."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    sample = data[:65536]
    controls = sum(1 for byte in sample if byte < 32 and byte not in (7, 8, 9, 10, 11, 12, 13, 27))
    return b"\x00" not in data and controls <= len(sample) // 1000
