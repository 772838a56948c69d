"""What was written is never changed, by any way into the database."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import crypto, rotation
from core.audit import Job
from core.fields import salted_digest
from incidents import services
from incidents.models import Action, ChronologyEntry, Concern
from incidents.tests.factories import STORY, make_open
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def concern(school):
    return make_open(school, make_member(school, Role.DSL))


@pytest.fixture
def entry(concern):
    return services.add_entry(concern, services.NewEntry("What was seen."), by=concern.lead)


def _save(concern):
    concern.narrative = "Changed."
    concern.save(update_fields=["narrative"])


def _save_all(concern):
    concern.narrative = "Changed."
    concern.save()


def _bulk(concern):
    concern.narrative = "Changed."
    Concern.objects.bulk_update([concern], ["narrative"])


def _save_with_version(concern):
    concern.narrative, concern.key_version = "Changed.", concern.key_version + 1
    concern.narrative_digest = salted_digest("Changed.")
    concern.save(update_fields=["narrative", "narrative_digest", "key_version"])


def _upsert(concern):
    concern.narrative_digest = salted_digest("Changed.")
    Concern.objects.bulk_create(
        [concern], update_conflicts=True, unique_fields=["id"], update_fields=["narrative_digest"]
    )


def _raw(concern, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement, [concern.pk.hex if connection.vendor == "sqlite" else concern.pk])


def _sql(statement):
    return lambda concern: _raw(concern, statement)


WAYS = {
    "save": _save,
    "save everything": _save_all,
    "bulk update": _bulk,
    "save with digest and a newer key": _save_with_version,
    "upsert": _upsert,
    "update ciphertext": lambda one: Concern.objects.filter(pk=one.pk).update(
        narrative_digest=salted_digest("x")
    ),
    "update time": lambda one: Concern.objects.filter(pk=one.pk).update(happened_at=timezone.now()),
    "update reporter": lambda one: Concern.objects.filter(pk=one.pk).update(reporter=one.lead),
    "update school": lambda one: Concern.objects.filter(pk=one.pk).update(reference="AAAA-AAAA"),
    "delete": lambda one: one.delete(),
    "delete many": lambda one: Concern.objects.filter(pk=one.pk)._raw_delete(Concern.objects.db),
    "raw update": _sql("UPDATE incidents_concern SET narrative = NULL WHERE id = %s"),
    "raw update of the digest": _sql("UPDATE incidents_concern SET narrative_digest = '' WHERE id = %s"),
    "raw older key": _sql("UPDATE incidents_concern SET key_version = 0 WHERE id = %s"),
    "raw delete": _sql("DELETE FROM incidents_concern WHERE id = %s"),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_no_way_changes_a_report(concern, way):
    before = (
        Concern.objects.filter(pk=concern.pk)
        .values_list("narrative", "narrative_digest", "happened_at", "reporter_id", "reference")
        .get()
    )
    with pytest.raises((DatabaseError, FieldError)), transaction.atomic():
        WAYS[way](Concern.objects.get(pk=concern.pk))
    after = (
        Concern.objects.filter(pk=concern.pk)
        .values_list("narrative", "narrative_digest", "happened_at", "reporter_id", "reference")
        .get()
    )
    assert after == before
    assert Concern.objects.get(pk=concern.pk).narrative == STORY


@pytest.mark.sqlite
@pytest.mark.parametrize("table", ["concern", "chronologyentry"])
def test_replace_changes_nothing(concern, entry, table):
    row = concern if table == "concern" else entry
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"REPLACE INTO incidents_{table} SELECT * FROM incidents_{table} WHERE id = %s", [row.pk.hex]
        )
    assert type(row).objects.filter(pk=row.pk).exists()


ENTRY_WAYS = {
    "save": lambda one: one.save(),
    "update kind": lambda one: ChronologyEntry.objects.filter(pk=one.pk).update(kind="talk"),
    "update time": lambda one: ChronologyEntry.objects.filter(pk=one.pk).update(happened_at=timezone.now()),
    "update author": lambda one: ChronologyEntry.objects.filter(pk=one.pk).update(
        author=one.concern.reporter
    ),
    "update digest": lambda one: ChronologyEntry.objects.filter(pk=one.pk).update(
        text_digest=salted_digest("x")
    ),
    "delete": lambda one: one.delete(),
    "delete of many": lambda one: ChronologyEntry.objects.filter(pk=one.pk)._raw_delete(
        ChronologyEntry.objects.db
    ),
}


@pytest.mark.parametrize("way", list(ENTRY_WAYS))
def test_no_way_changes_an_entry(entry, way):
    found = ChronologyEntry.objects.get(pk=entry.pk)
    found.text = "Changed."
    with pytest.raises(DatabaseError), transaction.atomic():
        ENTRY_WAYS[way](found)
    kept = ChronologyEntry.objects.get(pk=entry.pk)
    assert (kept.text, kept.kind, kept.author_id) == ("What was seen.", "note", entry.author_id)


def test_the_words_of_an_action_stay_while_it_is_done(concern):
    action = services.add_action(
        concern, services.NewAction("Ring.", concern.lead, timezone.localdate()), by=concern.lead
    )
    action.text = "Do nothing."
    with pytest.raises(DatabaseError), transaction.atomic():
        action.save()
    services.complete_action(action, by=concern.lead)
    assert Action.objects.get().text == "Ring."


def test_a_new_key_seals_everything_anew_and_changes_no_word(concern, entry):
    with transaction.atomic():
        crypto.make_data_key(concern.school_id)
    assert rotation.seal_anew(concern.school_id, by=Job("tests")) > 0
    found, kept = Concern.objects.get(pk=concern.pk), ChronologyEntry.objects.get(pk=entry.pk)
    assert (found.narrative, kept.text, found.key_version, kept.key_version) == (
        STORY,
        "What was seen.",
        2,
        2,
    )
