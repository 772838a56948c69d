"""One signature on a prepared PDF."""

from __future__ import annotations

import asyncio
import io
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from asn1crypto import tsp
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, set_tsp_headers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.errors import DomainError
from policies.signing.authority import Authority
from policies.signing.stamp import LONDON, stamp_style

REASON = "Signed as "
CANNOT_SIGN = "This PDF cannot be signed here: the place for this signature is missing or already signed."
NO_TIME_STAMP = "The time-stamp server did not answer, so nothing was signed. Try again in a minute."
_TSA_SECONDS = 10
_LARGEST_ANSWER = 65_536
T = TypeVar("T")


@dataclass(frozen=True)
class SigningAct:
    """Who signs what, as what, and when. The first signature certifies: later changes then show."""

    field: str
    signer_name: str
    signer_post: str
    signed_at: datetime
    certify: bool = False
    font: bytes = b""


def sign_pdf(pdf: bytes, act: SigningAct, *, authority: Authority, tsa_url: str = "") -> bytes:
    """The PDF with one more signature (PAdES B-B, or B-T with a time-stamp server); what was there stays byte for byte."""
    if act.signed_at.tzinfo is None:
        raise ValueError("The moment of signing needs its time zone.")
    style = stamp_style(name=act.signer_name, post=act.signer_post, signed_at=act.signed_at, font=act.font)
    meta = PdfSignatureMetadata(
        field_name=act.field,
        name=act.signer_name,
        reason=REASON + act.signer_post,
        certify=act.certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    timestamper = _HttpTimeStamper(tsa_url) if tsa_url else None
    signer = _SignerAt(act.signed_at, meta, _signer(authority), stamp_style=style, timestamper=timestamper)
    signed = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        beside_any_loop(lambda: signer.sign_pdf(writer, existing_fields_only=True, output=signed))
    except TimestampRequestError as error:
        raise DomainError(NO_TIME_STAMP) from error
    except (SigningError, PdfError) as error:
        raise DomainError(CANNOT_SIGN) from error
    return signed.getvalue()


def beside_any_loop(work: Callable[[], T]) -> T:
    """Do what starts an event loop of its own, also where one is running already: then in a thread beside it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


def _signer(authority: Authority) -> SimpleSigner:
    certificates = list(load_certs_from_pemder_data(authority.certificate_pem))
    store = SimpleCertificateStore()
    store.register_multiple(certificates[1:])
    key = load_private_key_from_pemder_data(authority.private_key_pem, passphrase=None)
    # The root is left out of the file: those who check hold it, and bytes that nothing signs could be changed unseen.
    return SimpleSigner(certificates[0], key, store, embed_roots=False)


class _SignerAt(PdfSigner):
    """Signs at a moment that is given, in London time, instead of the machine's clock and zone."""

    def __init__(self, moment: datetime, *args: Any, **kwargs: Any) -> None:
        self._moment = moment.astimezone(LONDON)
        super().__init__(*args, **kwargs)

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._moment
        return session


class _HttpTimeStamper(TimeStamper):
    """Asks a time-stamp authority (RFC 3161) with the standard library alone."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("https://", "http://")):
            raise ValueError("The address of a time-stamp server begins with https:// or http://.")
        self._url = url
        super().__init__()

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await asyncio.to_thread(self._ask, req.dump())

    def _ask(self, question: bytes) -> tsp.TimeStampResp:
        request = urllib.request.Request(self._url, question, set_tsp_headers({}))  # noqa: S310  scheme checked above
        try:
            with urllib.request.urlopen(request, timeout=_TSA_SECONDS) as answer:  # noqa: S310  scheme checked above
                return tsp.TimeStampResp.load(answer.read(_LARGEST_ANSWER))
        except (OSError, ValueError) as error:
            raise TimestampRequestError("The time-stamp server did not answer.") from error
