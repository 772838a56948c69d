"""Who is trusted, and whatever is changed afterwards is found."""

import io
import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from policies.signing import (
    all_is_well,
    new_school_authority,
    sign_pdf,
    verify_pdf,
)
from policies.tests.signing.builders import CHAIR, HEAD, SIGNED_ON, TODAY, believed, root_of


def test_another_school_is_not_trusted(signed):
    stranger = new_school_authority("Ash & Oak School", today=TODAY)

    verdicts = verify_pdf(signed, roots=[root_of(stranger)], moment=SIGNED_ON)

    assert [(one.intact, one.trusted) for one in verdicts] == [(True, False)] * 2
    assert not all_is_well(verdicts)
    assert [one.trusted for one in verify_pdf(signed, roots=[], moment=SIGNED_ON)] == [False, False]


@pytest.mark.parametrize(
    ("moment", "trusted"),
    [(timedelta(days=-2), False), (timedelta(days=365 * 20), True), (timedelta(days=365 * 26), False)],
)
def test_certificate_holds_for_decades_and_not_for_ever(once, authority, moment, trusted):
    when = datetime(2026, 6, 20, tzinfo=UTC) + moment

    assert [one.trusted for one in verify_pdf(once, roots=[root_of(authority)], moment=when)] == [trusted]


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


@pytest.mark.slow
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
def test_every_byte_of_the_last_signature_and_many_others_are_guarded(signed, authority, soak):
    """All of them in the full proof, a sample otherwise: each is a whole verification."""
    start, stop = place_of(signed, 1)
    written = start + len(signed[start : stop - 1].rstrip(b"0"))
    signature, anywhere = range(start, written + 4), random.Random(8).sample(range(len(signed)), 400)
    positions = [*signature, *anywhere] if soak else [*random.Random(9).sample(signature, 15), *anywhere[:10]]

    assert unnoticed(signed, authority, positions) == []


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
    verdicts = verify_pdf(updated(signed, change), roots=[root_of(authority)], moment=SIGNED_ON)

    assert [(one.intact, one.unchanged_since) for one in verdicts] == [(True, False)] * len(verdicts)
    assert verdicts


@pytest.mark.parametrize("tail", [b"\n", b"% a comment\n", b"%PDF-1.7\n"])
def test_bytes_after_the_end_are_found(signed, authority, tail):
    assert not believed(signed + tail, authority)


def test_a_third_signature_by_a_stranger_is_found(prepared, authority):
    three = sign_pdf(prepared, HEAD, authority=authority)
    forged = sign_pdf(three, CHAIR, authority=new_school_authority("Ash & Oak School", today=TODAY))

    head, chair = verify_pdf(forged, roots=[root_of(authority)], moment=SIGNED_ON)

    assert (head.holds, chair.trusted, believed(forged, authority)) == (True, False, False)


def test_signing_a_changed_file_does_not_mend_it(once, authority):
    mended = sign_pdf(updated(once, write_over_page), CHAIR, authority=authority)

    head, _ = verify_pdf(mended, roots=[root_of(authority)], moment=SIGNED_ON)

    assert (head.intact, head.unchanged_since, believed(mended, authority)) == (True, False, False)
