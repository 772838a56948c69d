"""Agreements that were entered in error: who may mark them, what becomes of them, and where it is seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.audit import payload_of
from core.errors import Conflict, PermissionRefused, WrongValue
from core.models import AuditEvent
from policies import selectors, services
from policies.models import Acknowledgement, Policy
from policies.tests.factories import TESTS, make_in_force
from schools.enums import Role
from schools.tests.factories import make_learner, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(school: Any) -> Any:
    return make_member(school, Role.STAFF, name="Teacher")


@pytest.fixture
def version(school: Any) -> Any:
    return make_in_force(school, "Acceptable use", audience=["learner"])


@pytest.fixture
def given(school: Any, version: Any, teacher: Any) -> Acknowledgement:
    """A tick for one learner of Heron class."""
    learner = make_learner(school, "Ann", "Ashdown", class_name="Heron")
    services.collect_from_class(version, "Heron", [learner], by=teacher)
    return Acknowledgement.objects.get()


def address(given: Acknowledgement) -> str:
    return reverse("policies:acknowledgement_mistaken", args=[given.school.slug, given.pk])


def readers_page(version: Any) -> str:
    return reverse("policies:version_readers", args=[version.school.slug, version.pk])


@pytest.mark.requirement("R023", "R047")
def test_a_wrong_tick_is_marked_with_the_reason_and_the_learner_is_asked_again(
    school, version, given, teacher, signed_in
):
    client, office = signed_in(teacher), signed_in(make_member(school, Role.OFFICE))
    page = f"{reverse('policies:version_class', args=[school.slug, version.pk])}?class_name=Heron"
    before = client.get(page)

    answer = client.post(address(given), {"reason": "Was away"})
    after, listed = client.get(page), office.get(readers_page(version))

    assert [one["url"] for one in before.context["agreed"]] == [address(given)]
    assert (answer.status_code, after.context["agreed"], after.context["waiting"]) == (302, [], 1)
    assert [(row["cells"][0], row["cells"][2], row["cells"][4]) for row in listed.context["mistaken"]] == [
        ("Ann Ashdown", "Teacher", "Was away")
    ]
    entry = AuditEvent.objects.get(action="acknowledgement.mistaken")
    assert payload_of(entry)["changes"]["reason"] == [None, "Was away"]
    assert services.collect_from_class(version, "Heron", [given.learner], by=teacher) == 1
    assert Acknowledgement.objects.standing_for(version).get().pk != given.pk


def test_who_collected_it_or_keeps_the_records_may_mark_it(school, given, signed_in):
    other, head = make_member(school, Role.STAFF), make_member(school, Role.HEADTEACHER)

    assert signed_in(other).get(address(given)).status_code == 404
    with pytest.raises(PermissionRefused):
        services.mark_mistaken(given, by=other, reason="No")
    with pytest.raises(WrongValue):
        services.mark_mistaken(given, by=head, reason=" ")
    assert services.mark_mistaken(given, by=head, reason="Wrong line").error_by == head
    with pytest.raises(Conflict):
        services.mark_mistaken(given, by=head, reason="Wrong line")


def test_what_somebody_said_for_themselves_is_not_taken_back_for_them(school, teacher):
    own = services.acknowledge_version(make_in_force(school, audience=["staff"]), by=teacher)

    for by in (teacher, make_member(school, Role.HEADTEACHER)):
        with pytest.raises(PermissionRefused):
            services.mark_mistaken(own, by=by, reason="No")


def test_names_of_learners_stay_with_those_who_work_with_them(school, version, given, teacher, signed_in):
    services.mark_mistaken(given, by=teacher, reason="Was away")

    page = signed_in(make_member(school, Role.NAMED_GOVERNOR)).get(readers_page(version))

    assert page.context["mistaken"] == []


def test_a_mistake_says_who_in_the_database(given):
    with pytest.raises(IntegrityError), transaction.atomic():
        Acknowledgement.objects.filter(pk=given.pk).update(error_at=timezone.now())


def test_the_list_asks_as_often_with_thirty_mistakes_as_with_one(school, version, given, teacher, signed_in):
    client, counts = signed_in(make_member(school, Role.OFFICE)), []
    services.mark_mistaken(given, by=teacher, reason="Was away")
    for count in (0, 29):
        more = [make_learner(school, f"Child {one}", class_name="Heron") for one in range(count)]
        if more:
            services.collect_from_class(version, "Heron", more, by=teacher)
        for one in Acknowledgement.objects.given():
            services.mark_mistaken(one, by=teacher, reason="Was away")
        client.get(readers_page(version))
        with CaptureQueriesContext(connection) as asked:
            page = client.get(readers_page(version))
        counts.append(len(asked))

    assert len(page.context["mistaken"]) == 30
    assert counts[0] == counts[1]


# --- Two at once, and oneself -----------------------------------------------------------------------------------------


def test_of_two_who_change_its_readers_the_second_is_told_and_keeps_the_answers(school, signed_in):
    policy = make_in_force(school, audience=["staff"]).policy
    lead = signed_in(make_member(school, Role.DSL))
    page = reverse("policies:policy_audience", args=[school.slug, policy.pk])
    seen = lead.get(page).context["form"].initial["revision"]
    services.set_audience(policy, by=TESTS, audience=["governor"])
    sent = {
        "owner_role": "dsl",
        "groups": ["staff", "parent"],
        "agreement": "",
        "monitoring": "Typed by me",
        "revision": seen,
    }

    told = lead.post(page, sent)
    stands = Policy.objects.get().audience
    again = lead.post(page, {**sent, "revision": told.context["form"]["revision"].value()})

    assert "Somebody else changed" in told.content.decode()
    assert "Typed by me" in told.content.decode()
    assert told.context["stands"][1]["value"] == "Governor or trustee"
    assert stands == ["governor"]
    assert (again.status_code, Policy.objects.get().audience) == (302, ["staff", "parent"])


def test_nobody_records_their_own_induction(school, signed_in):
    office, head = make_member(school, Role.OFFICE), make_member(school, Role.HEADTEACHER)
    policy = make_in_force(school, audience=["staff"]).policy

    page = signed_in(office).get(reverse("policies:induction_record", args=[school.slug, office.pk]))

    assert "This is your own list" in page.content.decode()
    with pytest.raises(PermissionRefused):
        services.record_induction(office, [policy], by=office, discussed_by=head, on=timezone.localdate())
    assert selectors.reading_list(office)[0].induction is None
