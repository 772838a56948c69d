"""From a file to an acknowledged policy, as people do it in the browser, without one."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from policies.models import PolicyVersion
from policies.tests.factories import TEXT, typed
from schools.enums import Role
from schools.tests.factories import make_member


@pytest.mark.requirement("R001", "R002", "R004", "R023")
def test_a_file_becomes_a_policy_that_is_ratified_and_acknowledged(school, signed_in):
    head = signed_in(make_member(school, Role.HEADTEACHER))
    teacher_member = make_member(school, Role.STAFF)
    teacher = signed_in(teacher_member)

    upload = SimpleUploadedFile("policy.txt", TEXT.encode())
    page = head.post(reverse("policies:document_upload", args=[school.slug]), {"file": upload}, follow=True)
    page = head.post(page.request["PATH_INFO"], typed(page), follow=True)
    version = PolicyVersion.objects.get()
    assert page.request["PATH_INFO"] == version.get_absolute_url()
    assert (version.state, version.written, version.next_review) == ("draft", "2026-09", "2027-10")
    assert teacher.get(version.get_absolute_url()).status_code == 404

    ratify = reverse("policies:version_ratify", args=[school.slug, version.pk])
    form = head.get(ratify).context["form"]
    head.post(ratify, {**form.initial, "minute_reference": "26/41"})
    version.refresh_from_db()
    assert (version.state, version.ratified, version.ratifying_body) == (
        "ratified",
        "2026-10-12",
        "Governing Body",
    )

    head.post(
        reverse("policies:version_start", args=[school.slug, version.pk]), {"revision": version.revision}
    )
    page = teacher.post(
        reverse("policies:version_acknowledge", args=[school.slug, version.pk]), {"agreed": "on"}, follow=True
    )

    version.refresh_from_db()
    assert version.state == "in_force"
    assert list(version.acknowledgements.values_list("member_id", flat=True)) == [teacher_member.pk]
    assert "Acknowledged" in page.content.decode()
