"""What somebody may do is decided by how the concern stands when it is their turn, not by what they saw before."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import scope
from core.errors import DomainError, InvalidTransition, PermissionRefused
from incidents import services
from incidents.models import ChronologyEntry, Concern
from incidents.tests.factories import closing, make_concern, make_open, triage_of
from schools.enums import Role
from schools.models import Membership
from schools.tests.factories import make_member, make_school

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]


def make_people() -> tuple[Membership, Membership]:
    """A lead, and a deputy whose posts are known to them already, as in a request."""
    school = make_school()
    with scope.acting(schools=[school.pk]), transaction.atomic():
        first, second = make_member(school, Role.DSL), make_member(school, Role.DEPUTY_DSL)
        assert first.roles | second.roles
    return first, second


def one_after_the_other(
    first: Membership, begins: Callable[[], Any], second: Membership, follows: Callable[[], Any]
) -> str:
    """Runs `follows` while `begins` is written and not yet committed; the kind of its refusal, or ""."""
    written = Event()

    def begin() -> None:
        try:
            with scope.acting(schools=[first.school_id], user=first.user_id), transaction.atomic():
                begins()
                written.set()
                # Until the other waits for the row, so that whatever it looked at before is out of date.
                until_somebody_waits()
        finally:
            connection.close()

    def follow() -> str:
        written.wait(20)
        try:
            with scope.acting(schools=[second.school_id], user=second.user_id):
                follows()
        except DomainError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        running, answer = pool.submit(begin), pool.submit(follow)
        running.result(30)
        return answer.result(30)


def until_somebody_waits() -> None:
    """Returns when another connection waits for a row of concerns; fails after ten seconds."""
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("nobody came to wait for the row")


ACTS: dict[str, Callable[[Concern, Membership], Any]] = {
    "triage": lambda concern, by: services.triage_concern(concern, triage_of(by), by=by),
    "close": lambda concern, by: services.close_concern(concern, closing(), by=by),
    "entry": lambda concern, by: services.add_entry(concern, services.NewEntry("Late."), by=by),
    "reply": lambda concern, by: services.reply_to_reporter(concern, "Late.", by=by),
    "action": lambda concern, by: services.add_action(
        concern, services.NewAction("Late.", by, timezone.localdate()), by=by
    ),
    "person": lambda concern, by: services.add_person(concern, "witness", "A neighbour", by=by),
}


@pytest.mark.parametrize("act", ACTS)
def test_whoever_becomes_part_of_it_while_they_act_is_refused(act):
    lead, deputy = make_people()
    with scope.acting(schools=[lead.school_id]), transaction.atomic():
        concern = make_open(lead.school, lead)
    refusal = one_after_the_other(
        lead,
        partial(services.add_person, concern, "alleged", deputy, by=lead),
        deputy,
        partial(ACTS[act], concern, deputy),
    )
    assert refusal == PermissionRefused.__name__
    with scope.acting(schools=[lead.school_id]), transaction.atomic():
        assert not ChronologyEntry.objects.filter(concern=concern, author=deputy).exists()


@pytest.mark.parametrize("act", ["entry", "action", "close"])
def test_what_no_longer_fits_a_concern_that_is_being_closed_is_refused(act):
    lead, deputy = make_people()
    with scope.acting(schools=[lead.school_id]), transaction.atomic():
        concern = make_open(lead.school, lead)
    refusal = one_after_the_other(
        lead,
        partial(services.close_concern, concern, closing(), by=lead),
        deputy,
        partial(ACTS[act], concern, deputy),
    )
    assert refusal == InvalidTransition.__name__


def test_somebody_who_is_being_shut_out_is_not_made_the_lead():
    lead, deputy = make_people()
    with scope.acting(schools=[lead.school_id]), transaction.atomic():
        concern = make_concern(lead.school)
    refusal = one_after_the_other(
        lead,
        partial(services.add_person, concern, "alleged", deputy, by=lead),
        lead,
        partial(services.assign_concern, concern, deputy, by=lead),
    )
    assert refusal == DomainError.__name__
