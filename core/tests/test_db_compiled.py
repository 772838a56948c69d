"""Queries that are compiled once: the same rows as Django's own, for the values of each call."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import scope
from core.db.compiled import Among, compiled_once
from core.mail import queue_mails
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(school):
    with transaction.atomic():
        to = [f"{name}@school.example" for name in "abc"]
        return queue_mails("core/notice", to=to, school_id=school.pk, cause="test:1")


def test_each_call_has_its_own_values(school, owed):
    built = []

    @compiled_once
    def mails(*, school, ids, until):
        built.append(school)
        found = OutgoingMail.objects.filter(Among("id", ids), school_id=school, due_at__lte=until)
        return found.order_by("recipient")

    now, ids = timezone.now(), [one.pk for one in owed]
    assert mails(school=school, ids=ids, until=now) == owed
    assert mails(school=school, ids=ids[1:], until=now) == owed[1:]
    assert mails(school=school, ids=ids, until=now - timedelta(days=1)) == []
    assert mails(school=school, ids=[], until=now) == mails(school=uuid4(), ids=ids, until=now) == []
    assert len(built) == 1


def test_a_shape_is_a_statement_of_its_own(school, owed):
    @compiled_once
    def column(name, /, *, school):
        return OutgoingMail.objects.filter(school_id=school).order_by(name).values_list(name, flat=True)

    assert column("recipient", school=school) == [one.recipient for one in owed]
    assert column("cause", school=school) == ["test:1"] * 3
    assert column("recipient", school=uuid4()) == []


def test_what_would_stay_as_it_is_now_is_refused(school):
    @compiled_once
    def due(*, school):
        return OutgoingMail.objects.filter(school_id=school, due_at__lte=timezone.now())

    with pytest.raises(TypeError, match="give them"):
        due(school=school)


def test_nothing_is_no_value():
    @compiled_once
    def of_school(*, school):
        return OutgoingMail.objects.filter(school_id=school)

    with pytest.raises(TypeError, match="None"):
        of_school(school=None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_statement_of_its_own_says_its_scope_for_itself_alone(school, other_school, owed):
    @compiled_once
    def mails(*, cause):
        return OutgoingMail.objects.filter(cause=cause)

    connection.close()
    with scope.acting(schools=[school.pk]):
        assert mails(cause="test:1") == owed
        assert OutgoingMail.objects.count() == 0
        connection.set_autocommit(False)
        try:
            with scope.acting(schools=[other_school.pk]):
                mails(cause="test:1")
            assert OutgoingMail.objects.count() == len(owed)
        finally:
            connection.rollback()
            connection.set_autocommit(True)
