"""The audit chain is whole, or the first broken link is named."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core import audit, crypto, scope
from core.models import AuditEvent, AuditHead, AuditPayload
from schools.tests.factories import TESTS

pytestmark = pytest.mark.django_db


def write(school, count: int = 5) -> None:
    for number in range(count):
        with transaction.atomic():
            audit.record(
                "test.done",
                by=TESTS,
                school_id=school.pk,
                label=f"entry {number}",
                changes={"n": [None, number]},
            )


def test_chain_of_a_school_verifies_whole(school):
    write(school)

    assert audit.verify(school.pk).whole


def test_entries_follow_one_another(school):
    write(school)

    events = list(AuditEvent.objects.filter(school_id=school.pk).order_by("seq"))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.prev_hash for event in events[1:]] == [event.hash for event in events[:-1]]


def test_an_entry_takes_two_exchanges_with_a_server(school):
    write(school, 1)
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        write(school, 1)

    asked = [query["sql"] for query in captured if '"core_audit' in query["sql"]]
    assert len(asked) == (2 if connection.vendor == "postgresql" else 4)


@pytest.mark.requirement("R043")
def test_entry_holds_no_name_in_plain(school):
    with transaction.atomic():
        event = audit.record("test.done", by=TESTS, school_id=school.pk, label="Marguerite Oxenholme")

    plain = str(AuditEvent.objects.filter(pk=event.pk).values().get())
    assert "Marguerite" not in plain
    assert b"Marguerite" not in bytes(AuditPayload.objects.get(pk=event.pk).sealed)
    assert audit.payload_of(event)["label"] == "Marguerite Oxenholme"


def test_shredded_details_leave_the_chain_whole(school):
    write(school)

    AuditPayload.objects.filter(school_id=school.pk).delete()

    assert audit.verify(school.pk).whole


def test_exported_head_of_a_longer_chain_shows_the_cut(school):
    write(school)
    verdict = audit.verify(school.pk, expected={99: "0" * 64})

    assert (verdict.whole, verdict.reason) == (False, "entry 99 was exported and is missing")


def test_exported_head_that_differs_shows_the_rewrite(school):
    write(school)
    verdict = audit.verify(school.pk, expected={3: "0" * 64})

    assert (verdict.broken_at, verdict.reason) == (3, "it differs from the hash that was exported")


def test_actor_is_required(school):
    with pytest.raises(ValueError, match="person or job"), transaction.atomic():
        audit.record("test.done", by=None, school_id=school.pk)


def test_rolled_back_change_leaves_no_entry(school):
    before = audit.verify(school.pk).entries
    with pytest.raises(RuntimeError, match="undone"), transaction.atomic():
        audit.record("test.done", by=TESTS, school_id=school.pk)
        raise RuntimeError("undone")

    assert audit.verify(school.pk).entries == before


def test_command_says_whole(school, capsys):
    write(school)

    call_command("verify_audit", school=school.slug)

    assert f"{school.slug}: whole" in capsys.readouterr().out


def test_command_compares_with_exported_heads(school, capsys, tmp_path):
    write(school)
    call_command("verify_audit", school=school.slug, heads=True)
    exported = tmp_path / "heads.txt"
    exported.write_text("Dear chair,\n" + capsys.readouterr().out)
    write(school)

    call_command("verify_audit", school=school.slug, against=str(exported))

    assert "whole" in capsys.readouterr().out


def test_command_fails_on_a_wrong_exported_head(school, tmp_path):
    write(school)
    exported = tmp_path / "heads.txt"
    exported.write_text(f"{school.pk} 2 {'0' * 64}\n")

    with pytest.raises(SystemExit):
        call_command("verify_audit", school=school.slug, against=str(exported))


def test_one_entry_for_each_of_many_schools_needs_the_chain_of_each(school):
    with transaction.atomic():
        audit.record_each("test.swept", by=TESTS, changes={school.pk: {"count": [None, 3]}})
    both = [school.pk, uuid4()]

    with scope.acting(schools=both), pytest.raises(AuditHead.DoesNotExist), transaction.atomic():
        crypto.make_data_key(both[1])
        audit.record_each("test.swept", by=TESTS, changes={pk: {} for pk in both})

    entry = AuditEvent.objects.get(action="test.swept")
    assert audit.payload_of(entry)["changes"] == {"count": [None, 3]}
    assert audit.verify(school.pk).whole
