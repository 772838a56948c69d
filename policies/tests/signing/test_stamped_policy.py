"""A policy signed through the service while a time-stamp server is configured: stamped and found so, or not signed at all."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from policies import selectors, services
from policies.enums import Outcome
from policies.models import Signature, SignedDocument
from policies.signing.sign import NO_TIME_STAMP
from policies.tests.factories import make_ratified
from policies.tests.signing.stamping import stamp_server
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]


@pytest.fixture
def stamps(settings, tmp_path):
    """A server that stamps with a clock of its own, three days ahead, and is believed."""
    moment = timezone.now().replace(microsecond=0) + timedelta(days=3)
    with stamp_server(moment) as server:
        server.moment = moment
        settings.TSA_URL, settings.TSA_CERTIFICATES = server.url, str(tmp_path / "stamps.pem")
        (tmp_path / "stamps.pem").write_bytes(server.certificate)
        yield server


@pytest.mark.requirement("R004")
def test_both_signatures_carry_the_moment_of_the_server(school, settings, stamps):
    version = make_ratified(school)
    for role in (Role.HEADTEACHER, Role.CHAIR):
        services.sign_version(version, by=make_member(school, role))
    pdf = bytes(SignedDocument.objects.get(version=version).pdf)

    found = selectors.verify_document(pdf)
    settings.TSA_CERTIFICATES = ""
    not_believed = selectors.verify_document(pdf)

    assert found.outcome == not_believed.outcome == Outcome.UNCHANGED
    assert [one.time_stamped_at for one in found.signatures] == [stamps.moment] * 2
    assert [one.time_stamped_at for one in not_believed.signatures] == [None] * 2


def test_without_the_server_nothing_is_signed_and_the_page_says_so(school, signed_in, stamps):
    version, head = make_ratified(school), make_member(school, Role.HEADTEACHER, name="Ada Hart")
    address = reverse("policies:version_sign", args=[school.slug, version.pk])
    client, form = signed_in(head), {"signed": 0, "name": "Ada Hart"}

    stamps.broken = b"<html>Sorry</html>"
    page = client.post(address, form)
    tried = (Signature.objects.count(), SignedDocument.objects.get(version=version).signed)
    stamps.broken = None
    again = client.post(address, form)

    assert (page.status_code, NO_TIME_STAMP in html.unescape(page.content.decode())) == (200, True)
    assert tried == (0, 0)
    assert (again.status_code, Signature.objects.get().name) == (302, "Ada Hart")
