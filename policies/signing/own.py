"""A school's own certificate, as somebody exports it: a PKCS#12 file with its password, looked at before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from core.errors import DomainError
from policies.signing.authority import Authority

WRONG = "The password does not open this file, or it is no certificate with its key (.p12 or .pfx)."
NO_KEY = "This file holds no private key. Export the certificate together with its private key."
OTHER_KEY = "The private key in this file does not belong to the certificate."
WEAK = (
    "This kind of key cannot be used. It must be RSA with at least 2048 bits, or EC on P-256, P-384 or P-521."
)
NOT_NOW = "This certificate is valid from {from_day} to {to_day}, so it cannot be used today."
NOT_FOR_SIGNING = (
    "This certificate is not for signing: its key usage names neither digital signature nor non-repudiation."
)
AUTHORITY = "This is the certificate of an authority that makes certificates, not one to sign with."
NO_CHAIN = "The certificates above this one are missing or do not fit. Export it with all certificates in its path, the root included."
LEAST_RSA_BITS = 2048
LONGEST_CHAIN = 8


@dataclass(frozen=True)
class CertificateFacts:
    """What people read of a certificate."""

    subject: str
    issuer: str
    starts: datetime
    ends: datetime
    fingerprint: str


def certificate_facts(pem: bytes) -> CertificateFacts:
    """The facts of the first certificate of a PEM."""
    one = x509.load_pem_x509_certificates(pem)[0]
    fingerprint = one.fingerprint(hashes.SHA256()).hex()
    return CertificateFacts(
        _common(one.subject), _common(one.issuer), one.not_valid_before_utc, one.not_valid_after_utc, fingerprint
    )  # fmt: skip


def _common(name: x509.Name) -> str:
    values = [one.value for one in name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    return str(values[0]) if values else name.rfc4514_string()


def open_answer(data: bytes, password: str, moment: str) -> dict[str, Any]:
    """What a process apart says as plain values: certificate and key as PEM, or why not."""
    try:
        made = open_pkcs12(data, password, datetime.fromisoformat(moment))
    except DomainError as error:
        return {"refused": str(error)}
    return {"certificate": made.certificate_pem.decode(), "key": made.private_key_pem.decode()}


def open_pkcs12(data: bytes, password: str, moment: datetime) -> Authority:
    """Certificate, those above it with the root last, and key. Raises DomainError with what is wrong and what to do."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode())
    except Exception as error:  # any bytes may come here
        raise DomainError(WRONG) from error
    if key is None or certificate is None:
        raise DomainError(NO_KEY)
    if _public(key.public_key()) != _public(certificate.public_key()):
        raise DomainError(OTHER_KEY)
    if not _strong(key):
        raise DomainError(WEAK)
    chain = _chain(certificate, list(others))
    for one in chain:
        _check_time(one, moment)
    _check_use(certificate)
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)
    return Authority(certificate_pem=pem, private_key_pem=key.private_bytes(*plain))


def _public(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(key.public_bytes(serialization.Encoding.DER, form))


def _strong(key: Any) -> bool:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.key_size >= LEAST_RSA_BITS
    return isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(
        key.curve, ec.SECP256R1 | ec.SECP384R1 | ec.SECP521R1
    )


def _chain(certificate: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """From the certificate up to one that vouches for itself."""
    chain = [certificate]
    while not _issued(chain[-1], chain[-1]):
        above = next((one for one in others if one not in chain and _issued(one, chain[-1])), None)
        if above is None or len(chain) == LONGEST_CHAIN:
            raise DomainError(NO_CHAIN)
        chain.append(above)
    return chain


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    if issuer != certificate and not _is_authority(issuer):
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # names, algorithms or signature do not fit: all the same here
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _check_time(certificate: x509.Certificate, moment: datetime) -> None:
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not starts <= moment < ends:
        raise DomainError(NOT_NOW.format(from_day=f"{starts:%d %B %Y}", to_day=f"{ends:%d %B %Y}"))


def _check_use(certificate: x509.Certificate) -> None:
    if _is_authority(certificate):
        raise DomainError(AUTHORITY)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise DomainError(NOT_FOR_SIGNING)
