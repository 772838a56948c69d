"""The page of a trust: every school's standing, nobody's words, and nobody else's trust."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import scope
from policies.models import PolicyVersion
from policies.tests.factories import make_in_force
from reports.tests.factories import SUMMARY, make_draft, make_published, make_term
from schools.enums import Role
from schools.models import Trust, TrustAppointment
from schools.tests.factories import make_member, make_school, make_user, sign_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make_trust(*, schools: int = 2, name: str = "Saltmere Trust") -> Trust:
    """A trust with schools, the first of which has a policy overdue and a published report."""
    trust = Trust.objects.create(name=name, slug=name.split()[0].lower())
    for number in range(schools):
        school = make_school(f"{name} school {number}", trust=trust)
        with scope.acting(schools=[school.pk]):
            dsl = make_member(school, Role.DSL)
            version = make_in_force(school, f"Phones {number}")
            report = (make_draft if number else make_published)(dsl, make_term(school, f"Autumn {number}"))
            assert report.summary == SUMMARY
            if not number:
                PolicyVersion.objects.filter(pk=version.pk).update(
                    in_force_from=date(2025, 1, 1), next_review="2026-01", next_review_on=date(2026, 1, 31)
                )
    return trust


def lead(trust: Trust, **dates: date) -> Client:
    user = make_user()
    TrustAppointment.objects.create(trust=trust, user=user, **{"starts_on": date(2025, 1, 1), **dates})
    return sign_in(user, factor_minutes_ago=None)


def test_a_trust_lead_starts_on_the_page_of_the_trust(time_machine):
    time_machine.move_to("2026-11-21T12:00+00:00")
    trust = make_trust()
    make_school("Elsewhere School")
    client = lead(trust)

    assert client.get("/").headers["Location"] == trust.get_absolute_url()
    page = client.get(trust.get_absolute_url()).content.decode()

    told = ["1 overdue", "None overdue", "Autumn 0", "Published", "Autumn 1", "Not published", "Phones 0,"]
    assert [text for text in told if text not in page] == []
    assert [text for text in (SUMMARY, "Elsewhere", "Phones 1,") if text in page] == []


@pytest.mark.requirement("R043")
def test_nobody_else_sees_it_and_the_lead_sees_no_school_from_inside():
    trust, other = make_trust(), make_trust(schools=1, name="Fernhollow Trust")
    school, today = trust.schools.first(), timezone.localdate()
    address = trust.get_absolute_url()
    others = [
        lead(other), lead(trust, ends_on=today - DAY), lead(trust, starts_on=today + DAY), sign_in(make_user()),
        sign_in(make_member(school, Role.HEADTEACHER).user),
    ]  # fmt: skip

    assert [client.get(address).status_code for client in others] == [404] * 5
    assert lead(trust).get(school.get_absolute_url()).status_code == 404
    assert Client().get(address).headers["Location"].startswith("/accounts/login/")
    assert lead(trust).post(address).status_code == 405


def test_many_schools_take_the_same_queries(django_assert_num_queries, django_assert_max_num_queries):
    few, many = make_trust(schools=1), make_trust(schools=6, name="Many Trust")
    first, second = lead(few), lead(many)
    with django_assert_max_num_queries(15) as counted:
        first.get(few.get_absolute_url())
    with django_assert_num_queries(len(counted.captured_queries)):
        second.get(many.get_absolute_url())
