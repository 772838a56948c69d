"""The certificates that a school signs with, or once signed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from policies.models import SigningAuthority
from schools.models import School

WARN_DAYS = 60
"""So many days before a certificate ends, those who set the school up are told."""


@dataclass(frozen=True)
class Certificate:
    """One of them, as people read it."""

    subject: str
    issuer: str
    starts: date
    ends: date
    fingerprint: str
    is_own: bool
    since: datetime
    ended_at: datetime | None
    today: date

    @property
    def is_over(self) -> bool:
        """Whether it cannot sign any more."""
        return self.ends <= self.today

    @property
    def ends_soon(self) -> bool:
        """Whether another one should be brought now."""
        return not self.is_over and self.ends <= self.today + timedelta(days=WARN_DAYS)


def certificates(school: School) -> list[Certificate]:
    """What the school signs with first, then the earlier ones, newest first."""
    kept = SigningAuthority.objects.filter(school=school).defer("key")
    rows = sorted(kept, key=lambda one: (one.ended_at is not None, -one.created_at.timestamp()))
    return [_certificate(one) for one in rows]


def certificate_ends(school: School) -> date | None:
    """The day on which the certificate in use ends, when that is near or past; None otherwise."""
    kept = SigningAuthority.objects.filter(school=school, ended_at=None, is_own=True).defer("key").first()
    one = _certificate(kept) if kept else None
    return one.ends if one and (one.is_over or one.ends_soon) else None


def _certificate(kept: SigningAuthority) -> Certificate:
    from policies.signing.own import certificate_facts  # noqa: PLC0415 - 30 MB that few processes should load

    facts = certificate_facts(kept.certificate.encode())
    return Certificate(
        subject=facts.subject,
        issuer=facts.issuer,
        starts=timezone.localdate(facts.starts),
        ends=timezone.localdate(facts.ends),
        fingerprint=facts.fingerprint,
        is_own=kept.is_own,
        since=kept.created_at,
        ended_at=kept.ended_at,
        today=timezone.localdate(),
    )
