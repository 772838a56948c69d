"""Signatures on paper: the scan takes the place of signatures in the PDF, and the other way round."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, InvalidTransition, PermissionRefused, WrongValue
from core.models import AuditEvent
from policies import selectors, services
from policies.models import PaperSignature
from policies.services import OnPaper
from policies.tests.factories import SCAN, make_draft, make_ratified
from schools.enums import Role
from schools.tests.factories import make_member, make_school, sign_in

SIGNED = {"head": "Ada Hart", "chair": "Rosa Lind", "on": date(2026, 10, 14)}
SCRIPT = b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (x) >> >> endobj\n"


@pytest.fixture
def clerk(school):
    return make_member(school, Role.CLERK)


@pytest.fixture
def version(school):
    return make_ratified(school)


def test_the_scan_stands_for_both_signatures(school, version, clerk):
    head = make_member(school, Role.HEADTEACHER)
    assert [one.pk for one in selectors.to_sign(head)] == [version.pk]

    services.attach_paper(version, SCAN, by=clerk, given=OnPaper(**SIGNED))

    assert "It can be signed" not in sign_in(clerk.user).get(version.get_absolute_url()).content.decode()
    assert selectors.to_sign(head) == []
    with pytest.raises(InvalidTransition, match="signed on paper"):
        services.sign_version(version, by=head)
    page = sign_in(make_member(school, Role.CHAIR).user).get(version.get_absolute_url()).content.decode()
    assert all(name in page for name in ("Ada Hart", "Rosa Lind", "14 October 2026"))
    assert AuditEvent.objects.filter(action="policy_version.paper_attached", school_id=school.pk).count() == 1


def test_a_better_scan_takes_the_place_of_the_first(version, clerk):
    first = services.attach_paper(version, SCAN, by=clerk, given=OnPaper(**SIGNED))
    with pytest.raises(Conflict, match="signed by Ada Hart and Rosa Lind"):
        services.attach_paper(version, SCAN, by=clerk, given=OnPaper(**SIGNED))
    services.attach_paper(
        version, SCAN + b"\n", by=clerk, seen=first.updated_at.isoformat(), given=OnPaper(**SIGNED)
    )

    assert bytes(PaperSignature.objects.get().content) == SCAN + b"\n"


@pytest.mark.slow
def test_what_is_signed_here_is_signed_here_throughout(school, version, clerk):
    services.sign_version(version, by=make_member(school, Role.HEADTEACHER))

    with pytest.raises(InvalidTransition, match="Sign it here throughout"):
        services.attach_paper(version, SCAN, by=clerk, given=OnPaper(**SIGNED))


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"", "empty"), (b"GIF89a", "no PDF"), (SCRIPT, "runs by itself")],
)
def test_a_file_that_is_no_plain_scan_is_refused(version, clerk, data, told):
    with pytest.raises(WrongValue, match=told):
        services.attach_paper(version, data, by=clerk, given=OnPaper(**SIGNED))
    assert not PaperSignature.objects.exists()


def test_only_a_ratified_version_on_a_day_that_can_be(school, version, clerk):
    for day in (timezone.localdate() + timedelta(days=1), date(2026, 10, 11)):
        with pytest.raises(WrongValue):
            services.attach_paper(version, SCAN, by=clerk, given=OnPaper(**{**SIGNED, "on": day}))
    with pytest.raises(InvalidTransition):
        services.attach_paper(make_draft(school, "Another"), SCAN, by=clerk, given=OnPaper(**SIGNED))
    with pytest.raises(PermissionRefused):
        services.attach_paper(version, SCAN, by=make_member(school, Role.DSL), given=OnPaper(**SIGNED))
    with pytest.raises(PermissionRefused):
        services.attach_paper(
            version, SCAN, by=make_member(make_school("other"), Role.CLERK), given=OnPaper(**SIGNED)
        )


def test_it_is_attached_on_the_page_and_leaves_as_a_download(school, version, clerk):
    client = sign_in(clerk.user)
    url = reverse("policies:version_paper_signed", args=[school.slug, version.pk])
    typed = {"head": "Ada Hart", "chair": "Rosa Lind", "on": "2026-10-14"}

    wrong = client.post(url, {**typed, "file": SimpleUploadedFile("a.pdf", b"GIF89a")})
    assert "This is no PDF" in wrong.content.decode()
    assert "Rosa Lind" in wrong.content.decode()
    client.post(url, {**typed, "file": SimpleUploadedFile("a.pdf", SCAN)})

    answer = client.get(reverse("policies:paper_download", args=[school.slug, version.pk]))
    assert (answer.content, answer["Content-Disposition"][:10]) == (SCAN, "attachment")


def test_another_mistake_does_not_hide_that_somebody_attached_a_scan_meanwhile(school, version, clerk):
    client, url = (
        sign_in(clerk.user),
        reverse("policies:version_paper_signed", args=[school.slug, version.pk]),
    )
    sent = {"head": "Ada Hart", "chair": "Rosa Lind", "on": "2026-10-14"}
    services.attach_paper(version, SCAN, OnPaper(**SIGNED), by=clerk)

    wrong = client.post(url, {**sent, "seen": "", "file": SimpleUploadedFile("a.pdf", b"GIF89a")})
    seen = wrong.context["form"]["seen"].value()
    told = client.post(url, {**sent, "seen": seen, "file": SimpleUploadedFile("a.pdf", SCAN + b"\n")})
    seen = told.context["form"]["seen"].value()
    client.post(url, {**sent, "seen": seen, "file": SimpleUploadedFile("a.pdf", SCAN + b"\n")})

    assert "Somebody else attached a scan meanwhile" in told.content.decode()
    assert bytes(PaperSignature.objects.get().content) == SCAN + b"\n"
