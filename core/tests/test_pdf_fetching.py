"""Nothing a document can name is fetched: neither from the network nor from the disk."""

import pytest
from weasyprint.urls import URLFetchingError

from core import pdf_child
from core.errors import DomainError
from core.pdf import render_html_to_pdf
from core.tests.fetching import VECTORS, default_render, holds_secret, listening_server, planted_file


@pytest.fixture
def server():
    """A real server that keeps the paths it was asked for."""
    with listening_server() as listening:
        yield listening


@pytest.fixture
def secret_file(tmp_path):
    return planted_file(tmp_path)


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


@pytest.mark.slow
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
