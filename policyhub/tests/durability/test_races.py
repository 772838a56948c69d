"""Many at once on one record: exactly one wins, the others are told; the same post many times is one record."""

from __future__ import annotations

from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models.functions import Now

from core import audit
from core.errors import Conflict, InvalidTransition
from devices import services as devices
from devices.models import Device, Release
from devices.tests.factories import TO_PARENT, make_device
from incidents import services as incidents
from incidents.models import Concern
from incidents.tests.factories import closing, make_open
from policyhub.tests.durability import ground
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def contenders(soak: bool) -> int:
    return 16 if soak else 8


@pytest.fixture
def rounds(soak: bool) -> int:
    return 500 if soak else 10


def make_dsls(school: Any, count: int) -> list[Any]:
    with transaction.atomic():
        return [make_member(school, Role.DSL) for _ in range(count)]


def test_one_of_many_closes_a_concern_and_the_others_are_told(school, contenders, rounds):
    dsls, told, winners = make_dsls(school, contenders), [], []
    for _ in range(rounds):
        with transaction.atomic():
            concern = make_open(school, dsls[0], by=dsls[0])
        calls = [
            partial(incidents.close_concern, concern, closing(), by=dsl, version=concern.version)
            for dsl in dsls
        ]
        results = ground.at_once(school, *calls)
        winners.append(sum(isinstance(one, Concern) for one in results))
        told.append(sum(isinstance(one, Conflict) and "was first" in str(one) for one in results))

    ground.report("close a concern", rounds=rounds, contenders=contenders, winners=sum(winners))
    assert (winners, told) == ([1] * rounds, [contenders - 1] * rounds)
    with transaction.atomic():
        assert audit.verify(school.pk).whole


def test_one_of_many_gives_a_phone_back_and_the_others_are_told(school, contenders, rounds):
    with transaction.atomic():
        desk = [make_member(school, Role.OFFICE) for _ in range(contenders)]
    outcomes = []
    for _ in range(rounds):
        with transaction.atomic():
            phone = make_device(desk[0])
        calls = [
            partial(devices.release_device, phone, TO_PARENT, by=one, version=phone.version) for one in desk
        ]
        results = ground.at_once(school, *calls)
        outcomes.append((sum(isinstance(one, Device) for one in results), _told(results)))

    ground.report(
        "give a phone back", rounds=rounds, contenders=contenders, winners=sum(w for w, _ in outcomes)
    )
    assert outcomes == [(1, contenders - 1)] * rounds
    with transaction.atomic():
        assert Release.objects.count() == rounds


def _told(results: list[Any]) -> int:
    return sum(isinstance(one, Conflict | InvalidTransition) for one in results)


def test_an_update_without_lock_and_version_has_many_winners(school, contenders):
    """The control: the same race on code that reads, decides and writes."""
    dsls = make_dsls(school, contenders)
    with transaction.atomic():
        concern = make_open(school, dsls[0], by=dsls[0])
    all_have_read = Barrier(contenders)

    def close_naively() -> bool:
        row = Concern.objects.get(pk=concern.pk)
        all_have_read.wait()
        if row.status == "open":
            Concern.objects.filter(pk=concern.pk).update(status="closed", closed_at=Now(), outcome="x")
        return row.status == "open"

    assert sum(ground.at_once(school, *[close_naively] * contenders)) == contenders


def test_the_same_post_many_times_is_one_record(school, contenders, rounds):
    by = ground.make_people(school)
    for number in range(rounds):
        ref, report = uuid4(), incidents.NewConcern(f"Robin was crying, round {number}.")
        results = ground.at_once(
            school, *[partial(incidents.log_concern, school, report, by=by, client_ref=ref)] * contenders
        )
        assert len({one.pk for one in results}) == 1

    with transaction.atomic():
        counted = Concern.objects.count()
        assert audit.verify(school.pk).whole
    ground.report("identical posts", rounds=rounds, contenders=contenders, records=counted)
    assert counted == rounds + 1  # the first report of the person


def test_a_reference_used_again_with_other_words_is_refused_each_time(school, contenders):
    by, ref = ground.make_people(school), uuid4()
    calls = [
        partial(incidents.log_concern, school, incidents.NewConcern(f"Version {n}."), by=by, client_ref=ref)
        for n in range(contenders)
    ]

    results = ground.at_once(school, *calls)

    kept = [one for one in results if isinstance(one, Concern)]
    assert (len(kept), sum(isinstance(one, Conflict) for one in results)) == (1, contenders - 1)
    with transaction.atomic():
        assert Concern.objects.get(client_ref=ref).narrative == kept[0].narrative
