"""PDF in, signed PDF out (PAdES), and what can be said of any signed PDF; no models, no settings, no database."""

from policies.signing.apart import Reading, open_apart, verify_apart
from policies.signing.authority import Authority, new_school_authority
from policies.signing.fields import SignatureField, prepare_for_signing
from policies.signing.own import CertificateFacts, certificate_facts, open_pkcs12
from policies.signing.sign import SigningAct, sign_pdf
from policies.signing.verdict import SignatureVerdict, all_is_well
from policies.signing.verify import verify_pdf

__all__ = [
    "Authority",
    "CertificateFacts",
    "Reading",
    "SignatureField",
    "SignatureVerdict",
    "SigningAct",
    "all_is_well",
    "certificate_facts",
    "new_school_authority",
    "open_apart",
    "open_pkcs12",
    "prepare_for_signing",
    "sign_pdf",
    "verify_apart",
    "verify_pdf",
]
