"""What a record keeps about place, service, images and wishes, and that none of it changes who responds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from incidents.enums import Audience, Place
from incidents.models import Concern
from incidents.tests.factories import mails, make_concern, make_open
from incidents.tests.pages import ENTRY, url
from schools import services
from schools.enums import Role
from schools.tests.factories import TESTS, make_member

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R219")
@pytest.mark.parametrize("place", Place.values)
def test_wherever_it_happened_the_same_people_respond_in_the_same_time(school, place):
    dsl = make_member(school, Role.DSL)
    here, there = make_concern(school), make_concern(school, place=place, service="Chat")
    assert there.audience == here.audience
    assert abs(there.due_at - here.due_at) < timedelta(minutes=1)
    assert (mails("concern_logged"), Concern.objects.get(pk=there.pk).place) == ([dsl.user.email] * 2, place)


@pytest.mark.requirement("R231")
def test_every_concern_that_may_involve_an_image_goes_to_the_leads(school):
    leads = [make_member(school, role) for role in (Role.DSL, Role.DEPUTY_DSL)]
    make_member(school, Role.HEADTEACHER)
    concern = make_concern(school, may_involve_imagery=True)
    assert (concern.audience, mails("concern_logged")) == (
        Audience.SAFEGUARDING,
        sorted(one.user.email for one in leads),
    )


@pytest.mark.requirement("R014")
def test_the_kinds_of_online_service_are_the_schools_own_list(school, signed_in):
    services.set_rule(school, "service_kinds", "Messenger\nVideo site", by=TESTS)
    client, form = (
        signed_in(make_member(school, Role.STAFF)),
        reverse("incidents:concern_create", args=[school.slug]),
    )
    offered = [value for value, _ in client.get(form).context["form"].fields["service"].choices]
    sent = {
        "people": ["unsure"],
        "happened_at": "2026-01-05T10:30",
        "place": "online",
        "narrative": "A message.",
    }
    for service in ("Blog", "Video site"):
        client.post(form, {**sent, "service": service})
    assert (offered, Concern.objects.get().service) == (["", "Messenger", "Video site"], "Video site")


@pytest.mark.requirement("R220")
def test_what_the_child_wishes_has_an_entry_of_its_own(school, signed_in):
    dsl = make_member(school, Role.DSL)
    concern, client = make_open(school, dsl), signed_in(dsl)
    wish = {**ENTRY, "kind": "wishes", "text": "Robin wants to tell his aunt himself.", "version": "1"}
    client.post(url(school, "concern_entry", concern.pk), wish)
    told = client.get(concern.get_absolute_url()).context["story"]
    assert [one["text"] for one in told if one["kind"] == "The child's wishes"] == [wish["text"]]
