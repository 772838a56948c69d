"""Registers: written once, corrected beside, never changed, and due when they are due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.errors import Conflict, DomainError, PermissionRefused, SentBefore
from core.models import AuditEvent
from registers import selectors, services
from registers.enums import Register
from registers.models import RegisterEntry
from registers.tests.factories import NOTES, add, check, meeting
from schools.enums import Role
from schools.models import Term
from schools.tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def may(time_machine):
    """Named before people, whose posts begin on the day they are made."""
    time_machine.move_to(datetime(2027, 5, 4, 12, tzinfo=UTC))


@pytest.fixture
def september(time_machine):
    """Likewise."""
    time_machine.move_to(datetime(2027, 9, 6, 12, tzinfo=UTC))


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


@pytest.fixture
def governor(school):
    return make_member(school, Role.NAMED_GOVERNOR)


@pytest.mark.requirement("R268")
def test_meeting_keeps_date_people_notes_and_actions(dsl, governor):
    add(dsl, meeting(dsl, governor))

    stored = RegisterEntry.objects.get()
    assert (stored.happened_on, stored.done_by, stored.second) == (timezone.localdate(), dsl, governor)
    assert (stored.notes, stored.actions) == (NOTES, "Poster.")
    assert AuditEvent.objects.filter(action="register.added", object_id=str(stored.pk)).count() == 1


@pytest.mark.requirement("R132")
def test_check_keeps_who_what_result_and_action(school, dsl):
    technician = make_member(school, Role.IT)

    add(dsl, check(technician, checked=["learner", "alerts"], result="partly", actions="Ask the provider."))

    stored = RegisterEntry.objects.get()
    assert (stored.done_by, stored.checked, stored.result) == (technician, ["learner", "alerts"], "partly")
    assert stored.actions == "Ask the provider."


def test_same_form_sent_twice_is_one_entry(school, dsl, governor):
    ref, entry = uuid4(), meeting(dsl, governor)

    made = [services.add_entry(school, entry, by=dsl, client_ref=ref).pk for _ in range(2)]

    assert (made[0], RegisterEntry.objects.count()) == (made[1], 1)


OTHER_WORDS = [
    {"notes": "Other."},
    {"actions": "Other."},
    {"happened_on": timezone.localdate() - timedelta(days=1)},
]


@pytest.mark.parametrize("changed", OTHER_WORDS)
def test_same_form_with_other_words_is_refused(school, dsl, governor, changed):
    ref = uuid4()
    first = services.add_entry(school, meeting(dsl, governor), by=dsl, client_ref=ref)

    with pytest.raises(SentBefore) as refused:
        services.add_entry(school, meeting(dsl, governor, **changed), by=dsl, client_ref=ref)

    assert (refused.value.first, RegisterEntry.objects.count()) == (first, 1)


@pytest.mark.parametrize("changed", [{"result": "fails"}, {"checked": ["learner", "staff"]}])
def test_same_check_with_another_finding_is_refused(school, dsl, changed):
    ref = uuid4()
    services.add_entry(school, check(dsl), by=dsl, client_ref=ref)

    with pytest.raises(SentBefore):
        services.add_entry(school, check(dsl, **changed), by=dsl, client_ref=ref)


def test_same_correction_is_one_and_another_reason_is_refused(dsl, governor):
    entry, new, ref = add(dsl, meeting(dsl, governor)), meeting(dsl, governor, notes="Better."), uuid4()
    made = [services.correct_entry(entry, new, by=dsl, reason="Wrong.", client_ref=ref).pk for _ in range(2)]

    with pytest.raises(SentBefore):
        services.correct_entry(entry, new, by=dsl, reason="Forgotten.", client_ref=ref)

    assert (made[0], RegisterEntry.objects.count()) == (made[1], 2)


WRONG = {
    "a day to come": {"happened_on": date(2999, 1, 1)},
    "no governor": {"second": None},
    "no notes": {"notes": "  "},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG.keys())
def test_incomplete_meeting_is_refused(dsl, governor, changes):
    with pytest.raises(DomainError):
        add(dsl, meeting(dsl, governor, **changes))

    assert RegisterEntry.objects.count() == 0


@pytest.mark.parametrize("changes", [{"checked": []}, {"result": ""}, {"checked": ["nonsense"]}])
def test_incomplete_check_is_refused(dsl, changes):
    with pytest.raises(DomainError):
        add(dsl, check(dsl, **changes))


def test_person_of_another_school_is_refused(dsl, other_school):
    with pytest.raises(DomainError, match="this school"):
        add(dsl, check(make_member(other_school, Role.DSL)))


@pytest.mark.parametrize("role", [Role.NAMED_GOVERNOR, Role.IT, Role.STAFF, Role.OFFICE])
def test_register_is_kept_by_those_who_lead(school, dsl, governor, role):
    with pytest.raises(PermissionRefused):
        add(make_member(school, role), meeting(dsl, governor))


def correct(entry, new, by):
    return services.correct_entry(entry, new, by=by, reason="Wrong day.", client_ref=uuid4())


def test_correction_stands_beside_the_entry(school, dsl, governor):
    entry = add(dsl, meeting(dsl, governor))
    yesterday = timezone.localdate() - timedelta(days=1)

    made = correct(entry, meeting(dsl, governor, happened_on=yesterday), dsl)

    assert RegisterEntry.objects.get(pk=entry.pk).happened_on == timezone.localdate()
    assert list(selectors.entries(school, Register.GOVERNOR_MEETING)) == [made]
    assert selectors.history(entry) == [entry, made]


def test_entry_is_corrected_once_and_then_its_correction(dsl, governor):
    entry = add(dsl, meeting(dsl, governor))
    correct(entry, meeting(dsl, governor, notes="Better."), dsl)

    with pytest.raises(Conflict, match="just now"):
        correct(entry, meeting(dsl, governor, notes="Also."), dsl)


def test_correction_says_why(dsl, governor):
    entry = add(dsl, meeting(dsl, governor))

    with pytest.raises(DomainError, match="why"):
        services.correct_entry(entry, meeting(dsl, governor), by=dsl, reason=" ", client_ref=uuid4())


CHANGES = {
    "notes": b"x",
    "happened_on": "2020-01-01",
    "result": "fails",
    "second_id": None,
    "checked": '["guest"]',
}


@pytest.mark.parametrize("column", CHANGES)
def test_entry_is_never_changed(dsl, governor, column):
    add(dsl, meeting(dsl, governor))

    with pytest.raises(DatabaseError, match=r"never changed|permission denied"), transaction.atomic():
        _raw(f"UPDATE registers_registerentry SET {column} = %s", CHANGES[column])


def test_entry_is_never_deleted(dsl, governor):
    add(dsl, meeting(dsl, governor))

    with pytest.raises(DatabaseError, match=r"never changed|permission denied"), transaction.atomic():
        _raw("DELETE FROM registers_registerentry")


def _raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def terms(school):
    """Two terms that are past and the one that runs."""
    spans = [
        ("Spring", date(2027, 1, 4), date(2027, 3, 26)),
        ("Summer", date(2027, 4, 12), date(2027, 7, 20)),
        ("Autumn", date(2027, 9, 2), date(2027, 12, 17)),
    ]
    return [Term.objects.create(school=school, name=n, starts_on=a, ends_on=b) for n, a, b in spans]


@pytest.mark.requirement("R268")
@pytest.mark.parametrize(
    ("last", "due"),
    [(None, date(2027, 3, 26)), (date(2027, 2, 1), date(2027, 7, 20)), (date(2027, 5, 3), None)],
)
def test_meeting_is_due_each_term(school, terms, may, dsl, governor, last, due):
    if last:
        add(dsl, meeting(dsl, governor, happened_on=last))

    standing = {row.asks.register: row for row in selectors.standings(school)}[Register.GOVERNOR_MEETING]

    assert standing.due_on == (due or date(2027, 12, 17))


@pytest.mark.requirement("R132")
def test_check_is_due_after_the_schools_own_number_of_school_days(school, terms, september, dsl):
    add(dsl, check(dsl))

    standing = {row.asks.register: row for row in selectors.standings(school)}[Register.FILTERING_CHECK]

    assert (standing.last_on, standing.due_on) == (date(2027, 9, 6), date(2027, 10, 4))


def test_reminder_is_for_those_whose_work_it_is(school, dsl):
    posts = {
        role: [row.asks.register for row in selectors.to_do(make_member(school, role))]
        for role in (Role.DSL, Role.LEADERSHIP, Role.HEADTEACHER, Role.STAFF)
    }

    due = [Register.FILTERING_CHECK]
    assert posts == {Role.DSL: due, Role.LEADERSHIP: due, Role.HEADTEACHER: [], Role.STAFF: []}
