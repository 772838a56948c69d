"""A time-stamp authority for tests: a server of its own on this machine, which signs the moment as RFC 3161 says."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper


def stamping_certificate(moment: datetime) -> tuple[bytes, bytes]:
    """A time-stamp authority of that time which vouches for itself: certificate and key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Stamps")])
    only_stamps = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=9999))
        .add_extension(only_stamps, critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return made.public_bytes(serialization.Encoding.PEM), key.private_bytes(*plain)


class StampServer(HTTPServer):
    """A real server that answers as RFC 3161 says, or as `broken` says; its clock stands at a moment."""

    broken: bytes | None = None

    def __init__(self, moment: datetime):
        self.certificate, key = stamping_certificate(moment)
        [certificate] = load_certs_from_pemder_data(self.certificate)
        self.stamper = DummyTimeStamper(
            certificate, load_private_key_from_pemder_data(key, None), fixed_dt=moment
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


@contextmanager
def stamp_server(moment: datetime) -> Iterator[StampServer]:
    """The server, while the block runs."""
    listening = StampServer(moment)
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield listening
    finally:
        listening.shutdown()
        listening.server_close()
