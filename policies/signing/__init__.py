"""PDF in, signed PDF out (PAdES), and what can be said of any signed PDF; no models, no settings, no database."""

from policies.signing.authority import Authority, new_school_authority
from policies.signing.fields import SignatureField, prepare_for_signing
from policies.signing.sign import SigningAct, sign_pdf
from policies.signing.verify import SignatureVerdict, all_is_well, verify_pdf

__all__ = [
    "Authority",
    "SignatureField",
    "SignatureVerdict",
    "SigningAct",
    "all_is_well",
    "new_school_authority",
    "prepare_for_signing",
    "sign_pdf",
    "verify_pdf",
]
