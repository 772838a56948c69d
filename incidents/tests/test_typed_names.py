"""Names in free text: when one of them may be that of somebody who would read the concern, they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from core.errors import DomainError
from incidents import services
from incidents.enums import Audience, Route
from incidents.models import ShutOut
from incidents.permissions import PostHolder, may_mean, names_wholly
from incidents.selectors import concerns
from incidents.tests.factories import mails, make_adult_concern, make_concern
from schools.enums import Role
from schools.models import Membership
from schools.services import appoint, set_word
from schools.tests.factories import make_member

HEAD = PostHolder("head", frozenset({Role.HEADTEACHER}), "Mélanie O'Carrick")
CHAIR = PostHolder("chair", frozenset({Role.CHAIR}), "Amos Birkett")
LEAD = PostHolder("lead", frozenset({Role.DSL}), "Margaret Sholto")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Mélanie O'Carrick", True),
        ("MELANIE OCARRICK", True),
        ("Mrs O\u2019Carrick", True),
        ("O'Carrick, Melanie (Ms.)", True),
        ("Melanie", True),
        ("M O'C", False),
        ("M. OCarrick", True),
        ("Ms Ocarrick who is in charge", True),
        ("the head", True),
        ("our headteacher", True),
        ("Head teacher", True),
        ("the principal of the school", True),
        ("the deputy head", False),
        ("head of maths", False),
        ("a teacher", False),
        ("Melanie Jones", False),
        ("Somebody from the kitchen", False),
        ("", False),
        ("...", False),
    ],
)
def test_a_name_in_part_or_a_post_may_mean_the_head(typed, expected):
    assert may_mean(typed, HEAD, Route.ADULT) is expected


@pytest.mark.parametrize(
    "typed", ["the acting head", "Exec Headteacher", "head mistress", "the HT", "the Rector"]
)
def test_the_head_is_known_by_more_than_one_word(typed):
    rector = replace(HEAD, called=("rector of the academy",))
    assert may_mean(typed, rector, Route.ADULT)
    assert not may_mean(f"{typed} of another place", rector, Route.ADULT)


def test_in_part_only_those_who_would_read_it_are_meant_and_by_their_whole_name_everybody():
    assert [may_mean("Margaret", LEAD, route) for route in Route] == [False, False]
    assert [may_mean("Margaret Sholto", LEAD, route) for route in Route] == [True, True]
    assert [may_mean("the chair of governors", one, Route.ADULT) for one in (CHAIR, HEAD)] == [True, False]


def test_in_a_concern_about_a_child_it_takes_the_whole_name():
    assert [may_mean(typed, LEAD, Route.CHILD) for typed in ("Margaret", "Sholto", "sholto margaret")] == [
        False,
        False,
        True,
    ]
    assert not names_wholly("Prince", "Prince")


@pytest.mark.django_db
@pytest.mark.requirement("R166")
@pytest.mark.parametrize("typed", ["Helen Carrick", "mrs carrick", "the headteacher"])
def test_a_typed_name_of_the_head_goes_to_the_chair_and_says_why(school, typed):
    head = make_member(school, Role.HEADTEACHER, name="Helen Carrick")
    chair = make_member(school, Role.CHAIR)
    concern = make_concern(school, route=Route.ADULT, names=[typed])
    assert (concern.audience, mails("concern_logged")) == (Audience.CHAIR, [chair.user.email])
    assert (concern.is_self_report, list(ShutOut.objects.values_list("user", flat=True))) == (
        False,
        [head.user_id],
    )
    assert "A name that was typed may mean Helen Carrick" in concern.routing_reason


@pytest.mark.django_db
@pytest.mark.requirement("R166")
def test_the_schools_own_word_for_the_head_goes_to_the_chair(school):
    head = make_member(school, Role.HEADTEACHER, Role.STAFF)
    chair = make_member(school, Role.CHAIR)
    set_word(school, "headteacher", "rector", by=head)
    heard = [
        make_concern(school, route=Route.ADULT, names=[typed])
        for typed in ("the Rector", "A member of staff")
    ]
    assert [one.audience for one in heard] == [Audience.CHAIR, Audience.HEAD]
    assert concerns.readers(heard[0]) == [chair]


@pytest.mark.django_db
@pytest.mark.parametrize("added_later", [False, True])
def test_who_was_named_in_full_reads_it_in_no_post_that_they_are_given_later(school, added_later):
    head, accused = make_member(school, Role.HEADTEACHER), make_member(school, Role.STAFF, name="Dana Smith")
    concern = make_concern(school, route=Route.ADULT, names=[] if added_later else ["Smith, Dana"])
    if added_later:
        services.add_person(concern, "alleged", "Dana Smith", by=head)
    other = make_concern(school, route=Route.ADULT)
    appoint(accused, Role.HEAD_OF_SCHOOL, by=head)
    promoted = Membership.objects.get(pk=accused.pk)
    assert list(concerns.readable(promoted, Route.ADULT)) == [other]
    assert concerns.readers(concern) == [head]


@pytest.mark.django_db
def test_an_unknown_name_goes_to_the_head_as_ever(school):
    head = make_member(school, Role.HEADTEACHER, name="Helen Carrick")
    make_concern(school, route=Route.ADULT, names=["A man from the coach company"])
    assert (mails("concern_logged"), ShutOut.objects.count()) == ([head.user.email], 0)


@pytest.mark.django_db
def test_one_of_the_leads_named_in_full_does_not_receive_it_and_the_other_does(school):
    named = make_member(school, Role.DSL, name="Margaret Sholto")
    other = make_member(school, Role.DEPUTY_DSL)
    concern = make_concern(school, names=["Margaret Sholto"])
    assert (mails("concern_logged"), concerns.readers(concern)) == ([other.user.email], [other])
    assert not concerns.readable(named, Route.CHILD).exists()


@pytest.mark.django_db
def test_a_head_who_types_their_own_name_reports_themselves_and_keeps_their_receipt(school):
    head = make_member(school, Role.HEADTEACHER, name="Helen Carrick")
    chair = make_member(school, Role.CHAIR)
    concern = make_concern(school, by=head, route=Route.ADULT, names=["Helen Carrick"])
    assert (concern.is_self_report, concerns.readers(concern)) == (True, [chair])
    assert list(concerns.own(head)) == [concern]


@pytest.mark.django_db
def test_adding_an_adult_later_does_not_bring_it_back_to_whom_a_typed_name_may_mean(school):
    make_member(school, Role.HEADTEACHER, name="Helen Carrick")
    make_member(school, Role.HEAD_OF_SCHOOL)
    chair = make_member(school, Role.CHAIR)
    concern = make_concern(school, route=Route.ADULT, names=["Mrs Carrick"])
    services.add_person(concern, "alleged", make_member(school, Role.STAFF), by=chair)
    concern.refresh_from_db()
    assert (concern.audience, concerns.readers(concern)) == (Audience.CHAIR, [chair])


@pytest.mark.django_db
def test_a_name_that_a_reader_types_is_looked_at_too(school):
    head = make_member(school, Role.HEADTEACHER, name="Helen Carrick")
    second = make_member(school, Role.HEAD_OF_SCHOOL)
    chair = make_member(school, Role.CHAIR)
    concern = make_adult_concern(school, make_member(school, Role.STAFF))
    with pytest.raises(DomainError, match="about you"):
        services.add_person(concern, "alleged", "Helen Carrick", by=head)
    services.add_person(concern, "alleged", "Helen Carrick", by=second)
    concern.refresh_from_db()
    assert (concern.audience, concerns.readers(concern)) == (Audience.CHAIR, [chair])


@pytest.mark.django_db
def test_who_was_told_stays_as_it_was_when_a_reader_becomes_part_of_it(school, signed_in):
    teacher, helen = (
        make_member(school, Role.STAFF),
        make_member(school, Role.HEADTEACHER, name="Helen Carrick"),
    )
    second, chair = (
        make_member(school, Role.HEAD_OF_SCHOOL),
        make_member(school, Role.CHAIR, name="Amos Birkett"),
    )
    concern = make_adult_concern(school, make_member(school, Role.STAFF), by=teacher)
    receipt, client = reverse("incidents:concern_receipt", args=[school.slug, concern.pk]), signed_in(teacher)
    before = client.get(receipt).context["next"]
    services.add_person(concern, "alleged", helen, by=second)
    concern.refresh_from_db()
    assert concerns.readers(concern) == [chair]
    assert client.get(receipt).context["next"] == before
    assert ("Helen Carrick" in str(before), "Amos Birkett" in str(before)) == (True, False)
