"""Nothing a document can name is fetched: neither from the network nor from the disk."""

import base64
import io
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pikepdf
import pypdfium2
import pytest
import weasyprint
from weasyprint.urls import URLFetchingError

from core import pdf_child
from core.errors import DomainError
from core.pdf import render_html_to_pdf

SECRET = "planted-7f3a9c"
DATED = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 99 99" width="300" height="300">%s</svg>'
PAGE = "<!DOCTYPE html><html><head>%s</head><body>%s<p>Text</p></body></html>"


def in_svg_image(content: str) -> str:
    return PAGE % (
        "",
        f'<img alt="x" src="data:image/svg+xml;base64,{base64.b64encode((SVG % content).encode()).decode()}">',
    )


# Where an address can stand in a document. ADDRESS is replaced.
VECTORS = {
    "img": PAGE % ("", '<img src="ADDRESS">'),
    "img upper case": PAGE % ("", '<img src="  ADDRESS ">'),
    "img srcset": PAGE % ("", '<img srcset="ADDRESS 1x">'),
    "picture": PAGE % ("", '<picture><source srcset="ADDRESS"><img src="ADDRESS"></picture>'),
    "base": PAGE % ('<base href="ADDRESS">', '<img src="?x">'),
    "object": PAGE % ("", '<object data="ADDRESS" type="image/svg+xml"></object>'),
    "embed": PAGE % ("", '<embed src="ADDRESS">'),
    "iframe": PAGE % ("", '<iframe src="ADDRESS"></iframe>'),
    "video": PAGE % ("", '<video poster="ADDRESS" src="ADDRESS"></video>'),
    "audio": PAGE % ("", '<audio src="ADDRESS"></audio>'),
    "input image": PAGE % ("", '<input type="image" src="ADDRESS">'),
    "script": PAGE % ('<script src="ADDRESS"></script>', ""),
    "refresh": PAGE % ('<meta http-equiv="refresh" content="0;url=ADDRESS">', ""),
    "body background": PAGE.replace("<body>", '<body background="ADDRESS">') % ("", ""),
    "link stylesheet": PAGE % ('<link rel="stylesheet" href="ADDRESS">', ""),
    "link icon": PAGE % ('<link rel="icon" href="ADDRESS">', ""),
    "link attachment": PAGE % ('<link rel="attachment" href="ADDRESS">', ""),
    "a attachment": PAGE % ("", '<a rel="attachment" href="ADDRESS">x</a>'),
    "a target-counter": PAGE
    % ("<style>a::after{content:target-counter(url(ADDRESS),page)}</style>", '<a href="ADDRESS">x</a>'),
    "import url": PAGE % ("<style>@import url(ADDRESS);</style>", ""),
    "import string": PAGE % ('<style>@import "ADDRESS";</style>', ""),
    "import in data": PAGE % ('<link rel="stylesheet" href="data:text/css,@import%20url(ADDRESS);">', ""),
    "background": PAGE % ("", '<p style="background:url(ADDRESS)">x</p>'),
    "background image": PAGE % ("<style>body{background-image:url('ADDRESS'),url(ADDRESS)}</style>", ""),
    "image-set": PAGE % ("<style>p{background-image:image-set('ADDRESS' 1x)}</style>", ""),
    "attr": PAGE % ("<style>p{content:attr(title url)}</style>", '<p title="ADDRESS">'),
    "content": PAGE % ("<style>p::before{content:url(ADDRESS)}</style>", ""),
    "list image": PAGE % ("", '<ul style="list-style-image:url(ADDRESS)"><li>x</ul>'),
    "marker": PAGE % ("<style>li::marker{content:url(ADDRESS)}</style>", "<ul><li>x</ul>"),
    "border image": PAGE % ("", '<p style="border:9px solid;border-image:url(ADDRESS) 1">x</p>'),
    "mask": PAGE % ("", '<p style="mask-image:url(ADDRESS);mask-border:url(ADDRESS) 1">x</p>'),
    "cursor": PAGE % ("", '<p style="cursor:url(ADDRESS)">x</p>'),
    "font-face": PAGE % ("<style>@font-face{font-family:f;src:url(ADDRESS)}p{font-family:f}</style>", ""),
    "page background": PAGE % ("<style>@page{background:url(ADDRESS)}</style>", ""),
    "page margin": PAGE % ("<style>@page{@top-left{content:url(ADDRESS)}}</style>", ""),
    "counter style": PAGE
    % (
        "<style>@counter-style c{system:cyclic;symbols:url(ADDRESS)}ul{list-style:c}</style>",
        "<ul><li>x</ul>",
    ),
    "colour profile": PAGE
    % ("<style>@color-profile --p{src:url(ADDRESS)}p{color:color(--p 1 0 0)}</style>", ""),
    "svg image": PAGE % ("", SVG % '<image href="ADDRESS" width="9" height="9"/>'),
    "svg use": PAGE % ("", SVG % '<use href="ADDRESS#a"/>'),
    "svg fill": PAGE % ("", SVG % '<rect width="9" height="9" fill="url(ADDRESS#a)"/>'),
    "data svg image": in_svg_image('<image xlink:href="ADDRESS" width="9" height="9"/>'),
    "data svg use": in_svg_image('<use xlink:href="ADDRESS#a"/>'),
    "data svg import": in_svg_image("<style>@import url(ADDRESS);</style>"),
    "data svg font": in_svg_image(
        "<style>@font-face{font-family:f;src:url(ADDRESS)}</style><text font-family='f'>x</text>"
    ),
    "data svg entity": PAGE
    % (
        "",
        '<img src=\'data:image/svg+xml,<!DOCTYPE svg [<!ENTITY e SYSTEM "ADDRESS">]><svg xmlns="http://www.w3.org/2000/svg"><text>%26e;</text></svg>\'>',
    ),
    "data svg sheet": PAGE
    % (
        "",
        '<img src=\'data:image/svg+xml,<%3Fxml-stylesheet href="ADDRESS"%3F><svg xmlns="http://www.w3.org/2000/svg"/>\'>',
    ),
}


@pytest.fixture
def server():
    """A real server that keeps the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = (SVG % f"<text>{SECRET}</text>").encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    listening.asked = asked
    listening.address = f"http://127.0.0.1:{listening.server_port}/x.svg"
    yield listening
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "secret.svg"
    path.write_text(SVG % f'<text font-size="9" y="20">{SECRET}</text>')
    return path.as_uri()


def holds_secret(made: bytes) -> bool:
    """Whether the secret is in the bytes, in a stream, in an attachment or in the text that can be read."""
    if not made:
        return False
    with pikepdf.open(io.BytesIO(made)) as opened:
        streams = [
            one.read_bytes()
            for one in opened.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") != "/Image"
        ]
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made))
    return SECRET.encode() in made + b"".join(streams) or SECRET in text


def default_render(html: str) -> bytes:
    """What WeasyPrint does when nobody gives it a fetcher: the negative control."""
    try:
        return weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/a-3a")
    except Exception:  # a picture as list marker that does load stops this version
        return b""


def child_render(html: str) -> bytes:
    """What the child does; a colour profile that may not be read stops the whole render, which is as good."""
    try:
        return pdf_child.html_to_pdf(html, title="T")
    except URLFetchingError:
        return b""


@pytest.mark.slow
def test_default_fetcher_fetches_and_leaks(server, secret_file):
    for html in VECTORS.values():
        default_render(html.replace("ADDRESS", server.address))
    leaking = [
        name
        for name, html in VECTORS.items()
        if holds_secret(default_render(html.replace("ADDRESS", secret_file)))
    ]

    assert len(server.asked) >= 20
    assert {"img", "content", "link attachment", "a attachment"} <= set(leaking), leaking


@pytest.mark.slow
def test_no_vector_reaches_the_network(server):
    assert len(VECTORS) >= 31

    for html in VECTORS.values():
        child_render(html.replace("ADDRESS", server.address))

    assert server.asked == []


@pytest.mark.slow
def test_no_vector_reads_a_file(secret_file):
    for name, html in VECTORS.items():
        made = child_render(html.replace("ADDRESS", secret_file))
        assert not holds_secret(made), name


@pytest.mark.parametrize(
    "address",
    [
        "HTTP://127.0.0.1/",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "FILE:/etc/passwd",
        "jar:file:/x",
        " data:,x",
        "datax:,x",
    ],
)
def test_fetcher_refuses_every_other_scheme(address):
    with pytest.raises(ValueError, match="Only data"):
        pdf_child.data_only_fetcher()(address)


ALONE = ("base", "colour profile")
"""The first changes the addresses of all others, the second stops the whole render."""


def test_the_child_itself_reaches_nothing(server, secret_file):
    together = "".join(html for name, html in VECTORS.items() if name not in ALONE)

    made = [
        render_html_to_pdf(together.replace("ADDRESS", one), title="T")
        for one in (server.address, secret_file)
    ]

    assert (server.asked, [holds_secret(one) for one in made]) == ([], [False, False])


def child_outcome(html: str) -> bytes:
    try:
        return render_html_to_pdf(html, title="T")
    except DomainError:
        return b""


# Half a second for each process: those that have been together are tried alone with --soak.
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [one if one in ALONE else pytest.param(one, marks=pytest.mark.soak) for one in VECTORS]
)
def test_each_vector_through_the_child(name, server, secret_file):
    made = [
        child_outcome(VECTORS[name].replace("ADDRESS", address)) for address in (server.address, secret_file)
    ]

    assert (server.asked, [holds_secret(one) for one in made]) == ([], [False, False])
