"""From a ratified version to a PDF that headteacher and chair signed, and what can be said of it afterwards."""

from __future__ import annotations

import html
import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from core import pdf
from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused
from core.models import AuditEvent
from policies import services
from policies.models import SignedDocument, SigningAuthority
from policies.tasks import prepare_document
from policies.tests.factories import make_draft, make_in_force, make_ratified
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = pytest.mark.slow


@pytest.fixture
def head(school):
    return make_member(school, Role.HEADTEACHER, name="Ada Hart")


@pytest.fixture
def chair(school):
    return make_member(school, Role.CHAIR, name="Bo Prewett")


@pytest.fixture
def signed(school, head, chair):
    version = make_in_force(school)
    for member in (head, chair):
        services.sign_version(version, by=member)
    return SignedDocument.objects.get(version=version)


def answer(tmp_path, pdf: bytes):
    (tmp_path / "a.pdf").write_bytes(pdf)
    out = io.StringIO()
    try:
        call_command("verify_pdf", str(tmp_path / "a.pdf"), "--json", stdout=out)
    except SystemExit as end:
        return end.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.mark.any_database
@pytest.mark.requirement("R004")
def test_a_signed_pdf_says_who_signed_and_which_version_it_is(signed, tmp_path):
    code, found = answer(tmp_path, bytes(signed.pdf))

    assert code == 0
    assert [(one["signer_name"], one["post"]) for one in found["signatures"]] == [
        ("Ada Hart", "Headteacher"),
        ("Bo Prewett", "Chair of governors"),
    ]
    assert (found["whole"], found["title"], found["version"], found["state"]) == (
        True,
        "Phones and devices",
        "1",
        "In force",
    )


@pytest.mark.any_database
def test_one_changed_byte_is_found(signed, tmp_path):
    pdf = bytearray(signed.pdf)
    pdf[len(pdf) // 3] ^= 1

    code, found = answer(tmp_path, bytes(pdf))

    assert (code, found["whole"], found["title"]) == (1, False, "")


def test_signing_leaves_an_entry_and_the_digest_of_each_file(signed, head, chair):
    entries = AuditEvent.objects.filter(action="policy_version.signed").order_by("seq")

    assert [entry.actor_id for entry in entries] == [head.actor_id, chair.actor_id]
    assert [one.position for one in signed.signatures.all()] == [0, 1]
    assert signed.signatures.last().sha256 == signed.sha256


def test_the_pdf_is_made_once(school):
    version = make_ratified(school)

    first, second = services.ensure_document(version), services.ensure_document(version)

    assert (first.pk, first.sha256) == (second.pk, second.sha256)


def test_the_chair_does_not_sign_before_the_head(school, chair):
    with pytest.raises(PermissionRefused, match="The headteacher signs first"):
        services.sign_version(make_ratified(school), by=chair)


def test_nobody_signs_twice_and_nobody_signs_a_draft(school, head):
    version = make_ratified(school)
    services.sign_version(version, by=head)

    with pytest.raises(DomainError, match="You have signed this version already"):
        services.sign_version(version, by=head)
    with pytest.raises(InvalidTransition):
        services.sign_version(make_draft(school, "Other"), by=head)


def test_who_saw_an_older_state_is_told_who_signed(school, head):
    version = make_ratified(school)
    services.sign_version(version, by=head)

    with pytest.raises(Conflict, match="Ada Hart signed first"):
        services.sign_version(version, by=make_member(school, Role.HEAD_OF_SCHOOL), after=0)


def test_the_schools_key_is_sealed_and_made_once(school, signed):
    kept = SigningAuthority.objects.get()

    raw = bytes(SigningAuthority.objects.extra(select={"raw": "key"}).values_list("raw", flat=True)[0])
    assert b"PRIVATE KEY" not in raw
    assert "PRIVATE KEY" in kept.key


@pytest.mark.requirement("R004")
def test_the_signed_pdf_is_downloaded_by_a_reader_and_signing_asks_for_the_second_factor(
    school, signed_in, signed
):
    teacher = signed_in(make_member(school, Role.STAFF))
    url = reverse("policies:document_download", args=[school.slug, signed.version_id])
    stale = signed_in(make_member(school, Role.HEAD_OF_SCHOOL), factor_minutes_ago=60)

    response = teacher.get(url)
    asked = stale.get(reverse("policies:version_sign", args=[school.slug, signed.version_id]))

    assert response.content == bytes(signed.pdf)
    assert response["Content-Disposition"] == 'attachment; filename="phones-and-devices-version-1.pdf"'
    assert (asked.status_code, asked.url.split("?")[0]) == (302, reverse("mfa_reauthenticate"))


def test_a_text_that_is_too_much_for_a_pdf_is_said_to_whoever_signs(
    school, signed_in, head, monkeypatch, caplog
):
    version = make_ratified(school)
    monkeypatch.setattr(pdf, "MAX_HTML_BYTES", 10)

    prepare_document(school_id=str(school.pk), version_id=str(version.pk))
    page = signed_in(head).post(
        reverse("policies:version_sign", args=[school.slug, version.pk]), {"signed": 0, "name": "Ada Hart"}
    )

    assert [record.why for record in caplog.records if record.name == "policies.tasks"] == [pdf.TOO_LARGE]
    assert pdf.TOO_LARGE in html.unescape(page.content.decode())
    assert not SignedDocument.objects.exists()
