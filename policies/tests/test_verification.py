"""What is said of a PDF that anybody brings: by command, on the public page, and where its code leads."""

from __future__ import annotations

import io
import re
import subprocess
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from core import scope
from core.pdf import render_html_to_pdf
from policies import services
from policies.enums import Outcome
from policies.models import SignedDocument, SourceFile
from policies.selectors import verification, verify_document
from policies.signing import SigningAct, apart, new_school_authority, prepare_for_signing, sign_pdf
from policies.tests.factories import TESTS, make_in_force, make_ratified
from policies.tests.signing.builders import CHAIR, FIELDS, HEAD, HTML, TODAY
from schools.enums import Role
from schools.tests.factories import make_member, make_school

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture(scope="module")
def made(db_of_module):
    """A version that two people signed, and its school."""
    school = make_school()
    with scope.acting(schools=[school.pk]):
        version = make_in_force(school)
        services.sign_version(version, by=make_member(school, Role.HEADTEACHER, name="Ada Hart"))
        services.sign_version(version, by=make_member(school, Role.CHAIR, name="Bo Prewett"))
    return version.pk, school


@pytest.fixture
def school(made, db):
    with scope.acting(schools=[made[1].pk]):
        yield made[1]


@pytest.fixture
def signed(made, school):
    return SignedDocument.objects.select_related("version").get(version=made[0])


@pytest.fixture(scope="module")
def foreign():
    plain = prepare_for_signing(render_html_to_pdf(HTML, title="Mobile phones", dated=TODAY), FIELDS)
    authority = new_school_authority("Somewhere else", today=TODAY)
    return sign_pdf(sign_pdf(plain, HEAD, authority=authority), CHAIR, authority=authority)


def page_of(client, pdf: bytes, name="a.pdf"):
    return client.post(reverse("pdf_check"), {"file": SimpleUploadedFile(name, pdf)})


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def command(tmp_path, data: bytes) -> tuple[int, str, str]:
    (tmp_path / "a.pdf").write_bytes(data)
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_pdf", str(tmp_path / "a.pdf"), stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.requirement("R004")
def test_anybody_learns_who_signed_a_pdf_when_and_that_it_is_in_force(client, school, signed):
    text = words(page_of(client, bytes(signed.pdf)))

    assert Outcome.UNCHANGED.label in text
    assert f"{school.name} , version 1" in text.replace(f"{school.name},", f"{school.name} ,")
    assert "It is in force since" in text
    for name, post in (("Ada Hart", "Headteacher"), ("Bo Prewett", "Chair of governors")):
        assert re.search(rf"{name} , {post}, \d+ \w+ 20\d\d, \d\d:\d\d Holds", text)


def test_a_superseded_version_says_which_is_in_force(client, signed, school, tmp_path):
    make_in_force(school, policy=signed.version.policy, on="2026-11-02")

    text = words(page_of(client, bytes(signed.pdf)))
    code, out, _ = command(tmp_path, bytes(signed.pdf))

    assert "It was superseded on" in text
    assert "is not in force. Version 2 is in force." in text
    assert (code, "Version 2 is in force." in out) == (0, True)


def one_byte(pdf: bytes) -> bytes:
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    return bytes(changed)


@pytest.mark.any_database
@pytest.mark.requirement("R004")
@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (one_byte, Outcome.CHANGED),
        (lambda pdf: pdf + b"\n% a remark\n", Outcome.ADDED),
    ],
)
def test_a_changed_file_is_no_version_of_ours_any_more(client, signed, tmp_path, change, outcome):
    changed = change(bytes(signed.pdf))

    text = words(page_of(client, changed))
    code, out, _ = command(tmp_path, changed)

    assert (code, outcome.label in out, outcome.label in text) == (1, True, True)
    assert signed.version.title not in text
    assert "in force" not in text.replace("whether it is still in force", "")


@pytest.mark.any_database
def test_a_pdf_of_somebody_else_is_not_taken_for_ours(client, foreign, signed, tmp_path):
    code, out, _ = command(tmp_path, foreign)

    assert (code, Outcome.UNKNOWN.label in out) == (1, True)
    assert "Key not known here" in words(page_of(client, foreign))


@pytest.mark.any_database
def test_a_pdf_without_signature_says_so(client, tmp_path):
    plain = render_html_to_pdf(HTML, title="Plain", dated=TODAY)

    assert command(tmp_path, plain)[:2] == (1, f"{Outcome.UNSIGNED.label}\n")
    assert Outcome.UNSIGNED.label in words(page_of(client, plain))


def test_a_certificate_longer_than_a_database_compares_is_nobodys(db):
    assert verification._school_that_signs_with(["", "x" * 60_000]) is None


def test_a_file_signed_with_the_schools_key_but_never_kept_is_not_believed(school, signed):
    plain = prepare_for_signing(render_html_to_pdf(HTML, title="Forged", dated=TODAY), FIELDS)
    act = SigningAct("head", "Ada Hart", "Headteacher", signed.rendered_at, certify=True)
    forged = sign_pdf(plain, act, authority=services.authority_of(school))

    found = verify_document(forged)

    assert (found.outcome, found.version) == (Outcome.NO_RECORD, None)
    assert [one.holds for one in found.signatures] == [True]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"Just text.", apart.NO_PDF), (b"%PDF-1.7\nrubbish", apart.DAMAGED), (b"", "The file is empty.")],
)
def test_what_cannot_be_read_is_said_in_a_sentence(client, tmp_path, data, sentence):
    code, out, err = command(tmp_path, data)

    assert (code, out) == (2, "")
    assert sentence in err
    assert sentence.split(".")[0] in words(page_of(client, data))


@pytest.mark.any_database
def test_a_file_that_takes_too_long_is_given_up(client, signed, monkeypatch):
    def never(*_args, timeout, **_kwargs):
        raise subprocess.TimeoutExpired("python", timeout)

    monkeypatch.setattr(apart.subprocess, "run", never)

    assert "takes too long to check" in words(page_of(client, bytes(signed.pdf)))


@pytest.mark.any_database
def test_a_file_that_loops_ends_with_its_process(monkeypatch, tmp_path):
    monkeypatch.setattr(apart, "WALL_SECONDS", 1)
    (tmp_path / "child.py").write_text("while True: pass")
    monkeypatch.setattr(apart, "_CHILD", tmp_path / "child.py")

    with pytest.raises(apart.DomainError, match="too long"):
        verify_document(b"%PDF-1.7")


@pytest.mark.any_database
def test_a_large_file_is_refused_before_it_is_read(client):
    assert "larger than 20 MB" in words(page_of(client, b"%PDF-" + bytes(20 * 1024 * 1024)))


def test_the_page_keeps_nothing_sets_no_cookie_and_counts(client, signed):
    url = reverse("pdf_check")
    first, posted = client.get(url), page_of(client, b"%PDF-1.7")

    assert (first.status_code, first.cookies, posted.cookies) == (200, {}, {})
    assert not SourceFile.objects.filter(sha256__startswith="").exclude(pk=signed.version.source_id).exists()
    codes = [page_of(client, b"Just text.").status_code for _ in range(10)]
    assert codes == [200] * 9 + [429]


# --- Where the code on a PDF leads ------------------------------------------------------------------------------------


@pytest.mark.requirement("R004")
def test_the_code_on_a_pdf_leads_to_its_version(client, school, signed):
    page = client.get(reverse("document_check", args=[signed.pk]))

    assert (page.status_code, page.cookies, page["X-Robots-Tag"]) == (200, {}, "noindex")
    assert "Phones and devices" in words(page)
    assert "Ada Hart , Headteacher" in words(page)
    assert "It is in force since" in words(page)


def test_an_unsigned_document_and_a_wrong_address_are_the_same_404(client, school):
    document = services.ensure_document(make_ratified(school))

    unsigned = client.get(reverse("document_check", args=[document.pk]))
    wrong = client.get(reverse("document_check", args=[uuid4()]))

    assert (unsigned.status_code, wrong.status_code) == (404, 404)
    assert b"Phones and devices" not in unsigned.content


def test_the_address_of_a_version_is_no_address_of_its_check(client, signed):
    assert client.get(reverse("document_check", args=[signed.version_id])).status_code == 404


def test_a_withdrawn_version_says_so(client, signed):
    services.withdraw_version(signed.version, by=TESTS, reason="A reason of our own")

    text = words(client.get(reverse("document_check", args=[signed.pk])))

    assert "It was withdrawn on" in text
    assert "A reason of our own" not in text


@pytest.mark.any_database
@pytest.mark.requirement("R004")
def test_the_pdf_carries_the_code_of_its_own_check_page(settings, signed):
    address = f"{settings.PUBLIC_URL}{reverse('document_check', args=[signed.pk])}"

    read = pypdfium2.PdfDocument(bytes(signed.pdf))
    text = "".join(page.get_textpage().get_text_range() for page in read)
    links = [
        str(one) for page in pikepdf.open(io.BytesIO(bytes(signed.pdf))).pages for one in page_links(page)
    ]

    assert address in text.replace("\r", "").replace("\n", "")
    assert set(links) == {address}


def page_links(page) -> list[object]:
    return [one["/A"]["/URI"] for one in page.get("/Annots", []) if "/URI" in one.get("/A", {})]
