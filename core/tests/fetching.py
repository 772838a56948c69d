"""Every place of a document where an address can stand, and means to see whether anything was fetched from there."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pypdfium2
import weasyprint

SECRET = "planted-7f3a9c"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 99 99" width="300" height="300">%s</svg>'
PAGE = "<!DOCTYPE html><html><head>%s</head><body>%s<p>Text</p></body></html>"


def in_svg_image(content: str) -> str:
    """A picture inside the document; its address is quoted letter by letter, so that ADDRESS can still be replaced."""
    return PAGE % ("", f'<img alt="x" src="data:image/svg+xml,{quote(SVG % content)}">')


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


@contextmanager
def listening_server() -> Iterator[ThreadingHTTPServer]:
    """A real server that keeps the paths it was asked for in `asked`; it answers at `address`."""
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
    try:
        yield listening
    finally:
        listening.shutdown()
        listening.server_close()


def planted_file(folder: Path) -> str:
    """The address of a file on this machine that holds the secret."""
    path = folder / "secret.svg"
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
