"""A school's own trust root and the key it signs with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# The certificate must outlive the documents: without a time-stamp server a signature is judged by today's date.
YEARS = 25
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Authority:
    """What a school signs with: its certificate and those above it, the root last, and the private key, plain.

    The caller keeps the key encrypted. A school's own certificate has the same form.
    """

    certificate_pem: bytes
    private_key_pem: bytes

    def __repr__(self) -> str:
        return "Authority(...)"  # never the key in a log


def new_school_authority(school_name: str, *, today: date) -> Authority:
    """A root and a signing key under it, both EC P-256.

    The root's private key is forgotten at once: whoever steals the signing key cannot make certificates in other names.
    """
    root_key, signing_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = "".join(character for character in school_name if character.isprintable()).strip() or "School"
    root_name, signing_name = _name(name, "Policies: trust root"), _name(name, "Policies: signing key")
    root = (
        _builder(root_name, root_name, root_key, today)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    signing = (
        _builder(signing_name, root_name, signing_key, today)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(signing_key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (signing, root))
    return Authority(certificate_pem=chain, private_key_pem=_pem(signing_key))


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:_LONGEST_NAME]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, today: date
) -> x509.CertificateBuilder:
    # A day back, so that a clock that is behind, or the hour between London and UTC, refuses nothing.
    start = datetime.combine(today, time(), UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * YEARS))
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    """A root signs certificates; a signing key signs documents, and cannot deny it."""
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
