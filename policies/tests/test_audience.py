"""Whom a policy asks, what they are told before they agree, reading lists and inductions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.audit import payload_of
from core.errors import DomainError, PermissionRefused, WrongValue
from core.models import AuditEvent
from policies import selectors, services
from policies.models import Acknowledgement, Induction, Policy
from policies.selectors import agreements, audience_of_scope, told_before
from policies.tests.factories import TESTS, TEXT, make_in_force
from schools import services as people
from schools.enums import Group, Role
from schools.models import Membership
from schools.selectors import default_words, fill, post_names
from schools.tests.factories import make_learner, make_member

MONITORED = "Pages that are opened on our computers are looked at every week."


def address(name: str, school: Any, *args: Any) -> str:
    return reverse(f"policies:{name}", args=[school.slug, *args])


def arrive(school: Any, day: date, **details: Any) -> Membership:
    member = make_member(school, Role.STAFF, **details)
    Membership.objects.filter(pk=member.pk).update(starts_on=day)
    member.starts_on = day
    return member


@pytest.mark.requirement("R012")
def test_the_scope_of_the_text_proposes_its_readers(school, signed_in):
    assert audience_of_scope(["all staff", "Teachers", "pupils", "parents/carers"]) == [
        "staff",
        "learner",
        "parent",
    ]
    source = services.import_document(school, TEXT.encode(), "p.txt", by=TESTS)

    page = signed_in(make_member(school, Role.DSL)).get(address("document_preview", school, source.pk))

    assert page.context["form"].initial["audience"] == ["staff", "governor", "volunteer", "learner"]


@pytest.mark.requirement("R012", "R047")
def test_readers_are_chosen_by_group_post_and_class(school, signed_in):
    for name in ("Heron", "Wren"):
        make_learner(school, class_name=name)
    version = make_in_force(school, audience=["staff"])
    manager = make_member(school, Role.ACCOUNT_MANAGER)
    Membership.objects.filter(pk=manager.pk).update(group=Group.VOLUNTEER)
    lead = signed_in(make_member(school, Role.DSL))
    sent = {
        "owner_role": "headteacher",
        "groups": ["governor", "learner"],
        "posts": ["account_manager"],
        "classes": ["Heron"],
        "agreement": "account_managers",
        "monitoring": "",
        "revision": version.policy.revision,
    }

    answer = lead.post(address("policy_audience", school, version.policy_id), sent)

    policy = Policy.objects.get()
    assert answer.status_code == 302
    assert policy.owner_role == "headteacher"
    assert (policy.audience, policy.classes) == (["governor", "learner", "account_manager"], ["Heron"])
    assert selectors.audience_of(policy) == [manager]
    assert AuditEvent.objects.filter(action="policy.audience_set").count() == 1


def test_a_class_that_does_not_exist_is_shown_again(school, signed_in):
    make_learner(school, class_name="Heron")
    version = make_in_force(school)
    lead = signed_in(make_member(school, Role.DSL))

    page = lead.post(
        address("policy_audience", school, version.policy_id),
        {"classes": ["Wren"], "owner_role": "dsl", "revision": 0},
    )

    assert list(page.context["form"].errors) == ["classes"]
    assert Policy.objects.get().classes == []


@pytest.mark.requirement("R047")
def test_every_kind_of_agreement_tells_its_readers_in_the_words_of_the_school():
    kinds = agreements()

    assert list(kinds) == ["staff", "learner", "parent", "visitor", "remote_learning", "account_managers"]
    for kind in kinds.values():
        assert kind.audience
        assert all("{" not in fill(one, default_words()) for one in (*kind.told, kind.monitoring, kind.agree))
    assert "safety settings" in kinds["staff"].told[0]
    assert "progress" in kinds["parent"].told[1]


@pytest.mark.requirement("R022", "R048", "R053", "R055")
def test_monitoring_is_told_before_the_tick_and_recorded_with_it(school, signed_in):
    version = make_in_force(school, audience=["staff"])
    services.set_audience(
        version.policy, by=TESTS, audience=["staff"], agreement="staff", monitoring=MONITORED
    )
    teacher = make_member(school, Role.STAFF)
    client = signed_in(teacher)

    page = client.get(version.get_absolute_url()).content.decode()
    client.post(address("version_acknowledge", school, version.pk), {"agreed": "1"})

    for told in (MONITORED, "with their safety settings left in place", "Online, as in person, you act"):
        assert page.index(told) < page.index('name="agreed"')
    assert agreements()["staff"].agree in page
    entry = AuditEvent.objects.get(action="policy_version.acknowledged")
    assert payload_of(entry)["changes"] == {"told_before": [None, MONITORED]}


@pytest.mark.requirement("R048")
def test_an_agreement_without_a_statement_of_its_own_says_what_its_kind_says(school):
    policy = make_in_force(school).policy
    people.set_word(school, "learners", "pupils", by=TESTS)
    assert told_before(policy).monitoring == ""

    services.set_audience(policy, by=TESTS, audience=["staff", "parent"], agreement="staff")
    policy.refresh_from_db()

    assert "keep pupils safe" in told_before(policy).monitoring
    assert told_before(policy, "parent").agree == agreements()["parent"].agree


# --- Reading lists ----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R023", "R024")
def test_who_comes_later_has_a_reading_list_from_the_first_day_and_as_long_as_others(school):
    with time_machine.travel("2026-09-07 10:00"):
        version = make_in_force(school, "Conduct", on="2026-09-01")
    there, new = arrive(school, date(2026, 9, 1)), arrive(school, date(2026, 11, 2))

    due = {one: selectors.reading_list(one)[0].due for one in (there, new)}

    assert due == {there: version.acknowledge_by, new: date(2026, 11, 16)}
    assert selectors.waiting_for(new)[0].due == date(2026, 11, 16)


def test_a_reading_list_puts_last_what_is_done(school, signed_in):
    teacher = make_member(school, Role.STAFF)
    done, _ = make_in_force(school, "A"), make_in_force(school, "B")
    make_in_force(school, "Not for staff", audience=["governor"])
    services.acknowledge_version(done, by=teacher)

    page = signed_in(teacher).get(address("reading_list", school))

    assert [row["cells"][0] for row in page.context["rows"]] == ["B", "A"]
    assert [row["unseen"] for row in page.context["rows"]] == [True, False]


@pytest.mark.requirement("R024")
def test_what_was_gone_through_at_induction_is_recorded_with_day_and_person(school, signed_in):
    today = timezone.localdate()
    new = arrive(school, today - timedelta(days=3), name="New Person")
    mentor = make_member(school, Role.STAFF, name="Mentor Person")
    first, second = make_in_force(school, "Conduct"), make_in_force(school, "Phones")
    office = signed_in(make_member(school, Role.OFFICE))
    sent = {"policies": [first.policy_id], "discussed_by": mentor.pk, "on": today}

    answer = office.post(address("induction_record", school, new.pk), sent)
    page = office.get(address("induction_record", school, new.pk))
    own = signed_in(new).get(address("reading_list", school)).content.decode()

    row = Induction.objects.get()
    assert answer.status_code == 302
    assert (row.member, row.policy, row.discussed_by, row.on) == (new, first.policy, mentor, today)
    assert page.context["form"].fields["policies"].choices == [(str(second.policy_id), "Phones")]
    assert "by Mentor Person on" in own
    entry = AuditEvent.objects.get(action="member.inducted")
    assert payload_of(entry)["changes"]["policies"] == [None, [str(first.policy_id)]]


@pytest.mark.requirement("R024")
def test_newcomers_are_counted_by_what_is_read_and_gone_through(school, signed_in):
    new = arrive(school, timezone.localdate(), name="New Person")
    arrive(school, timezone.localdate() - timedelta(days=400))
    first, _ = make_in_force(school, "Conduct"), make_in_force(school, "Phones")
    office = make_member(school, Role.OFFICE, name="Office")
    services.acknowledge_version(first, by=new)
    services.record_induction(new, [first.policy], by=office, discussed_by=office, on=timezone.localdate())

    rows = signed_in(office).get(address("induction_list", school)).context["rows"]

    assert [row["cells"][0] for row in rows] == ["New Person", "Office"]
    assert rows[0]["cells"][2:] == ["1 of 2", "1 of 2"]


def test_an_induction_that_cannot_be_is_refused(school):
    today = timezone.localdate()
    new, office = arrive(school, today), make_member(school, Role.OFFICE)
    policy = make_in_force(school).policy

    def record(**changed: Any) -> Any:
        said = {"by": office, "discussed_by": office, "on": today, **changed}
        return services.record_induction(new, said.pop("policies", [policy]), **said)

    for wrong, error in (
        ({"on": today + timedelta(days=1)}, WrongValue),
        ({"on": today - timedelta(days=1)}, WrongValue),
        ({"discussed_by": new}, WrongValue),
        ({"policies": []}, DomainError),
        ({"by": make_member(school, Role.STAFF)}, PermissionRefused),
    ):
        with pytest.raises(error):
            record(**wrong)
    assert (len(record()), len(record())) == (1, 0)


# --- Where to look ----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R018")
def test_online_safety_is_owned_by_the_lead_and_the_check_says_where_it_is_not(school, signed_in):
    version = make_in_force(school, "Online safety", kind="online_safety")
    by_default = selectors.check_stored(version, timezone.localdate())
    client = signed_in(make_member(school, Role.DSL))

    services.hand_over(version.policy, "it", by=TESTS)
    version.policy.refresh_from_db()
    page = client.get(address("policy_list", school))
    checked = client.get(version.get_absolute_url()).content.decode()

    said = "another post owns this policy than the designated safeguarding lead"
    assert [one for one in by_default if said in one.message] == []
    assert [one["owner"] for one in page.context["safety"]] == [post_names(school)["it"]]
    assert said in checked
    other = make_in_force(school, "Phones and devices", owner_role="it")
    assert [one for one in selectors.check_stored(other, timezone.localdate()) if said in one.message] == []


@pytest.mark.requirement("R021", "R025")
def test_the_library_says_where_safety_information_and_the_privacy_notice_stand(school, signed_in):
    make_in_force(school, "Online safety", kind="online_safety")
    make_in_force(school, "Safeguarding", kind="child_protection")
    data = make_in_force(school, "Data protection", kind="data_protection")
    teacher = signed_in(make_member(school, Role.STAFF))

    before = teacher.get(address("policy_list", school))
    people.set_rule(school, "privacy_notice_address", "https://school.example/privacy", by=TESTS)
    after = teacher.get(address("policy_list", school))

    assert [one["text"] for one in before.context["safety"]] == ["Safeguarding", "Online safety"]
    assert reverse("incidents:concern_create", args=[school.slug]) in before.content.decode()
    assert before.context["privacy"] == data.get_absolute_url()
    assert 'href="https://school.example/privacy"' in after.content.decode()


@pytest.mark.parametrize("address", ["http://school.example", "javascript:alert(1)", "school.example"])
def test_a_privacy_notice_stands_at_a_whole_address(school, address):
    with pytest.raises(DomainError, match="https://"):
        people.set_rule(school, "privacy_notice_address", address, by=TESTS)


def test_acknowledging_without_the_tick_shows_the_page_again(school, signed_in):
    version = make_in_force(school)

    page = signed_in(make_member(school, Role.STAFF)).post(address_of(version), {})

    assert list(page.context["form"].errors) == ["agreed"]
    assert Acknowledgement.objects.count() == 0


def address_of(version: Any) -> str:
    return address("version_acknowledge", version.school, version.pk)
