"""Who a concern goes to: a truth table, and ten thousand invented staff lists."""

from __future__ import annotations

import random
from itertools import product

import pytest

from core.errors import PermissionRefused
from incidents import services
from incidents.enums import Audience, Route
from incidents.permissions import HEADS, READERS, PostHolder, audiences_of, can_work, may_read, route_concern
from incidents.selectors import concerns
from incidents.tests.factories import make_adult_concern, make_concern, triage_of
from schools.enums import Role
from schools.tests.factories import make_member

DSL, DEPUTY, HEAD, SECOND_HEAD, CHAIR, STAFF = (
    PostHolder("dsl", frozenset({Role.DSL})),
    PostHolder("deputy", frozenset({Role.DEPUTY_DSL})),
    PostHolder("head", frozenset({Role.HEADTEACHER})),
    PostHolder("second", frozenset({Role.HEAD_OF_SCHOOL})),
    PostHolder("chair", frozenset({Role.CHAIR})),
    PostHolder("staff", frozenset({Role.STAFF})),
)
EVERYBODY = (DSL, DEPUTY, HEAD, SECOND_HEAD, CHAIR, STAFF)


@pytest.mark.parametrize(
    ("about", "vacant", "audience", "recipients"),
    [
        ("staff", "", Audience.HEAD, ["head", "second"]),
        ("dsl", "", Audience.HEAD, ["head", "second"]),
        ("deputy", "", Audience.HEAD, ["head", "second"]),
        ("chair", "", Audience.HEAD, ["head", "second"]),
        ("head", "", Audience.CHAIR, ["chair"]),
        ("second", "", Audience.CHAIR, ["chair"]),
        ("nobody listed", "", Audience.HEAD, ["head", "second"]),
        ("staff", "head", Audience.HEAD, ["second"]),
        ("staff", "head second", Audience.CHAIR, ["chair"]),
        ("chair", "head second", Audience.CHAIR, []),
        ("head", "chair", Audience.CHAIR, []),
        ("dsl", "head second chair", Audience.CHAIR, []),
    ],
)
def test_a_concern_about_an_adult_goes_to_the_head_or_past_them(about, vacant, audience, recipients):
    staff = [one for one in EVERYBODY if one.person not in vacant.split()]
    routing = route_concern(Route.ADULT, staff, {about})
    assert (routing.audience, list(routing.recipients)) == (audience, recipients)


@pytest.mark.requirement("R250")
@pytest.mark.parametrize("vacant", ["", "dsl", "deputy", "head", "dsl deputy"])
def test_a_concern_about_a_child_goes_to_the_safeguarding_leads_alone(vacant):
    staff = [one for one in EVERYBODY if one.person not in vacant.split()]
    routing = route_concern(Route.CHILD, staff)
    assert routing.audience == Audience.SAFEGUARDING
    assert list(routing.recipients) == [name for name in ("dsl", "deputy") if name not in vacant.split()]


def test_no_subject_is_ever_a_recipient_in_any_of_512_schools():
    may_be_vacant, heads_and_chair = (
        ("head", "second", "chair"),
        {one.person for one in (HEAD, SECOND_HEAD, CHAIR)},
    )
    for subjects, vacant in product(range(64), range(8)):
        about = {one.person for bit, one in enumerate(EVERYBODY) if subjects >> bit & 1}
        empty = {name for bit, name in enumerate(may_be_vacant) if vacant >> bit & 1}
        routing = route_concern(Route.ADULT, [one for one in EVERYBODY if one.person not in empty], about)
        assert not about & set(routing.recipients), (about, empty)
        assert set(routing.recipients) <= heads_and_chair - empty


def test_ten_thousand_invented_staff_lists_leak_nothing():
    chance, faults = random.Random(20), 0
    for _ in range(10_000):
        staff = [
            PostHolder(n, frozenset(chance.sample(list(Role), chance.randint(0, 4))))
            for n in range(chance.randint(0, 9))
        ]
        about = set(chance.sample(range(10), chance.randint(0, 4)))
        routing = route_concern(chance.choice(list(Route)), staff, about)
        posts = READERS[routing.audience]
        faults += bool(about & set(routing.recipients))
        faults += any(not (one.roles & posts) for one in staff if one.person in routing.recipients)
        faults += (
            any(one.person in about and one.roles & HEADS for one in staff)
            and routing.audience == Audience.HEAD
        )
    assert faults == 0


@pytest.mark.parametrize("role", list(Role))
def test_each_post_reads_its_own_audience_and_no_other(role):
    read = {audience for route in Route for audience in audiences_of({role}, route)}
    expected = {
        Role.DSL: {Audience.SAFEGUARDING}, Role.DEPUTY_DSL: {Audience.SAFEGUARDING},
        Role.HEADTEACHER: {Audience.HEAD}, Role.HEAD_OF_SCHOOL: {Audience.HEAD}, Role.CHAIR: {Audience.CHAIR},
    }  # fmt: skip
    assert read == expected.get(role, set())
    assert not any(may_read({role}, audience, shut_out=True) for audience in Audience)


@pytest.mark.django_db
def test_nobody_reads_a_concern_about_themselves_whatever_posts_they_hold(school):
    both = make_member(school, Role.HEADTEACHER, Role.CHAIR, Role.DSL)
    chair = make_member(school, Role.CHAIR)
    concern = make_adult_concern(school, both)
    assert concern.audience == Audience.CHAIR
    assert [can_work(concern, one) for one in (both, chair)] == [False, True]
    assert [list(concerns.readable(one, Route.ADULT)) for one in (both, chair)] == [[], [concern]]
    assert [member.pk for member in concerns.readers(concern)] == [chair.pk]
    with pytest.raises(PermissionRefused):
        services.assign_concern(concern, chair, by=both)


@pytest.mark.django_db
def test_a_chair_who_reports_themselves_does_not_work_their_own_case(school):
    chair, second = make_member(school, Role.CHAIR), make_member(school, Role.CHAIR)
    concern = make_adult_concern(school, chair, by=chair)
    assert concern.is_self_report
    assert list(concerns.readable(chair, Route.ADULT)) == []
    assert list(concerns.own(chair)) == [concern]
    assert concern.audience == Audience.CHAIR
    assert [can_work(concern, one) for one in (chair, second)] == [False, True]


@pytest.mark.django_db
def test_the_worlds_of_leads_and_heads_are_apart(school):
    dsl, head = make_member(school, Role.DSL), make_member(school, Role.HEADTEACHER)
    child, adult = make_concern(school), make_adult_concern(school, make_member(school, Role.STAFF))
    assert [can_work(child, dsl), can_work(child, head), can_work(adult, dsl), can_work(adult, head)] == [
        True,
        False,
        False,
        True,
    ]
    with pytest.raises(PermissionRefused):
        services.triage_concern(child, triage_of(head), by=head)
