"""What no policy in PDF needs: scripts, launchers, embedded files, forms of other kinds, and bombs. Files with them are refused.

The bytes are looked at, with the packed objects unpacked within bounds; nothing is interpreted.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from policies.reading.limits import MEGABYTE, UnreadableFile

MAX_OBJECTS = 300_000
_MAX_DRAWN = 16 * MEGABYTE
_MAX_PACKED = 32 * MEGABYTE
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_OBJECT = re.compile(rb"\d\s+obj\b")
_HELD = re.compile(rb"/N\s+(\d{1,9})")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_FORBIDDEN = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|FileAttachment|RichMedia|XFA|ImportData|SubmitForm|GoToE|Movie|Rendition)(?=[\s/<>()\[\]]|$)"
)
_SHORT = re.compile(rb"/JS(?=[\s/<>()\[\]]|$)")
"""So short that the bytes of a picture may spell it: looked for outside of streams."""
_DICTIONARY = 600
_BESIDE = re.compile(
    rb"/Image\b|/Length[123]\b|/XML\b|/XRef\b|/CIDFontType0C|/Type1C|/OpenType|/Alternate|/ICCBased|/N\s+[134]\b"
)

ACTIVE = "The PDF holds scripts, attachments or a form that runs by itself. Print it to a new PDF and upload that one."
TOO_HARD = "The PDF is built in a way that takes too long to read. Print it to a new PDF and upload that one."
TWO_THINGS = "The file is a PDF and something else at the same time, and was not opened. Print it to a new PDF and upload that one."


def check_pdf(data: bytes) -> None:
    """Raises UnreadableFile with the reason."""
    if zipfile.is_zipfile(BytesIO(data)):
        raise UnreadableFile(TWO_THINGS)
    if len(_OBJECT.findall(data)) > MAX_OBJECTS:
        raise UnreadableFile(TOO_HARD)
    # Everywhere: what looks like a stream may be a comment or a string around something that runs.
    _check_names(data, _FORBIDDEN)
    _check_names(_STREAM.sub(b" ", data), _SHORT)
    drawn, packed, held = _MAX_DRAWN, _MAX_PACKED, 0
    for dictionary, content in _streams(data):
        if b"/ObjStm" in dictionary:
            held += sum(int(found) for found in _HELD.findall(dictionary))
            objects = _inflated(content, packed)
            packed -= len(objects)
            _check_names(objects, _FORBIDDEN, _SHORT)
        elif b"FlateDecode" in dictionary and not _BESIDE.search(dictionary):
            drawn -= len(_inflated(content, drawn))
        if drawn <= 0 or packed <= 0 or held > MAX_OBJECTS or dictionary.count(b"FlateDecode") > 1:
            raise UnreadableFile(TOO_HARD)


def _check_names(text: bytes, *forbidden: re.Pattern[bytes]) -> None:
    """Names may be written with numbers for letters: /J#61vaScript."""
    if b"#" in text:
        text = _HEX.sub(lambda found: bytes([int(found.group(1), 16)]), text)
    if any(names.search(text) for names in forbidden):
        raise UnreadableFile(ACTIVE)


def _streams(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each stream with the dictionary before it."""
    for found in _STREAM.finditer(data):
        before = data[max(0, found.start() - _DICTIONARY) : found.start()]
        yield before[before.rfind(b"obj") + 3 :], found.group(1)


def _inflated(content: bytes, most: int) -> bytes:
    """The stream unpacked, no further than `most`; b"" for what is packed otherwise."""
    try:
        return zlib.decompressobj().decompress(content, max(1, most))
    except zlib.error:
        return b""
