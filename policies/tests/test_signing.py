"""Signatures hold for what was signed and for nothing else."""

import asyncio
import io
import random
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pypdfium2
import pytest
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

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

TODAY = date(2026, 6, 20)
FIELDS = (
    SignatureField("head", "Signature of the headteacher"),
    SignatureField("chair", "Signature of the chair"),
)
HEAD = SigningAct("head", "Ann O'Ther", "Headteacher", datetime(2026, 6, 20, 9, 30, tzinfo=UTC), certify=True)
CHAIR = SigningAct("chair", "Bo <b>Oak</b>", "Chair of governors", datetime(2026, 12, 1, 9, 30, tzinfo=UTC))
SIGNED_ON = datetime(2026, 12, 2, tzinfo=UTC)
HTML = "<h1>Mobile phones</h1><p>1.1 Phones stay off.</p><div id='sign-head' style='height:85pt'></div><p>After</p>"


@pytest.fixture(scope="module")
def authority():
    return new_school_authority("Ash & Oak School", today=TODAY)


@pytest.fixture(scope="module")
def prepared():
    return prepare_for_signing(render_html_to_pdf(HTML, title="Mobile phones", dated=TODAY), FIELDS)


@pytest.fixture(scope="module")
def once(prepared, authority):
    return sign_pdf(prepared, HEAD, authority=authority)


@pytest.fixture(scope="module")
def signed(once, authority):
    return sign_pdf(once, CHAIR, authority=authority)


def believed(pdf: bytes, authority) -> bool:
    """Whether the file is believed; one that cannot be read is not."""
    try:
        return all_is_well(verify_pdf(pdf, roots=[authority.root_pem], moment=SIGNED_ON))
    except DomainError:
        return False


def test_both_signatures_hold(signed, authority):
    head, chair = verify_pdf(signed, roots=[authority.root_pem], moment=SIGNED_ON)

    assert (head.signer_name, head.post, head.certifies) == ("Ann O'Ther", "Headteacher", True)
    assert (chair.signer_name, chair.post, chair.certifies) == ("Bo <b>Oak</b>", "Chair of governors", False)
    assert [(one.intact, one.trusted, one.unchanged_since, one.covers_whole) for one in (head, chair)] == [
        (True, True, True, False),
        (True, True, True, True),
    ]
    assert believed(signed, authority)


def test_moments_are_london_time_whatever_the_machine_says(signed, authority):
    head, chair = verify_pdf(signed, roots=[authority.root_pem], moment=SIGNED_ON)

    assert (head.signed_at.isoformat(), chair.signed_at.isoformat()) == (
        "2026-06-20T10:30:00+01:00",
        "2026-12-01T09:30:00+00:00",
    )
    with pikepdf.open(io.BytesIO(signed)) as opened:
        assert str(opened.Root.AcroForm.Fields[0].V.M) == "D:20260620103000+01'00'"


def test_moment_of_signing_needs_a_zone(prepared, authority):
    with pytest.raises(ValueError, match="time zone"):
        sign_pdf(prepared, replace(HEAD, signed_at=datetime(2026, 6, 20, 9, 30)), authority=authority)


def test_signing_leaves_every_earlier_byte(prepared, once, signed):
    assert once.startswith(prepared)
    assert signed.startswith(once)


def test_signatures_can_be_seen_and_read(signed):
    document = pypdfium2.PdfDocument(signed)
    document.init_forms()
    drawn = document[0].render(scale=1, may_draw_forms=True).to_pil().convert("L")

    with pikepdf.open(io.BytesIO(signed)) as opened:
        head, chair = opened.Root.AcroForm.Fields
        assert all(field.AP.N.Resources.XObject["/Drawing"].Resources.Font for field in (head, chair))
        for x0, y0, x1, y1 in ([float(edge) for edge in field.Rect] for field in (head, chair)):
            page_height = drawn.height
            assert (
                drawn.crop((int(x0), int(page_height - y1), int(x1), int(page_height - y0))).getextrema()[0]
                < 100
            )


def test_fields_stand_where_the_template_says_else_at_the_foot(prepared):
    with pikepdf.open(io.BytesIO(prepared)) as opened:
        head, chair = opened.Root.AcroForm.Fields
        place = next(
            entry
            for name, entry in zip(*[iter(opened.Root.Names.Dests.Names)] * 2, strict=True)
            if name == "sign-head"
        )

        assert (head.Rect[0], head.Rect[3]) == (place[2], place[3])
        assert float(chair.Rect[1]) == 57


def test_fields_are_tagged_and_named(prepared):
    with pikepdf.open(io.BytesIO(prepared)) as opened:
        numbers = list(opened.Root.StructTreeRoot.ParentTree.Nums)
        parents = dict(zip([int(key) for key in numbers[::2]], numbers[1::2], strict=True))
        for field, wanted in zip(opened.Root.AcroForm.Fields, FIELDS, strict=True):
            element = parents[int(field.StructParent)]
            assert (str(element.S), str(field.TU), str(field.T)) == ("/Form", wanted.label, wanted.name)
            assert element.K.Obj.objgen == field.objgen
            assert element.objgen in [kid.objgen for kid in opened.Root.StructTreeRoot.K[0].K]
            assert (int(field.F), "/N" in field.AP) == (4, True)


def test_preparing_keeps_the_claims_and_is_the_same_twice(prepared):
    assert prepared == prepare_for_signing(
        render_html_to_pdf(HTML, title="Mobile phones", dated=TODAY), FIELDS
    )
    with pikepdf.open(io.BytesIO(prepared)) as opened, opened.open_metadata() as claimed:
        assert (
            claimed["pdfaid:part"],
            claimed["pdfaid:conformance"],
            claimed["{http://www.aiim.org/pdfua/ns/id/}part"],
        ) == ("3", "A", "1")
    assert b"/ObjStm" not in prepared


def test_fields_of_one_name_are_a_fault(prepared):
    with pytest.raises(ValueError, match="same name"):
        prepare_for_signing(prepared, (FIELDS[0], FIELDS[0]))


@pytest.mark.parametrize("act", [HEAD, replace(HEAD, field="nobody"), replace(CHAIR, certify=True)])
def test_a_place_that_is_taken_or_missing_is_refused(once, authority, act):
    with pytest.raises(DomainError, match="missing or already signed"):
        sign_pdf(once, act, authority=authority)


@pytest.mark.parametrize(
    "work",
    [
        lambda pdf, _: prepare_for_signing(pdf, FIELDS),
        lambda pdf, authority: sign_pdf(pdf, HEAD, authority=authority),
    ],
)
@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"\x00" * 999])
def test_what_is_no_pdf_is_refused_with_a_sentence(work, pdf, authority):
    with pytest.raises(DomainError):
        work(pdf, authority)


def test_verifying_what_is_no_pdf_and_what_nobody_signed(prepared):
    with pytest.raises(DomainError, match="damaged"):
        verify_pdf(b"%PDF-1.7 no", roots=[])
    assert verify_pdf(prepared, roots=[]) == []
    assert not all_is_well([])


def test_signing_and_verifying_work_inside_a_running_loop(prepared, authority):
    async def work():
        return believed(sign_pdf(prepared, HEAD, authority=authority), authority)

    # A thread of its own: a browser test in this process leaves its loop running in the main one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: asyncio.run(work())).result()


def test_names_cannot_draw_or_overrun(prepared, authority):
    act = replace(
        HEAD, signer_name="<img src=file:///etc/passwd>" + "W" * 5000, signer_post="}</style><h1>" * 50
    )

    assert believed(sign_pdf(prepared, act, authority=authority), authority)


# --- Trust ----------------------------------------------------------------------------------------------------------


def test_another_school_is_not_trusted(signed):
    stranger = new_school_authority("Ash & Oak School", today=TODAY)

    verdicts = verify_pdf(signed, roots=[stranger.root_pem], moment=SIGNED_ON)

    assert [(one.intact, one.trusted) for one in verdicts] == [(True, False)] * 2
    assert not all_is_well(verdicts)
    assert [one.trusted for one in verify_pdf(signed, roots=[], moment=SIGNED_ON)] == [False, False]


@pytest.mark.parametrize(
    ("moment", "trusted"),
    [(timedelta(days=-2), False), (timedelta(days=365 * 20), True), (timedelta(days=365 * 26), False)],
)
def test_certificate_holds_for_decades_and_not_for_ever(once, authority, moment, trusted):
    when = datetime(2026, 6, 20, tzinfo=UTC) + moment

    assert [one.trusted for one in verify_pdf(once, roots=[authority.root_pem], moment=when)] == [trusted]


def test_authority_is_a_root_and_a_key_that_can_only_sign(authority):
    signing, root = x509.load_pem_x509_certificates(authority.certificate_pem)

    assert signing.issuer == root.subject == root.issuer
    assert signing.public_key().curve.name == root.public_key().curve.name == "secp256r1"
    assert [
        one.extensions.get_extension_for_class(x509.BasicConstraints).value.ca for one in (signing, root)
    ] == [False, True]
    assert signing.public_key() != root.public_key()
    assert "PRIVATE" not in repr(authority)


def test_a_very_long_school_name_makes_an_authority():
    authority = new_school_authority("St " + "Æthelthryth's " * 20 + "\n", today=TODAY)

    assert len(x509.load_pem_x509_certificates(authority.certificate_pem)) == 2


# --- What was changed -----------------------------------------------------------------------------------------------


def place_of(signed: bytes, number: int) -> tuple[int, int]:
    """Where the signature itself stands: the part that it cannot cover."""
    found = re.findall(rb"/ByteRange \[0 (\d+) (\d+) \d+\]", signed)[number]
    return int(found[0]), int(found[1])


def changed(signed: bytes, at: int) -> bytes:
    """The file with one byte changed; within a signature to another digit, so that it can still be read."""
    start, stop = place_of(signed, 1)
    byte = signed[at]
    other = ord(f"{int(chr(byte), 16) ^ (at % 15 + 1):X}") if start < at < stop - 1 else byte ^ 1
    return signed[:at] + bytes([other]) + signed[at + 1 :]


def unnoticed(signed: bytes, authority, positions) -> list[int]:
    return [at for at in positions if believed(changed(signed, at), authority)]


def test_one_changed_byte_is_found(signed, authority):
    start, stop = place_of(signed, 1)
    edges = [0, 9, len(signed) - 1, start, start + 1, start + 60, start + 200, stop - 2, stop - 1]

    assert unnoticed(signed, authority, [*edges, *random.Random(7).sample(range(len(signed)), 15)]) == []


def test_a_signature_that_claims_to_be_longer_is_found(signed, authority):
    start, _ = place_of(signed, 1)
    at = start + 7  # <308203xx: the length of the whole
    others = [signed[:at] + b"%X" % digit + signed[at + 1 :] for digit in range(16)]

    assert [one for one in others if believed(one, authority)] == [signed]


@pytest.mark.slow
def test_every_byte_of_the_last_signature_and_many_others_are_guarded(signed, authority):
    start, stop = place_of(signed, 1)
    written = start + len(signed[start : stop - 1].rstrip(b"0"))

    assert (
        unnoticed(
            signed, authority, [*range(start, written + 4), *random.Random(8).sample(range(len(signed)), 400)]
        )
        == []
    )


def updated(signed: bytes, change) -> bytes:
    """The file with an incremental update, as an editor would append it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def write_over_page(writer) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 99 99 re f"))
    writer.update_container(page)


def redraw_signature(writer) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    drawing = generic.StreamObject(
        {generic.NameObject("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9)))},
        stream_data=b"0 0 9 9 re f",
    )
    field["/AP"] = generic.DictionaryObject({generic.NameObject("/N"): writer.add_object(drawing)})
    writer.update_container(field)


def unsign(writer) -> None:
    field = writer.root["/AcroForm"]["/Fields"][1]
    del field["/V"]
    writer.update_container(field)


def add_note(writer) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = {"/Type": "/Annot", "/Subtype": "/FreeText"}
    entry = generic.DictionaryObject(
        {generic.NameObject(key): generic.NameObject(value) for key, value in note.items()}
    )
    entry[generic.NameObject("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 99, 99)))
    page["/Annots"].append(writer.add_object(entry))
    writer.update_container(page["/Annots"])


@pytest.mark.parametrize("change", [write_over_page, redraw_signature, unsign, add_note])
def test_what_is_appended_as_an_update_is_found(signed, authority, change):
    verdicts = verify_pdf(updated(signed, change), roots=[authority.root_pem], moment=SIGNED_ON)

    assert [(one.intact, one.unchanged_since) for one in verdicts] == [(True, False)] * len(verdicts)
    assert verdicts


@pytest.mark.parametrize("tail", [b"\n", b"% a comment\n", b"%PDF-1.7\n"])
def test_bytes_after_the_end_are_found(signed, authority, tail):
    assert not believed(signed + tail, authority)


def test_a_third_signature_by_a_stranger_is_found(prepared, authority):
    three = sign_pdf(prepared, HEAD, authority=authority)
    forged = sign_pdf(three, CHAIR, authority=new_school_authority("Ash & Oak School", today=TODAY))

    head, chair = verify_pdf(forged, roots=[authority.root_pem], moment=SIGNED_ON)

    assert (head.holds, chair.trusted, believed(forged, authority)) == (True, False, False)


def test_signing_a_changed_file_does_not_mend_it(once, authority):
    mended = sign_pdf(updated(once, write_over_page), CHAIR, authority=authority)

    head, _ = verify_pdf(mended, roots=[authority.root_pem], moment=SIGNED_ON)

    assert (head.intact, head.unchanged_since, believed(mended, authority)) == (True, False, False)


# --- A second opinion, and time -------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils is not installed")
def test_poppler_agrees(signed, tmp_path):
    whole, broken = tmp_path / "whole.pdf", tmp_path / "broken.pdf"
    whole.write_bytes(signed)
    broken.write_bytes(
        signed.replace(b"/Headteacher", b"/headteacher").replace(b"Headteacher", b"headteacher", 1)
    )

    said = [
        subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
        for path in (whole, broken)
    ]

    assert [text.count("Signature is Valid") for text in said] == [2, 0]
    assert said[0].count("Total document signed") == 1


def test_two_signatures_cost_less_than_300_ms_of_the_processor(prepared, authority):
    def cost() -> float:
        began = time.process_time()
        sign_pdf(sign_pdf(prepared, HEAD, authority=authority), CHAIR, authority=authority)
        return time.process_time() - began

    assert min(cost() for _ in range(3)) < 0.3
