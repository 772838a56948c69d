"""Whatever the renderer is given ends in time, in a process that holds no secrets and reaches nothing."""

import base64
import struct
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core import pdf, scope
from core.errors import DomainError
from core.pdf import render_html_to_pdf


@pytest.fixture(autouse=True)
def a_school_of_its_own():
    """So that tests running beside each other do not wait for each other."""
    with scope.acting(schools=[uuid4()]):
        yield


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">%s</svg>'


def bitmap(width: int, height: int) -> str:
    """A tiny file that unpacks to an enormous picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(width // 8 + 1)) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return base64.b64encode(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    ).decode()


def nested_uses() -> str:
    levels = "".join(f'<g id="g{i}">' + f'<use href="#g{i - 1}"/>' * 10 + "</g>" for i in range(1, 9))
    return SVG % f'<g id="g0"><rect width="1" height="1"/></g>{levels}<use href="#g8"/>'


def nested_entities() -> str:
    levels = "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 10))
    bomb = f"<!DOCTYPE svg [<!ENTITY a0 'xxxxxxxxxx'>{levels}]>" + SVG % "<text>&a9;</text>"
    return f"<img src='data:image/svg+xml;base64,{base64.b64encode(bomb.encode()).decode()}'>"


HOSTILE = {
    "deep blocks": lambda: "<div>" * 5000,
    "column span": lambda: "<table><tr><td colspan=100000000>x</table>",
    "enormous type": lambda: "<p style='font-size:1000000000px'>x y</p>",
    "nested tables": lambda: "<table><tr><td>" * 40 + "x" * 100,
    "picture bomb": lambda: f"<img src='data:image/png;base64,{bitmap(30000, 30000)}'>",
    "entity bomb": nested_entities,
    "enormous page": lambda: "<style>@page{size:1000000000px 1000000000px}</style>x",
    "zero view box": lambda: "<svg viewBox='0 0 0 0' width='0' height='0'><rect width='1' height='1'/></svg>",
}
SLOW_HOSTILE = {
    "deep text": lambda: "<b><i>" * 20_000,
    "long table": lambda: "<table>" + "<tr><td>a<td>b<td>c<td>d</tr>" * 20_000,
    "flex in flex": lambda: "<div style='display:flex'>" * 60 + "x",
    "grid": lambda: "<div style='display:grid;grid-template-columns:repeat(1000000,1fr)'><p>x</div>",
    "uses of uses": nested_uses,
    "tiny pages": lambda: "<style>@page{size:20px 20px;margin:0}</style>" + "word " * 100_000,
    "columns": lambda: "<div style='columns:5000'>" + "word " * 50_000,
    "one word": lambda: "<p>" + "a" * 3_000_000,
    "many words": lambda: "<p>" + "word " * 600_000,
    "floats": lambda: "<div style='float:left;width:33%'>x</div>" * 20_000,
    "variables": lambda: (
        "<style>:root{--v0:x;"
        + "".join(f"--v{i}:var(--v{i - 1}) var(--v{i - 1});" for i in range(1, 30))
        + "}p{font-family:var(--v29)}</style><p>x"
    ),
}

# This takes seconds; the others run into the limits, up to half a minute each.
QUICKEST = ("grid",)


def outcome(html: str) -> str:
    """PDF or the sentence; anything else is an error of ours."""
    try:
        return render_html_to_pdf(html, title="T")[:4].decode()
    except DomainError as error:
        return str(error)


SENTENCES = {"%PDF", pdf.TOO_LONG, pdf.TOO_COMPLEX}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_document_ends_with_a_pdf_or_a_sentence(name):
    assert outcome(HOSTILE[name]()) in SENTENCES


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [one if one in QUICKEST else pytest.param(one, marks=pytest.mark.soak) for one in SLOW_HOSTILE]
)
def test_slow_hostile_document_ends_within_thirty_seconds(name):
    began = datetime.now(UTC)

    result = outcome(SLOW_HOSTILE[name]())

    assert result in SENTENCES
    assert (datetime.now(UTC) - began).total_seconds() < pdf.WALL_SECONDS + 2


def test_too_long_ends_at_the_wall(monkeypatch):
    monkeypatch.setattr(pdf, "WALL_SECONDS", 0.2)

    assert outcome("x") == pdf.TOO_LONG


HOLDER = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print('held', flush=True); sys.stdin.read()"


def test_a_school_makes_one_document_at_a_time_and_holds_up_no_other(monkeypatch, settings, tmp_path):
    ours, theirs, settings.DATA_DIR = uuid4(), uuid4(), tmp_path
    with scope.acting(schools=[ours]):
        assert outcome("x") == "%PDF"
    [lock] = (tmp_path / "locks").iterdir()

    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with scope.acting(schools=[theirs]):
            assert outcome("x") == "%PDF"
        monkeypatch.setattr(pdf, "WAIT_SECONDS", 0.2)
        with scope.acting(schools=[ours]):
            assert outcome("x") == pdf.BUSY
        other.stdin.close()


def test_too_large_is_refused_before_anything_runs(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_HTML_BYTES", 10)

    assert outcome("x" * 11) == pdf.TOO_LARGE


def test_the_child_has_no_secrets_in_its_surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "planted-7f3a9c")
    spy = tmp_path / "child.py"
    spy.write_text(
        "import os, sys; sys.stdin.read(); sys.stdout.write('%PDF ' + ' '.join(sorted(os.environ)))"
    )
    monkeypatch.setattr(pdf, "CHILD", spy)

    assert render_html_to_pdf("x", title="T") == b"%PDF HOME LANG PATH TMPDIR"


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
    ],
)
def test_limited_process_opens_no_socket_and_starts_no_program(monkeypatch, tmp_path, code):
    spy = tmp_path / "child.py"
    spy.write_text(
        f"import sys; sys.path.insert(0, {str(pdf.CHILD.parent)!r}); import pdf_child; sys.stdin.read(); {{}}\n{code}\nprint('%PDF')"
    )
    free, limited = spy.read_text().format("pass"), spy.read_text().format("pdf_child.limit_process()")
    monkeypatch.setattr(pdf, "CHILD", spy)

    spy.write_text(free)
    assert outcome("x") == "%PDF"
    spy.write_text(limited)
    assert outcome("x") == pdf.TOO_COMPLEX
