"""Sealed values open only in their own place, with their own key."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, transaction

from core import crypto, rotation
from core.models import DataKey
from schools.models import Learner
from schools.tests.factories import TESTS, make_learner

pytestmark = pytest.mark.django_db
PLACE = ("app.model", "1", "field")


def test_seal_opens_to_the_same_text(school):
    sealed = crypto.seal(school.pk, PLACE, "Zoë said: it was him".encode())

    assert crypto.unseal(school.pk, PLACE, sealed).decode() == "Zoë said: it was him"


@pytest.mark.parametrize(
    "place", [("app.other", "1", "field"), ("app.model", "2", "field"), ("app.model", "1", "note")]
)
def test_seal_refuses_another_place(school, place):
    sealed = crypto.seal(school.pk, PLACE, b"text")

    with pytest.raises(crypto.Undecryptable):
        crypto.unseal(school.pk, place, sealed)


def test_seal_refuses_another_school(school, other_school):
    sealed = crypto.seal(school.pk, PLACE, b"text")

    with pytest.raises(crypto.Undecryptable):
        crypto.unseal(other_school.pk, PLACE, sealed)


def test_every_flipped_bit_is_noticed(school):
    sealed = crypto.seal(school.pk, PLACE, b"text")

    for position in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[position] ^= 1 << bit
            with pytest.raises(crypto.Undecryptable):
                crypto.unseal(school.pk, PLACE, bytes(changed))


def test_database_holds_no_name(school):
    learner = make_learner(school, "Marguerite", "Oxenholme")

    with connection.cursor() as cursor:
        cursor.execute("SELECT first_name, last_name FROM schools_learner")
        stored = b"".join(bytes(value) for row in cursor.fetchall() for value in row)

    assert b"Marguerite" not in stored
    assert b"Oxenholme" not in stored
    assert Learner.objects.get(pk=learner.pk).name == "Marguerite Oxenholme"


def test_sealed_field_cannot_be_searched_by_the_database(school):
    with pytest.raises(FieldError):
        Learner.objects.filter(first_name="Robin").exists()


def test_sealed_field_cannot_be_written_past_its_row(school):
    learner = make_learner(school)

    with pytest.raises(FieldError):
        Learner.objects.filter(pk=learner.pk).update(first_name="Other")


def test_rotation_seals_everything_with_the_new_key_and_drops_the_old(school):
    learner = make_learner(school, "Robin", "Ashdown")
    before = DataKey.objects.get(school_id=school.pk)
    with transaction.atomic():
        crypto.make_data_key(school.pk)

    rotation.seal_anew(school.pk, by=TESTS)

    key = DataKey.objects.get(school_id=school.pk)
    assert key.pk != before.pk
    assert (
        crypto.key_id_of(Learner.objects.filter(pk=learner.pk).values_list("first_name", flat=True)[0].data)
        == key.pk
    )
    assert Learner.objects.get(pk=learner.pk).name == "Robin Ashdown"


def test_key_is_looked_up_once_in_a_transaction(school, django_assert_num_queries):
    connection.data_keys.clear()  # the school was made in the transaction of this test

    with django_assert_num_queries(1):
        crypto.seal(school.pk, PLACE, b"one")
        crypto.seal(school.pk, PLACE, b"two")


def test_key_whose_making_was_taken_back_is_not_used(school):
    before = crypto.current_key(school.pk)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        crypto.make_data_key(school.pk)
        assert crypto.current_key(school.pk).version == before.version + 1
        _ = 1 / 0

    assert crypto.current_key(school.pk) == before


@pytest.mark.django_db(transaction=True)
def test_key_made_meanwhile_is_used_by_the_next_transaction(school):
    with transaction.atomic():
        before = crypto.current_key(school.pk)
    with transaction.atomic():
        crypto.make_data_key(school.pk)

    with transaction.atomic():
        assert crypto.current_key(school.pk).version == before.version + 1


def test_rotation_stopped_half_way_goes_on(school):
    learners = [make_learner(school, f"Child{number}", "Ashdown") for number in range(5)]
    with transaction.atomic():
        crypto.make_data_key(school.pk)
    half = Learner.objects.get(pk=learners[0].pk)
    rotation._reseal_row(
        Learner.objects.get(pk=half.pk),
        [Learner._meta.get_field("first_name")],
        crypto.current_key(school.pk),
    )

    rotation.seal_anew(school.pk, by=TESTS)

    assert sorted(learner.first_name for learner in Learner.objects.all()) == [
        f"Child{number}" for number in range(5)
    ]
    assert DataKey.objects.filter(school_id=school.pk).count() == 1


def test_key_file_of_another_installation_opens_nothing(school, settings, tmp_path: Path):
    key = crypto.current_key(school.pk)
    crypto._opened.pop(key.pk, None)
    settings.KEY_FILE = tmp_path / "keys"
    crypto.write_key_file(settings.KEY_FILE, {1: bytes(range(32))})

    with pytest.raises(crypto.Undecryptable, match="key file does not open"):
        crypto.unwrap(key)


def test_outer_key_rotation_wraps_anew_and_still_opens(school, settings, tmp_path: Path):
    keys = crypto.read_key_file(settings.KEY_FILE)
    settings.KEY_FILE = tmp_path / "keys"
    crypto.write_key_file(settings.KEY_FILE, {**keys, 2: uuid.uuid4().bytes * 2})
    learner = make_learner(school)

    assert crypto.rewrap_data_keys() >= 1

    crypto._opened.clear()
    assert Learner.objects.get(pk=learner.pk).first_name == "Robin"


@pytest.mark.parametrize("content", ["", "1:short", "no colon here", "x:AAAA"])
def test_damaged_key_file_is_named(tmp_path: Path, content):
    path = tmp_path / "keys"
    path.write_text(content)

    with pytest.raises(ImproperlyConfigured, match="KEY_FILE"):
        crypto.read_key_file(path)


def test_missing_key_file_says_what_to_do(tmp_path: Path):
    with pytest.raises(ImproperlyConfigured, match="make_keys"):
        crypto.read_key_file(tmp_path / "absent")


def test_key_file_is_written_for_its_owner_alone(tmp_path: Path):
    path = tmp_path / "keys"

    crypto.make_key_file(path)

    assert crypto.key_file_is_private(path)
