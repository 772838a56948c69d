"""Keys are rotated while people work and rotation is killed again and again: everything can still be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connections, transaction

from core import audit, checks, crypto, scope
from core.models import AuditEvent, AuditPayload, DataKey
from incidents.models import Concern
from policyhub.tests.durability import ground
from schools.models import Learner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def key_file_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.KEY_FILE = tmp_path / "keys" / "key-encryption-keys"
    crypto.make_key_file(settings.KEY_FILE)


def rotate_forever(number: int, file: Path, school: Any) -> None:
    """What an administrator does once a year, here again and again."""
    while True:
        try:
            with Path("/dev/null").open("w") as nowhere:
                call_command("rotate_keys", outer=True, school=school.slug, stdout=nowhere)
        except (OperationalError, InterfaceError):
            connections.close_all()
        else:
            ground.acknowledge(file.with_suffix(".rotated"), number)


def read_forever(number: int, file: Path, school: Any) -> None:
    """Somebody who reads what was written, and notes what does not open."""
    while True:
        for text in unreadable(school):
            ground.acknowledge(file.with_suffix(".unread"), text)
        ground.acknowledge(file.with_suffix(".read"), number)


def put_on_roll(school: Any, count: int) -> None:
    """Many children at once, three sealed values each."""
    born = date(2016, 3, 9)
    with transaction.atomic():
        Learner.objects.bulk_create(
            Learner(school=school, first_name=f"Robin {n}", last_name="Ashdown", birth_date=born)
            for n in range(count)
        )


def unreadable(school: Any) -> list[str]:
    """The ids of what does not open: children on roll, stories, names, details of the trail."""
    shut = []
    with scope.acting(schools=[school.pk]), scope.reading():
        for learner in Learner.objects.all():
            shut += [] if opens(lambda row=learner: (row.name, row.birth_date)) else [str(learner.pk)]
        for concern in Concern.objects.all():
            shut += [] if opens(lambda row=concern: row.narrative) else [str(concern.pk)]
            for person in concern.people.all():
                shut += [] if opens(lambda row=person: row.name) else [str(person.pk)]
        payloads = AuditPayload.objects.in_bulk()
        for event in AuditEvent.objects.filter(pk__in=payloads):
            held = payloads[event.pk]
            shut += [] if opens(lambda e=event, p=held: audit.payload_of(e, p)) else [str(event.pk)]
    return shut


def opens(read: Any) -> bool:
    try:
        read()
    except crypto.Undecryptable:
        return False
    return True


def test_rotation_killed_under_load_leaves_everything_readable(school, settings, tmp_path, soak):
    by, file, kills = ground.make_people(school), tmp_path / "acknowledged", 50 if soak else 4
    put_on_roll(school, 15_000 if soak else 20)
    for _ in range(1000 if soak else 10):
        ground.acknowledge(file, ground.log_one(school, by).pk)

    with (
        ground.kept_alive(ground.log_forever, 2, file, school, by),
        ground.kept_alive(read_forever, 1, file, school),
        ground.kept_alive(rotate_forever, 1, file, school) as kill,
    ):
        kill(kills)
        for what in (".rotated", ".read"):  # a pass over fifty thousand values beside writers takes minutes
            ground.await_progress(file.with_suffix(what), 2, patience=900)

    crypto.read_key_file.cache_clear()
    call_command("rotate_keys", school=school.slug)
    crypto._opened.clear()
    with scope.acting(schools=[school.pk]), scope.reading():
        values = Learner.objects.count() * 3 + Concern.objects.count() * 2 + AuditPayload.objects.count()
        keys = DataKey.objects.filter(school_id=school.pk).count()
    rotations = len(crypto.read_key_file(settings.KEY_FILE)) - 1
    ground.report(
        "rotation",
        kills=kills,
        rotations=rotations,
        values=values,
        data_keys_left=keys,
        unreadable=len(unreadable(school)),
    )
    assert (unreadable(school), keys) == ([], 1)
    assert ground.acknowledged(file.with_suffix(".unread")) == []
    assert ground.damage(school, file).none, ground.damage(school, file)


def test_the_count_sees_a_value_that_does_not_open(school):
    """The control."""
    ground.make_people(school)
    crypto._opened.clear()
    with scope.acting(schools=[school.pk]), scope.reading():
        crypto.write_key_file(crypto.settings.KEY_FILE, {1: bytes(32)})

    assert len(unreadable(school)) > 2


def test_two_rotations_at_once_add_two_outer_keys(settings):
    before = crypto.read_key_file(settings.KEY_FILE)

    ground.together(crypto.add_outer_key, [(settings.KEY_FILE,)] * 8)

    crypto.read_key_file.cache_clear()
    keys = crypto.read_key_file(settings.KEY_FILE)
    assert (len(keys), len(set(keys.values())), keys[1]) == (9, 9, before[1])


def test_a_start_with_another_key_file_is_refused(school, settings):
    with scope.reading():
        crypto.seal(crypto.SYSTEM, ("a", "b", "c"), b"secret")
    crypto._opened.clear()
    crypto.write_key_file(settings.KEY_FILE, {1: bytes(32)})

    with pytest.raises(ImproperlyConfigured, match="The key file does not open this database"):
        checks.refuse_faulty_start()
