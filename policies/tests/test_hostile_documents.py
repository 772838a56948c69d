"""Policies made to harm: what stands in a document is printed as words, fetches nothing, and is made into a PDF in time or not at all."""

from __future__ import annotations

import html
from collections.abc import Iterable

import pypdfium2
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from lxml.html import document_fromstring

from core.tests.fetching import VECTORS, default_render, holds_secret, listening_server, planted_file
from policies import services
from policies.models import PolicyVersion
from policies.selectors import document_text
from policies.services.signing import TEMPLATE
from policies.tests.factories import TESTS
from policies.tests.reading.builders import word

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]

ALONE = ("base", "colour profile", "marker")
"""The first changes the addresses of all others, the others stop a render that fetches: the control leaves them out."""


@pytest.fixture
def addresses(tmp_path):
    """The address of a real server that keeps what it was asked for, and that of a file with a secret."""
    with listening_server() as server:
        yield server, (server.address, planted_file(tmp_path))


@pytest.fixture
def vectors(soak):
    """All of them in the full proof, every sixth otherwise."""
    return list(VECTORS)[:: 1 if soak else 6]


def clauses(names: Iterable[str], addresses: Iterable[str]) -> list[str]:
    """Every vector with every address, each with a number of its own by which a request is told from others."""
    return [
        VECTORS[name].replace("ADDRESS", f"{one}?{number}")
        for one in addresses
        for number, name in enumerate(names)
    ]


def published(school, texts: list[str]) -> PolicyVersion:
    """A Word file in which these texts are title, heading, cells and clauses, brought in and published like any policy."""
    body = [f"1.{number} {text}" for number, text in enumerate(texts, 1)]
    table = [f"| {text.replace('|', '/')} | x |" for text in texts[:3]]
    data = word("Coats Policy", "1. Aims", *body, (texts[0], "Heading 1"), *table)
    source = services.import_document(school, data, "policy.docx", by=TESTS)
    draft = services.save_draft(source, 0, services.DraftDetails(title=texts[0][:150], setting=texts[-1][:150]), by=TESTS)  # fmt: skip
    ratified = services.ratify_version(
        draft, by=TESTS, body=texts[0][:100], on="2026-10-12", minute_reference=texts[0][:40]
    )
    return services.publish_version(services.bring_into_force(ratified, by=TESTS), by=TESTS)


def held(version: PolicyVersion) -> str:
    return "\n".join(version.clauses.values_list("text", flat=True))


def test_addresses_in_a_policy_are_words_on_its_page_and_in_its_pdf(school, client, addresses, vectors):
    server, both = addresses
    texts = clauses(vectors, both)
    version = published(school, texts)

    made = bytes(services.ensure_document(version).pdf)
    page = client.get(reverse("published_policy", args=[school.slug, version.policy_id]))

    words = " ".join(held(version).split())
    assert [text for text in texts if " ".join(text.split()) not in words] == []
    assert (server.asked, holds_secret(made)) == ([], False)
    printed = "".join(one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(made))
    assert "".join(texts[0].split()) in "".join(printed.split())
    values = [value for one in document_fromstring(page.content).iter() for value in one.attrib.values()]
    assert [one for one in values if server.address in one or both[1] in one] == []
    assert html.escape(texts[0])[:60] in page.content.decode()


def test_the_same_page_would_fetch_were_its_words_not_escaped(school, addresses, vectors):
    server, both = addresses
    version = published(school, clauses([one for one in vectors if one not in ALONE], both))
    page = html.unescape(render_to_string(TEMPLATE, document_text(version, "https://hub.example/check/")))

    made = default_render(page)

    assert len(set(server.asked)) >= len(vectors) // 3
    assert holds_secret(made)


@pytest.mark.soak
@pytest.mark.parametrize("name", VECTORS)
def test_no_vector_in_a_policy_of_its_own_fetches_anything(school, addresses, name):
    server, both = addresses

    made = bytes(services.ensure_document(published(school, clauses([name], both))).pdf)

    assert (server.asked, holds_secret(made)) == ([], False)
