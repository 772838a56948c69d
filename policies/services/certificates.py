"""Which certificate a school signs with: one that PolicyHub makes, or its own. Earlier ones stay, to check what they signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from core.errors import Conflict, DomainError
from policies.models import SigningAuthority
from schools.enums import Permission
from schools.models import School
from schools.permissions import check_actor

if TYPE_CHECKING:
    from policies.signing import Authority

LARGEST = 256 * 1024
LARGEST_TEXT = "256 KB"
ENDED = "The school's signing certificate ended on {day}. Bring a new one, or let PolicyHub make one, under Set-up."
NOBODY_ELSE = "Somebody else changed the certificate at the same moment. Look at what holds now."


def authority_of(school: School) -> Authority:
    """The school's certificate and key, made the first time somebody signs. Raises DomainError once it has ended."""
    from policies.signing import Authority, certificate_facts  # noqa: PLC0415 - as in services.signing

    kept = _in_use(school) or _make_authority(school)
    found = Authority(certificate_pem=kept.certificate.encode(), private_key_pem=str(kept.key).encode())
    ends = certificate_facts(found.certificate_pem).ends
    if ends <= timezone.now():
        raise DomainError(ENDED.format(day=f"{ends.day} {ends:%B %Y}"))
    return found


def bring_certificate(school: School, data: bytes, password: str, *, by: Actor) -> SigningAuthority:
    """Signs from now on with the certificate of a PKCS#12 file. Raises DomainError with what is wrong with it.

    The file and its password are not kept; the key is, sealed.
    """
    from policies.signing import open_apart  # noqa: PLC0415 - as in services.signing

    check_actor(by, Permission.SETTINGS_MANAGE, school.pk)
    if not 0 < len(data) <= LARGEST:
        raise DomainError(f"Choose the certificate file (.p12 or .pfx), which has at most {LARGEST_TEXT}.")
    opened = open_apart(data, password, moment=timezone.now())
    certificate = opened.certificate_pem.decode()
    before = _in_use(school)
    if before and before.certificate == certificate:
        raise DomainError("The school signs with this certificate already.")
    return _replace(school, opened, is_own=True, by=by)


def make_certificate(school: School, *, by: Actor) -> SigningAuthority:
    """Signs from now on with a certificate that PolicyHub makes."""
    from policies.signing import new_school_authority  # noqa: PLC0415 - as in services.signing

    check_actor(by, Permission.SETTINGS_MANAGE, school.pk)
    made = new_school_authority(school.name, today=timezone.localdate())
    return _replace(school, made, is_own=False, by=by)


def _replace(school: School, authority: Authority, *, is_own: bool, by: Actor) -> SigningAuthority:
    from policies.signing import certificate_facts  # noqa: PLC0415 - as in services.signing

    fingerprint = certificate_facts(authority.certificate_pem).fingerprint
    kept = SigningAuthority(
        school=school,
        certificate=authority.certificate_pem.decode(),
        key=authority.private_key_pem.decode(),
        is_own=is_own,
    )
    try:
        with transaction.atomic():
            SigningAuthority.objects.filter(school=school, ended_at=None).update(ended_at=timezone.now())
            kept.save(force_insert=True)
            changes: dict[str, list[object]] = {"is_own": [None, is_own], "fingerprint": [None, fingerprint]}
            audit.record("signing_key.replaced", by=by, school_id=school.pk, target=kept, changes=changes)
    except IntegrityError as error:
        raise Conflict(NOBODY_ELSE) from error
    return kept


def _in_use(school: School) -> SigningAuthority | None:
    return SigningAuthority.objects.filter(school=school, ended_at=None).first()


def _make_authority(school: School) -> SigningAuthority:
    from policies.signing import new_school_authority  # noqa: PLC0415 - as in services.signing

    made = new_school_authority(school.name, today=timezone.localdate())
    kept = SigningAuthority(
        school=school, certificate=made.certificate_pem.decode(), key=made.private_key_pem.decode()
    )
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
            audit.record("signing_key.made", by=audit.Job("signing"), school_id=school.pk, target=kept)
    except IntegrityError:
        return SigningAuthority.objects.get(school=school, ended_at=None)
    return kept
