"""A document, prepared, signed once and signed twice."""

import pytest

from core.pdf import render_html_to_pdf
from policies.signing import (
    new_school_authority,
    prepare_for_signing,
    sign_pdf,
)
from policies.tests.signing.builders import CHAIR, FIELDS, HEAD, HTML, TODAY


@pytest.fixture(scope="module")
def authority():
    return new_school_authority("Ash & Oak School", today=TODAY)


@pytest.fixture(scope="module")
def prepared():
    return prepare_for_signing(render_html_to_pdf(HTML, title="Mobile phones", dated=TODAY), FIELDS)


@pytest.fixture(scope="module")
def once(prepared, authority):
    return sign_pdf(prepared, HEAD, authority=authority)


@pytest.fixture(scope="module")
def signed(once, authority):
    return sign_pdf(once, CHAIR, authority=authority)
