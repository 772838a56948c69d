"""What the database itself refuses, and what happens when many press the same button at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import scope
from core.errors import DomainError
from incidents import services
from incidents.models import Action, ChronologyEntry, Concern, ConcernPerson, ShutOut
from incidents.tests.factories import STORY, closing, make_adult_concern, make_concern, make_open, triage_of
from schools.enums import Role
from schools.tests.factories import make_learner, make_member, make_school

OWNED = (Concern, ConcernPerson, ChronologyEntry, Action, ShutOut)


@pytest.mark.django_db
@pytest.mark.postgres
def test_the_database_hides_a_concern_from_whom_it_is_about(school):
    head, about = make_member(school, Role.HEADTEACHER), make_member(school, Role.STAFF)
    concern = make_adult_concern(school, about)
    services.triage_concern(concern, triage_of(head, category="low_level_concern"), by=head)
    seen = {}
    for member in (head, about):
        with scope.acting(schools=[school.pk], user=member.user_id):
            seen[member] = [model.objects.count() for model in (Concern, ConcernPerson, ChronologyEntry)]
    assert seen == {head: [1, 1, 1], about: [0, 0, 0]}


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize("model", OWNED)
def test_the_database_shows_no_row_of_another_school(school, other_school, model):
    dsl = make_member(other_school, Role.DSL)
    with scope.acting(schools=[other_school.pk]):
        concern = make_open(other_school, dsl, learners=[make_learner(other_school)])
        services.add_action(concern, services.NewAction("x", dsl, timezone.localdate()), by=dsl)
        services.add_person(concern, "alleged", make_member(other_school, Role.STAFF), by=dsl)
        assert model.objects.count() > 0
    assert model.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.postgres
def test_the_database_ties_every_row_to_its_own_school(school, other_school):
    stranger, concern = make_learner(other_school), make_concern(school)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConcernPerson.objects.create(
            school=school, concern=concern, learner=stranger, role="subject", added_by=concern.reporter
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _together(count, work):
    """Runs `work(n)` in as many threads at once; what each gave, or the kind of its refusal."""

    def one(number):
        try:
            return work(number)
        except DomainError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_six_who_close_a_concern_at_once_one_wins():
    school = make_school()
    with scope.acting(schools=[school.pk]), transaction.atomic():
        leads = [make_member(school, Role.DSL) for _ in range(6)]
        for member in leads:
            assert member.roles
        concern = make_open(school, leads[0])

    def close(number):
        with scope.acting(schools=[school.pk], user=leads[number].user_id):
            return services.close_concern(concern, closing(), by=leads[number], version=1).status

    assert sorted(_together(6, close)) == ["Conflict"] * 5 + ["closed"]
    with scope.acting(schools=[school.pk]), transaction.atomic():
        assert ChronologyEntry.objects.filter(kind="closing").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_same_form_sent_six_times_at_once_is_one_record():
    school, ref = make_school(), uuid4()
    with scope.acting(schools=[school.pk]), transaction.atomic():
        reporter = make_member(school, Role.STAFF)
        make_member(school, Role.DSL)

    def send(_):
        with scope.acting(schools=[school.pk], user=reporter.user_id):
            return services.log_concern(school, services.NewConcern(STORY), by=reporter, client_ref=ref).pk

    assert len(set(_together(6, send))) == 1
    with scope.acting(schools=[school.pk]), transaction.atomic():
        assert Concern.objects.count() == 1
