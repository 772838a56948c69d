"""Leaving a school, coming back, and ends that stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError, PermissionRefused
from schools import selectors, services
from schools.enums import Role
from schools.models import Membership
from schools.tests.factories import TESTS, make_member

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def invite(school, email: str = "wren@school.example") -> Membership:
    return services.invite_member(school, email, "Wren Okafor", Role.STAFF, by=TESTS)


# --- Coming back ------------------------------------------------------------------------------------------------------


def test_who_left_is_invited_again_and_has_none_of_the_old_posts(school):
    member = make_member(school, Role.DSL, Role.STAFF)
    services.end_membership(member, by=TESTS)

    back = services.invite_member(school, member.user.email, "Wren Ashdown", Role.OFFICE, by=TESTS)
    services.accept_invitation(back, by=back.user)

    assert (back.pk, back.name, back.ends_on) == (member.pk, "Wren Ashdown", None)
    assert selectors.live_membership(member.user, school.slug).roles == {Role.OFFICE}


def test_who_left_needs_to_say_yes_again(school):
    member = make_member(school, Role.STAFF)
    services.end_membership(member, by=TESTS)

    invite(school, member.user.email)

    assert selectors.live_membership(member.user, school.slug) is None


def test_nobody_is_given_a_post_after_they_have_left(school):
    member = make_member(school, Role.STAFF)
    services.end_membership(member, by=TESTS)

    with pytest.raises(DomainError, match="left"):
        services.appoint(member, Role.DSL, by=TESTS)


def test_who_declined_or_was_withdrawn_can_be_invited_again(school):
    member = invite(school)
    services.decline_invitation(member, by=member.user)
    member = invite(school)
    services.end_membership(member, by=TESTS)

    assert invite(school).is_waiting


# --- Endings ----------------------------------------------------------------------------------------------------------


def test_what_has_ended_does_not_end_again(school):
    member = make_member(school, Role.DSL)
    post = member.appointments.get()
    services.end_appointment(post, by=TESTS, last_day=timezone.localdate() - 5 * DAY)
    ended = post.ends_on

    for last_day in (None, timezone.localdate() + DAY):
        with pytest.raises(DomainError, match="already"):
            services.end_appointment(post, by=TESTS, last_day=last_day)
    services.end_membership(member, by=TESTS)
    with pytest.raises(DomainError, match="already"):
        services.end_membership(member, by=TESTS)

    assert member.appointments.get().ends_on == ended


def test_a_last_day_to_come_can_be_brought_forward(school):
    post = make_member(school, Role.DSL).appointments.get()
    services.end_appointment(post, by=TESTS, last_day=timezone.localdate() + 9 * DAY)

    assert services.end_appointment(post, by=TESTS).ends_on == timezone.localdate() - DAY


@pytest.mark.requirement("R043")
def test_no_head_gets_rid_of_the_chair_by_ending_their_membership(school, signed_in):
    chair, head = make_member(school, Role.CHAIR), make_member(school, Role.HEADTEACHER)

    with pytest.raises(PermissionRefused):
        services.end_membership(chair, by=head)
    page = (
        signed_in(head)
        .post(reverse("schools:member_end", args=[school.slug, chair.pk]), follow=True)
        .content.decode()
    )

    assert "whoever runs this server" in page
    assert selectors.people_with_role(school, Role.CHAIR) == [chair]
