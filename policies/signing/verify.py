"""What can be said of the signatures in any PDF: by whom, when, and whether anything changed."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, cms, pem
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.errors import DomainError
from policies.signing.sign import REASON, beside_any_loop
from policies.signing.stamp import LONDON
from policies.signing.verdict import SignatureVerdict

DAMAGED = "This file cannot be read as a PDF: it is damaged, or was changed."
MOST_SIGNATURES = 20
LONGEST_NAME = 120
MAY_SIGN = KeyUsageConstraints({"digital_signature", "non_repudiation"}, match_all_key_usages=False)
_log = logging.getLogger(__name__)
# Its complaints carry tracebacks and the words of files that anybody may send; the verdict says enough.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True)
class Trust:
    """Whom to believe, as PEM: about signatures, about time stamps, and at which moment (now where None)."""

    roots: Sequence[bytes]
    stamp_roots: Sequence[bytes]
    moment: datetime | None


def _encoded(pems: Sequence[str]) -> list[bytes]:
    return [one.encode() for one in pems]


def answer(pdf: bytes, roots: Sequence[str], stamp_roots: Sequence[str], moment: str) -> dict[str, Any]:
    """What a process apart says as plain values: a verdict for each signature, and who signed as PEM; or that it cannot."""
    try:
        trust = Trust(_encoded(roots), _encoded(stamp_roots), datetime.fromisoformat(moment))
        verdicts, signers = _read(pdf, trust)
    except DomainError:
        return {"refused": "damaged"}
    return {"verdicts": [one.as_json() for one in verdicts], "certificates": signers}


def verify_pdf(
    pdf: bytes, *, roots: Sequence[bytes], moment: datetime | None = None, stamp_roots: Sequence[bytes] = ()
) -> list[SignatureVerdict]:
    """One verdict for each signature, first signed first; none for a PDF that nobody signed.

    A root is a PEM; of several certificates in one PEM the last is the root. Nothing is fetched. `moment` is when the
    certificates must be valid, now unless given. `stamp_roots` vouch for time stamps and for nothing else.
    """
    return _read(pdf, Trust(roots, stamp_roots, moment))[0]


def _read(pdf: bytes, trust: Trust) -> tuple[list[SignatureVerdict], list[str]]:
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        embedded = list(reader.embedded_regular_signatures)
    except Exception as error:  # any bytes may come here, and the parser fails on them in many ways
        raise DomainError(DAMAGED) from error
    if len(embedded) > MOST_SIGNATURES:
        raise DomainError(DAMAGED)
    return [_verdict(pdf, one, trust) for one in embedded], [_signer(one) for one in embedded]


def _signer(embedded: EmbeddedPdfSignature) -> str:
    """The signer's certificate as PEM; "" where it cannot be read."""
    try:
        return pem.armor("CERTIFICATE", embedded.signer_cert.dump()).decode()
    except Exception:  # as above
        return ""


def _verdict(pdf: bytes, embedded: EmbeddedPdfSignature, trust: Trust) -> SignatureVerdict:
    name = post = ""
    try:
        name, reason = (_printable(embedded.sig_object.get(key, "")) for key in ("/Name", "/Reason"))
        post = reason.removeprefix(REASON) if reason.startswith(REASON) else ""
        roots = [one for one in trust.roots if _speaks_for(one, embedded.signer_cert)]
        status = beside_any_loop(
            lambda: validate_pdf_signature(
                embedded,
                _context(roots, trust.moment),
                _context(trust.stamp_roots, trust.moment),
                key_usage_settings=MAY_SIGN,
            )
        )
        stamped = status.timestamp_validity
        intact = bool(status.intact and status.valid) and _place_is_plain(pdf, embedded)
        intact = intact and (stamped is None or bool(stamped.intact and stamped.valid))
        # The form is asked only of those we know: other makers may write theirs differently.
        trusted = bool(intact and status.trusted)
        intact = intact and (not trusted or _written_as_here(embedded))
        return SignatureVerdict(
            field=embedded.field_name,
            signer_name=name or _printable(_common_name(embedded.signer_cert.subject)),
            post=post,
            signed_at=_london(status.signer_reported_dt),
            intact=intact,
            trusted=trusted and intact,
            unchanged_since=_nothing_added(embedded, status),
            covers_whole=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            certifies=embedded.docmdp_level is not None,
            certificate=_printable(_common_name(embedded.signer_cert.subject)),
            issuer=_printable(_common_name(embedded.signer_cert.issuer)),
            time_stamped_at=_london(stamped.timestamp)
            if stamped and stamped.valid and stamped.trusted
            else None,
        )
    except Exception as error:  # a changed byte may break anything in here, and every fault is a no
        _log.debug("A signature could not be checked", extra={"kind": type(error).__name__})
        return SignatureVerdict(embedded.field_name, name, post, None, *(False,) * 4)


def _common_name(name: Any) -> str:
    """What a certificate calls its owner, or the one who made it."""
    return str(name.native.get("common_name", ""))


def _printable(text: Any) -> str:
    """Words of a file that anybody may have made: one line, and not for ever."""
    return "".join(letter for letter in str(text)[:LONGEST_NAME] if letter.isprintable())


def _speaks_for(root: bytes, certificate: Any) -> bool:
    """Whether a PEM names this very certificate before its root, or names a root alone.

    The root of a school's own certificate vouches for others too, who must not sign in the school's name; another
    certificate of the school says nothing for them.
    """
    chain = list(load_certs_from_pemder_data(root))
    return len(chain) == 1 or chain[0].dump() == certificate.dump()


def _context(roots: Sequence[bytes], moment: datetime | None) -> ValidationContext:
    """Trust in these roots alone: not in those of the machine, and nothing is fetched from addresses in certificates."""
    chains = [list(load_certs_from_pemder_data(pem)) for pem in roots]
    return ValidationContext(
        trust_roots=[chain[-1] for chain in chains],
        other_certs=[certificate for chain in chains for certificate in chain[:-1]],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment.astimezone(UTC) if moment else None,
    )


def _nothing_added(embedded: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    """Whether later revisions hold only what this signature allows: the next signature, never content."""
    return (
        bool(status.docmdp_ok)
        and status.modification_level is not None
        and (
            status.modification_level <= ModificationLevel.FORM_FILLING
            and (embedded.docmdp_level is None or embedded.docmdp_level <= MDPPerm.FILL_FORMS)
        )
    )


def _place_is_plain(pdf: bytes, embedded: EmbeddedPdfSignature) -> bool:
    """Whether the one part that a signature cannot cover, its own place, holds the signature and zeros and no more."""
    start, length, rest, _ = (int(number) for number in embedded.byte_range)
    place = pdf[start + length : rest]
    signature = embedded.pkcs7_content
    size = _der_size(signature)
    for written in (signature[:size].hex(), signature[:size].hex().upper()):
        if place == b"<" + written.encode().ljust(len(place) - 2, b"0") + b">":
            return True
    return False


def _written_as_here(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the few fields of the signature that it does not protect itself read as this system writes them."""
    data, signer = embedded.signed_data, embedded.signer_info
    certificate = embedded.signer_cert
    digest = algos.DigestAlgorithm({"algorithm": embedded.md_algorithm}).dump()
    issuer = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    message = cms.ContentInfo.load(embedded.pkcs7_content)
    return (
        _exactly_filled(message)
        and _exactly_filled(data)
        and (data["version"].native, signer["version"].native) == ("v1", "v1")
        and [one.dump() for one in data["digest_algorithms"]] == [digest]
        and signer["digest_algorithm"].dump() == digest
        and signer["sid"].chosen.dump() == issuer.dump()
    )


def _exactly_filled(sequence: Any) -> bool:
    """Whether a sequence holds its parts and nothing after them: a length changed to reach into the zeros would pass else."""
    return sequence.contents == b"".join(sequence[position].dump() for position in range(len(sequence)))


def _der_size(encoded: bytes) -> int:
    """How many bytes the outermost DER element takes."""
    first = encoded[1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(encoded[2 : 2 + count], "big")


def _london(moment: Any) -> datetime | None:
    return moment.astimezone(LONDON) if moment and moment.tzinfo else None
