"""A time-stamp server, when one is configured, says when a signature was made."""

from datetime import UTC, date, datetime

import pytest

from core.errors import DomainError
from core.pdf import render_html_to_pdf
from policies.signing import (
    SignatureField,
    SigningAct,
    all_is_well,
    new_school_authority,
    prepare_for_signing,
    sign_pdf,
    verify_pdf,
)
from policies.tests.signing.builders import root_of
from policies.tests.signing.stamping import stamp_server

STAMPED = datetime(2026, 6, 20, 9, 31, tzinfo=UTC)
ACT = SigningAct("head", "Ann", "Headteacher", datetime(2026, 6, 20, 9, 30, tzinfo=UTC), certify=True)


@pytest.fixture
def server():
    with stamp_server(STAMPED) as listening:
        yield listening


@pytest.fixture(scope="module")
def authority():
    return new_school_authority("Ash School", today=date(2026, 6, 20))


@pytest.fixture(scope="module")
def prepared():
    return prepare_for_signing(render_html_to_pdf("<p>x</p>", title="T"), [SignatureField("head", "Head")])


def test_time_stamp_is_trusted_when_its_root_is(prepared, authority, server):
    signed = sign_pdf(prepared, ACT, authority=authority, tsa_url=server.url)

    [known] = verify_pdf(signed, roots=[root_of(authority)], stamp_roots=[server.certificate], moment=STAMPED)
    [for_stamps] = verify_pdf(signed, roots=[], stamp_roots=[root_of(authority)], moment=STAMPED)
    [unknown] = verify_pdf(signed, roots=[root_of(authority)], moment=STAMPED)

    assert (known.time_stamped_at.isoformat(), known.holds) == ("2026-06-20T10:31:00+01:00", True)
    assert not for_stamps.trusted
    assert (unknown.time_stamped_at, unknown.holds) == (None, True)


def test_a_changed_time_stamp_is_found(prepared, authority, server):
    signed = sign_pdf(prepared, ACT, authority=authority, tsa_url=server.url)
    moment, other = (f"202606200{hour}3100Z".encode().hex().upper().encode() for hour in (9, 8))
    assert signed.count(moment) == 1

    verdicts = verify_pdf(signed.replace(moment, other), roots=[root_of(authority)], moment=STAMPED)

    assert [one.intact for one in verdicts] == [False]
    assert not all_is_well(verdicts)


def test_without_an_answer_nothing_is_signed(prepared, authority, server):
    server.broken = b"<html>Sorry</html>"
    with pytest.raises(DomainError, match="nothing was signed"):
        sign_pdf(prepared, ACT, authority=authority, tsa_url=server.url)
    with pytest.raises(DomainError, match="nothing was signed"):
        sign_pdf(prepared, ACT, authority=authority, tsa_url="http://127.0.0.1:9/")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "data:,x"])
def test_only_web_addresses_are_asked(prepared, authority, url):
    with pytest.raises(ValueError, match="begins with https"):
        sign_pdf(prepared, ACT, authority=authority, tsa_url=url)
