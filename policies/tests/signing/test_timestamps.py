"""A time-stamp server, when one is configured, says when a signature was made."""

import threading
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

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

STAMPED = datetime(2026, 6, 20, 9, 31, tzinfo=UTC)
ACT = SigningAct("head", "Ann", "Headteacher", datetime(2026, 6, 20, 9, 30, tzinfo=UTC), certify=True)


def stamping_certificate() -> tuple[bytes, bytes]:
    """A time-stamp authority that vouches for itself: certificate and key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Stamps")])
    only_stamps = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(STAMPED - timedelta(days=1))
        .not_valid_after(STAMPED + timedelta(days=9999))
        .add_extension(only_stamps, critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return made.public_bytes(serialization.Encoding.PEM), key.private_bytes(*plain)


class StampServer(HTTPServer):
    """A real server that answers as RFC 3161 says, or as `broken` says."""

    broken: bytes | None = None

    def __init__(self):
        self.certificate, key = stamping_certificate()
        [certificate] = load_certs_from_pemder_data(self.certificate)
        self.stamper = DummyTimeStamper(
            certificate, load_private_key_from_pemder_data(key, None), fixed_dt=STAMPED
        )
        super().__init__(("127.0.0.1", 0), StampHandler)
        self.url = f"http://127.0.0.1:{self.server_port}/"


class StampHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        question = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.broken
        if answer is None:
            answer = self.server.stamper.request_tsa_response(question).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    listening = StampServer()
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    yield listening
    listening.shutdown()
    listening.server_close()


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
