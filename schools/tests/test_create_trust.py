"""Making a trust from the command line."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core import scope
from core.models import AuditEvent, OutgoingMail
from schools.models import School, Trust, TrustAppointment, User
from schools.tests.factories import PASSWORD, make_school, make_user, sign_in

pytestmark = pytest.mark.django_db


def create(*schools: School, email: str = "lead@saltmere.example") -> str:
    said, slugs = StringIO(), [school.slug for school in schools]
    call_command(
        "create_trust", "Saltmere Trust", "saltmere", schools=slugs, lead=email, lead_name="Ada Bell", stdout=said
    )  # fmt: skip
    return said.getvalue()


@pytest.mark.requirement("R043")
def test_a_new_lead_chooses_a_password_and_sees_the_trust_and_no_school(school, other_school):
    link = create(school, other_school).split()[-1].removeprefix(settings.PUBLIC_URL)
    client = Client()
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})

    lead = User.objects.get(email="lead@saltmere.example")
    assert (lead.name, lead.check_password(PASSWORD)) == ("Ada Bell", True)
    client = sign_in(lead)
    assert client.get("/").headers["Location"] == "/trusts/saltmere/"
    assert school.name in client.get("/trusts/saltmere/").content.decode()
    assert client.get(school.get_absolute_url()).status_code == 404


def test_each_school_records_that_it_joined_and_who_leads(school, other_school):
    create(school, other_school)

    for one in (school, other_school):
        with scope.acting(schools=[one.pk]):
            found = AuditEvent.objects.filter(school_id=one.pk, actor_id="job:create_trust").order_by("seq")
            assert [e.action for e in found] == ["school.joined_trust", "trust_lead.given"]
        one.refresh_from_db()
        assert one.trust.slug == "saltmere"


def test_a_lead_with_an_account_keeps_it_and_no_link_is_printed(school):
    user = make_user()

    said = create(school, email=user.email.upper())

    assert "password" not in said
    assert TrustAppointment.objects.get().user == user
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_what_is_taken_unknown_or_no_address_is_refused_and_nothing_is_made(school):
    create(school)

    with pytest.raises(CommandError, match="a trust saltmere already"):
        create(make_school(), email="new@saltmere.example")
    Trust.objects.filter(slug="saltmere").update(slug="other")
    with pytest.raises(CommandError, match=f"{school.slug} belongs to a trust already"):
        create(make_school(), school, email="new@saltmere.example")
    with pytest.raises(CommandError, match="no school elsewhere"):
        create(School(slug="elsewhere"))
    with pytest.raises(CommandError, match="Nothing was made"):
        create(make_school(), email="not an address")

    assert (Trust.objects.count(), TrustAppointment.objects.count(), User.objects.count()) == (1, 1, 1)


def test_a_lead_who_belongs_to_no_school_is_mailed_a_new_password(school, other_school):
    create(school, other_school)

    Client().post(reverse("account_reset_password"), {"email": "lead@saltmere.example"})

    owed = OutgoingMail.objects.filter(recipient="lead@saltmere.example").values_list("template", flat=True)
    assert list(owed) == ["schools/password_reset"]
