"""A school that signs, what it signs, and what its readers then believe."""

from datetime import UTC, date, datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from core.errors import DomainError
from policies.signing import (
    Authority,
    SignatureField,
    SigningAct,
    all_is_well,
    verify_pdf,
)

TODAY = date(2026, 6, 20)
FIELDS = (
    SignatureField("head", "Signature of the headteacher"),
    SignatureField("chair", "Signature of the chair"),
)
HEAD = SigningAct("head", "Ann O'Ther", "Headteacher", datetime(2026, 6, 20, 9, 30, tzinfo=UTC), certify=True)
CHAIR = SigningAct("chair", "Bo <b>Oak</b>", "Chair of governors", datetime(2026, 12, 1, 9, 30, tzinfo=UTC))
SIGNED_ON = datetime(2026, 12, 2, tzinfo=UTC)
HTML = "<h1>Mobile phones</h1><p>1.1 Phones stay off.</p><div id='sign-head' style='height:85pt'></div><p>After</p>"


def root_of(authority: Authority) -> bytes:
    """The certificate that those who trust the school hold: the last of its chain."""
    root = x509.load_pem_x509_certificates(authority.certificate_pem)[-1]
    return root.public_bytes(serialization.Encoding.PEM)


def believed(pdf: bytes, authority) -> bool:
    """Whether the file is believed; one that cannot be read is not."""
    try:
        return all_is_well(verify_pdf(pdf, roots=[root_of(authority)], moment=SIGNED_ON))
    except DomainError:
        return False
