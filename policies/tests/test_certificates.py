"""A school's own certificate: what is refused, what it signs, and what an earlier one still proves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import audit
from core.errors import DomainError, PermissionRefused
from core.models import AuditEvent
from core.pdf import render_html_to_pdf
from policies import selectors, services
from policies.enums import Outcome
from policies.models import SignedDocument, SigningAuthority
from policies.signing import Authority, own, prepare_for_signing, sign_pdf, verify_pdf
from policies.tests.factories import TESTS, make_ratified
from policies.tests.signing.builders import FIELDS, HEAD
from schools.enums import Role
from schools.tests.factories import make_member, sign_in

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSWORD = "a long password"
USAGE = {"key_encipherment": False, "data_encipherment": False, "key_agreement": False, "key_cert_sign": False,
         "crl_sign": False, "encipher_only": False, "decipher_only": False}  # fmt: skip


@cache
def key_of(name: str, kind: str = "ec") -> Any:
    """The same key for the same name: making RSA keys takes long."""
    sizes = {"rsa": 2048, "weak": 1024}
    return (
        rsa.generate_private_key(65537, sizes[kind])
        if kind in sizes
        else ec.generate_private_key(ec.SECP256R1())
    )


def certify(name: str, by: str, *, key: Any = None, ca: bool = False, days: tuple[int, int] = (-10, 100),
            now: datetime = NOW, signs: bool = True) -> x509.Certificate:  # fmt: skip
    """A certificate of `name`, made by the authority `by`."""
    subject, issuer = (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)]) for one in (name, by))
    usage = x509.KeyUsage(
        digital_signature=signs and not ca, content_commitment=False, **{**USAGE, "key_cert_sign": ca}
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key((key or key_of(name)).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key_of(by), hashes.SHA256())
    )


def packed(certificate: Any, key: Any, *others: Any, password: str = PASSWORD) -> bytes:
    how = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"school", key, certificate, others or None, how)


def file_of(name: str = "Larch School", kind: str = "ec", **what: Any) -> bytes:
    """A good file, but for what is asked."""
    now = what.get("now", NOW)
    root = certify("Root", "Root", ca=True, now=now, days=(-20, 400))
    middle = certify("Middle", "Root", ca=True, now=now, days=(-20, 400))
    key = key_of(name, kind)
    return packed(certify(name, "Middle", key=key, **what), key, root, middle)


def bad_files() -> dict[str, tuple[bytes, str]]:
    root, key = certify("Root", "Root", ca=True), key_of("Larch School")
    return {
        "no file of this kind": (b"%PDF-1.7", own.WRONG),
        "another password": (packed(certify("A", "Root", key=key), key, root, password="other"), own.WRONG),
        "no key": (packed(None, None, root), own.NO_KEY),
        "a short key": (file_of(kind="weak"), own.WEAK),
        "ended": (file_of(days=(-10, -1)), "is valid from 11 November 2026 to 20 November 2026"),
        "to come": (file_of(days=(1, 10)), "cannot be used today"),
        "an authority": (packed(certify("Root", "Root", key=key_of("Root"), ca=True), key_of("Root")), own.AUTHORITY),
        "not for signing": (file_of(signs=False), own.NOT_FOR_SIGNING),
        "no chain": (packed(certify("A", "Middle", key=key), key, root), own.NO_CHAIN),
        "another chain": (packed(certify("A", "Middle", key=key), key, root, certify("Middle", "Other", ca=True)), own.NO_CHAIN),
    }  # fmt: skip


@pytest.mark.parametrize("which", list(bad_files()))
def test_a_file_that_cannot_be_signed_with_is_refused_with_the_reason(which):
    data, why = bad_files()[which]

    with pytest.raises(DomainError) as refused:
        own.open_pkcs12(data, PASSWORD, NOW)

    assert why in str(refused.value)


def test_the_chain_is_put_in_order():
    opened = own.open_pkcs12(file_of(), PASSWORD, NOW)

    names = [own._common(one.subject) for one in x509.load_pem_x509_certificates(opened.certificate_pem)]
    assert names == ["Larch School", "Middle", "Root"]


def test_another_certificate_of_the_same_authority_does_not_sign_for_the_school():
    ours, theirs = (own.open_pkcs12(file_of(name), PASSWORD, NOW) for name in ("Larch School", "Somebody"))
    pdf = prepare_for_signing(render_html_to_pdf("<p>x</p>", title="T"), FIELDS)

    verdicts = [
        verify_pdf(sign_pdf(pdf, HEAD, authority=one), roots=[ours.certificate_pem], moment=NOW)[0]
        for one in (ours, theirs)
    ]

    assert [(one.intact, one.trusted) for one in verdicts] == [(True, True), (True, False)]


def test_an_earlier_certificate_that_stands_alone_does_not_let_others_sign_for_the_school():
    ours, theirs = (own.open_pkcs12(file_of(name), PASSWORD, NOW) for name in ("Larch School", "Somebody"))
    alone = certify("Self", "Self")
    earlier = own.open_pkcs12(packed(alone, key_of("Self")), PASSWORD, NOW)
    pdf = prepare_for_signing(render_html_to_pdf("<p>x</p>", title="T"), FIELDS)
    roots = [earlier.certificate_pem, ours.certificate_pem]

    verdicts = [
        verify_pdf(sign_pdf(pdf, HEAD, authority=one), roots=roots, moment=NOW)[0]
        for one in (earlier, ours, theirs)
    ]

    assert [(one.intact, one.trusted) for one in verdicts] == [(True, True), (True, True), (True, False)]


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.requirement("R004")
@pytest.mark.parametrize("kind", ["ec", pytest.param("rsa", marks=pytest.mark.any_database)])
def test_a_school_signs_with_its_own_certificate_and_earlier_ones_still_prove(school, kind):
    head, now = make_member(school, Role.HEADTEACHER), timezone.now()
    first, second = make_ratified(school), make_ratified(school, "Online safety")
    services.sign_version(first, by=head)

    kept = services.bring_certificate(school, file_of(kind=kind, now=now), PASSWORD, by=head)
    services.sign_version(second, by=head)

    found = [
        selectors.verify_document(bytes(one.pdf)) for one in SignedDocument.objects.order_by("created_at")
    ]
    assert [one.outcome for one in found] == [Outcome.UNCHANGED] * 2
    assert [one.signatures[0].certificate for one in found] == ["Policies: signing key", "Larch School"]
    assert list(SigningAuthority.objects.filter(ended_at=None)) == [kept]
    raw = SigningAuthority.objects.extra(select={"raw": "key"}).filter(pk=kept.pk).values_list("raw", flat=True)  # fmt: skip
    assert b"PRIVATE" not in bytes(raw[0])
    replaced = AuditEvent.objects.get(action="signing_key.replaced", object_id=str(kept.pk))
    in_use = selectors.certificates(school)[0].fingerprint
    assert audit.payload_of(replaced)["changes"] == {"is_own": [None, True], "fingerprint": [None, in_use]}
    with time_machine.travel(now + timedelta(days=200)):
        assert (
            selectors.verify_document(bytes(SignedDocument.objects.get(version=second).pdf)).outcome
            == "unchanged"
        )
        with pytest.raises(DomainError, match="certificate ended on"):
            services.authority_of(school)
        assert [one.what for one in selectors.waiting_for(head)] == ["Sign", "Bring the next"][1:]
        services.make_certificate(school, by=head)
        assert isinstance(services.authority_of(school), Authority)


@pytest.mark.django_db
def test_only_who_sets_the_school_up_brings_a_certificate(school):
    with pytest.raises(PermissionRefused):
        services.bring_certificate(school, file_of(), PASSWORD, by=make_member(school, Role.DSL))


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.slow
def test_the_page_takes_a_file_and_says_what_is_wrong_with_another(school):
    client, url = (
        sign_in(make_member(school, Role.ADMIN).user),
        reverse("policies:certificate", args=[school.slug]),
    )
    good = file_of(now=timezone.now())

    def send(data: bytes, password: str = PASSWORD) -> Any:
        return client.post(url, {"file": SimpleUploadedFile("a.p12", data), "password": password})

    wrong, kept = send(good, "wrong"), send(good)
    again, shown = send(good), client.get(url)

    assert (wrong.status_code, own.WRONG in wrong.content.decode(), kept.status_code) == (200, True, 302)
    assert "signs with this certificate already" in again.content.decode()
    assert (shown.context["current"].subject, shown.context["earlier"]) == ("Larch School", [])
    assert client.post(reverse("policies:certificate_make", args=[school.slug])).url == url
    assert [one.is_own for one in selectors.certificates(school)] == [False, True]


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize(("days", "told"), [(20, True), (100, False)])
def test_who_sets_the_school_up_is_told_before_the_certificate_ends(school, days, told):
    admin = make_member(school, Role.ADMIN)
    services.bring_certificate(school, file_of(now=timezone.now(), days=(-1, days)), PASSWORD, by=TESTS)

    assert [one.title for one in selectors.waiting_for(admin)] == ["signing certificate"] * told
    assert selectors.waiting_for(make_member(school, Role.STAFF)) == []
