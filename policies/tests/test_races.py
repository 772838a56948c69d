"""Two at once: one wins, the other is told; whatever runs twice or in parallel leaves the same end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.utils import timezone

from core import scope
from core.audit import verify
from core.errors import Conflict, DomainError
from core.models import OutgoingMail
from policies import services
from policies.enums import VisitorKind
from policies.models import (
    Acknowledgement,
    PolicyVersion,
    ReadingLink,
    ReviewReminder,
    SignedDocument,
    SourceFile,
    Visit,
)
from policies.selectors.parents import token_of
from policies.tasks import remind_of_reviews
from policies.tests.factories import SCAN, TESTS, TEXT, make_draft, make_in_force, make_ratified
from schools import services as people
from schools.enums import Role
from schools.models import Membership
from schools.tests.factories import make_learner, make_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(school: Any, *calls: Callable[[], Any]) -> list[Any]:
    """What each call gave or raised, all started together, each on a connection of its own, as in a request."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            with scope.acting(schools=[school.pk]), scope.reading():
                return call()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.requirement("R004")
def test_of_two_ratifiers_one_wins_and_the_other_is_told_who(school):
    with transaction.atomic():
        members = [make_member(school, Role.CLERK, name=name) for name in ("Ada", "Bo", "Cy", "Di")]
        draft = make_draft(school)

    def ratify(member: Membership) -> Any:
        return services.ratify_version(draft, by=member, body="Trustees", on="2026-10")

    results = at_once(school, *(partial(ratify, member) for member in members))

    winners = [one.ratified_by.name for one in results if isinstance(one, PolicyVersion)]
    told = [str(one) for one in results if isinstance(one, Conflict)]
    assert len(winners) == 1
    assert [f"{winners[0]} was first: ratified by Trustees" in sentence for sentence in told] == [True] * 3


def test_of_two_brought_into_force_at_once_one_holds(school):
    with transaction.atomic():
        first = make_ratified(school)
        draft = make_draft(school, policy=first.policy)
        second = services.ratify_version(draft, by=TESTS, body="Trustees", on="2026-10")

    at_once(school, *(partial(services.bring_into_force, one, by=TESTS) for one in (first, second)))

    with transaction.atomic():
        states = dict(first.policy.versions.values_list("pk", "state"))
    # The older one comes first and is superseded, or it comes second and is refused: the newer one is in force.
    assert states[second.pk] == "in_force"
    assert states[first.pk] in ("superseded", "ratified")


@pytest.mark.requirement("R023")
def test_the_same_word_given_many_times_is_recorded_once(school):
    with transaction.atomic():
        version, member = make_in_force(school), make_member(school, Role.STAFF)

    results = at_once(school, *[partial(services.acknowledge_version, version, by=member)] * 6)

    with transaction.atomic():
        assert {one.pk for one in results} == {Acknowledgement.objects.get().pk}
        assert verify(school.pk).whole


@pytest.mark.requirement("R049")
def test_a_parents_form_sent_many_times_at_once_is_one_record(school):
    with transaction.atomic():
        contact = people.add_contact(make_learner(school), "Kit Ashdown", by=TESTS, email="kit@home.example")
        version = make_in_force(school, audience=["parent"])
        token = token_of(ReadingLink.objects.get())

    results = at_once(school, *[partial(services.agree_by_link, token, version.pk, name="Kit")] * 4)

    with transaction.atomic():
        assert results == [True] * 4
        assert Acknowledgement.objects.get().contact_id == contact.pk


def test_a_parent_whom_two_policies_ask_at_once_has_one_link(school):
    with transaction.atomic():
        people.add_contact(make_learner(school), "Kit Ashdown", by=TESTS, email="kit@home.example")
        ratified = [make_ratified(school, title, audience=["parent"]) for title in ("Phones", "Trips")]

    at_once(school, *[partial(services.bring_into_force, one, by=TESTS) for one in ratified])

    with transaction.atomic():
        assert ReadingLink.objects.count() == 1
        assert OutgoingMail.objects.filter(template="policies/parents_asked").count() == 2


def test_a_version_is_signed_here_or_on_paper_and_not_both_at_once(school):
    with transaction.atomic():
        version = make_ratified(school)
        head, clerk = make_member(school, Role.HEADTEACHER), make_member(school, Role.CLERK)
        services.ensure_document(version)
    on_paper = services.OnPaper("Ada Hart", "Rosa Lind", timezone.localdate())

    results = at_once(
        school,
        partial(services.sign_version, version, by=head),
        partial(services.attach_paper, version, SCAN, on_paper, by=clerk),
    )

    assert sum(isinstance(one, DomainError) for one in results) == 1, results


@pytest.mark.requirement("R052")
def test_a_visitors_form_sent_many_times_at_once_is_one_visit(school):
    with transaction.atomic():
        token = services.open_desk("Front desk", by=make_member(school, Role.OFFICE))
    said, reference = services.Arrival(VisitorKind.VISITOR, "Ash", "Fern"), uuid4()

    results = at_once(school, *[partial(services.sign_in_visitor, token, said, client_ref=reference)] * 4)

    with transaction.atomic():
        assert (results, Visit.objects.count()) == ([True] * 4, 1)


@pytest.mark.requirement("R023")
def test_parents_are_reminded_once_by_sweeps_that_run_at_once(school):
    with transaction.atomic():
        make_in_force(school, audience=["parent"])
        people.add_contact(make_learner(school), "Kit Ashdown", by=TESTS, email="kit@home.example")

    today = timezone.localdate()
    results = at_once(school, *[partial(services.remind_parents, school, today)] * 4)

    with transaction.atomic():
        assert sorted(results) == [0, 0, 0, 1]
        assert OutgoingMail.objects.filter(template="policies/parents_waiting").count() == 1


def test_of_two_policies_of_one_title_begun_at_once_one_is_made(school):
    details = services.DraftDetails(title="Trips")

    results = at_once(school, *[partial(services.start_policy, school, details, by=TESTS)] * 4)

    with transaction.atomic():
        assert [one.pk for one in results if isinstance(one, PolicyVersion)] == [
            PolicyVersion.objects.get().pk
        ]
    assert [str(one)[:7] for one in results if isinstance(one, DomainError)] == ["There i"] * 3


def test_the_same_upload_sent_many_times_is_one_file_and_one_draft(school):
    ref = uuid4()

    def send() -> Any:
        source = services.import_document(school, TEXT.encode(), "policy.txt", by=TESTS, client_ref=ref)
        return services.save_draft(source, 0, services.DraftDetails(title="Phones"), by=TESTS)

    results = at_once(school, *[send] * 6)

    with transaction.atomic():
        assert SourceFile.objects.count() == 1
        assert {one.pk for one in results} == {PolicyVersion.objects.get().pk}


@pytest.mark.requirement("R005")
def test_sixteen_schedulers_at_once_remind_once(school):
    with transaction.atomic():
        for role in (Role.DSL, Role.HEADTEACHER, Role.CHAIR):
            make_member(school, role)
        version = make_in_force(school)
        PolicyVersion.objects.filter(pk=version.pk).update(
            in_force_from=date(2025, 1, 1), next_review="2026-01", next_review_on=date(2026, 1, 31)
        )

    mailed = at_once(school, *[remind_of_reviews] * 16)

    with transaction.atomic():
        keys = list(ReviewReminder.objects.values_list("version_id", "due_on", "recipient_id"))
        mails = OutgoingMail.objects.filter(template="policies/review_due")
        assert (len(keys) - len(set(keys)), sum(mailed), mails.count()) == (0, 3, 3)
        assert verify(school.pk).whole


@pytest.mark.requirement("R004")
def test_of_two_heads_signing_at_once_one_signature_stands(school):
    posts = ((Role.HEADTEACHER, "Ada"), (Role.HEAD_OF_SCHOOL, "Bo"))
    with transaction.atomic():
        heads = [make_member(school, role, name=name) for role, name in posts]
        version = make_ratified(school)
        services.ensure_document(version)  # rendering takes seconds, for which the other would wait

    results = at_once(school, *(partial(services.sign_version, version, by=one, after=0) for one in heads))

    stand = [one.name for one in results if not isinstance(one, DomainError)]
    with transaction.atomic():
        document = SignedDocument.objects.get(version=version)
        assert [one.name for one in document.signatures.all()] == stand
    assert (document.signed, [type(one) for one in results].count(Conflict)) == (1, 1)
