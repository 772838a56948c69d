"""Writes of tenancy: who may, what stands afterwards, and what the audit says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection
from django.utils import timezone

from core import audit, scope
from core.errors import DomainError, PermissionRefused
from core.models import AuditEvent, OutgoingMail
from schools import services
from schools.enums import Permission, Role
from schools.models import Draft, Learner, Membership, Rule, User, Word
from schools.permissions import ROLE_PERMISSIONS
from schools.selectors import drafts_of, rule_questions
from schools.tests.factories import TESTS, make_learner, make_member, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def last_entry(school) -> AuditEvent:
    """The newest entry of the school's audit."""
    return AuditEvent.objects.filter(school_id=school.pk).order_by("-seq").first()


def told(event: AuditEvent) -> dict:
    """Its sealed details."""
    return audit.payload_of(event)


# --- People -----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R043")
@pytest.mark.parametrize("role", Role.values)
def test_only_those_who_manage_people_add_them(school, role):
    by = make_member(school, Role(role))
    may = Permission.PEOPLE_MANAGE in ROLE_PERMISSIONS[Role(role)]
    before = Membership.objects.count()

    try:
        services.invite_member(school, "new@school.example", "Wren Okafor", Role.STAFF, by=by)
    except PermissionRefused:
        assert not may
    else:
        assert may

    assert Membership.objects.count() == before + may
    assert User.objects.filter(email="new@school.example").count() == may


def test_managers_of_another_school_may_not(school, other_school):
    by = make_member(other_school, Role.HEADTEACHER)

    with pytest.raises(PermissionRefused):
        services.add_member(school, make_user(), by=by)


def test_a_person_without_membership_cannot_act(school):
    with pytest.raises(DomainError):
        services.add_member(school, make_user(), by=make_user())


def test_an_invited_person_has_a_post_a_mail_and_no_password(school):
    member = services.invite_member(school, "New@School.example", "Wren Okafor", Role.OFFICE, by=TESTS)

    assert (member.user.email, member.user.has_usable_password()) == ("new@school.example", False)
    assert member.roles == {Role.OFFICE}
    assert [mail.template for mail in OutgoingMail.objects.filter(recipient=member.user.email)] == [
        "schools/invited"
    ]


def test_nobody_is_invited_twice(school):
    user = make_member(school, Role.STAFF).user

    with pytest.raises(DomainError, match="belongs to the school already"):
        services.invite_member(school, user.email, "Again", Role.STAFF, by=TESTS)


def test_a_post_begins_on_its_day(school):
    member = make_member(school)

    services.appoint(member, Role.DSL, by=TESTS, starts_on=timezone.localdate() + DAY)

    assert member.roles == frozenset()


def test_an_unknown_post_is_refused(school):
    with pytest.raises(ValidationError):
        services.appoint(make_member(school), "king", by=TESTS)


def test_a_post_that_ends_is_over_today_and_the_audit_says_since_when(school):
    member = make_member(school, Role.DSL)
    post, today = member.appointments.get(), timezone.localdate()

    services.end_appointment(post, by=TESTS)

    assert Membership.objects.get(pk=member.pk).roles == frozenset()
    assert told(last_entry(school))["changes"] == {
        "starts_on": [today.isoformat(), (today - DAY).isoformat()],
        "ends_on": [None, (today - DAY).isoformat()],
    }


def test_a_post_may_end_on_a_day_to_come(school):
    member = make_member(school, Role.DSL)

    services.end_appointment(member.appointments.get(), by=TESTS, last_day=timezone.localdate() + 7 * DAY)

    assert Membership.objects.get(pk=member.pk).roles == {Role.DSL}


def test_a_write_without_its_audit_entry_does_not_stand(school):
    member = make_member(school, Role.STAFF)

    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO") and "core_auditevent" in sql:
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        services.appoint(member, Role.DSL, by=TESTS)

    assert list(member.appointments.values_list("role", flat=True)) == [Role.STAFF]


# --- Learners, words, rules -------------------------------------------------------------------------------------------


@pytest.mark.requirement("R043")
def test_names_and_birth_date_of_a_learner_are_sealed(school):
    learner = make_learner(school, "Quillon", "Marchbanks", birth_date=date(2015, 2, 3))
    services.add_contact(learner, "Ottoline Marchbanks", by=TESTS, phone="01632 960011")

    raw = ""
    with connection.cursor() as cursor:
        for table in ("schools_learner", "schools_learnercontact", "core_auditpayload"):
            cursor.execute(f"SELECT * FROM {table}")
            raw += repr(
                [[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in cursor]
            )

    assert [
        text for text in ("Quillon", "Marchbanks", "Ottoline", "960011", "2015-02-03") if text in raw
    ] == []
    assert Learner.objects.get().name == "Quillon Marchbanks"


def test_staff_add_no_learner(school):
    with pytest.raises(PermissionRefused):
        services.add_learner(school, "A", "B", by=make_member(school, Role.STAFF))


def test_a_word_is_set_once_and_changed_in_place(school):
    for text in ("pupil", "student"):
        services.set_word(school, "learner", text, by=TESTS)

    assert list(Word.objects.values_list("key", "text")) == [("learner", "student")]


def test_what_a_word_or_rule_was_before_is_in_the_audit(school):
    for text, hours in (("pupil", "2"), ("student", "3")):
        services.set_word(school, "learner", text, by=TESTS)
        services.set_rule(school, "triage_hours", hours, by=TESTS)

    entries = AuditEvent.objects.filter(action__in=["word.set", "rule.set"]).order_by("seq")
    assert [audit.payload_of(entry)["changes"] for entry in entries] == [
        {"learner": [None, "pupil"]},
        {"triage_hours": [None, "2"]},
        {"learner": ["pupil", "student"]},
        {"triage_hours": ["2", "3"]},
    ]


def test_a_rule_has_the_day_on_which_it_was_decided_last(school, time_machine):
    for day in (date(2026, 9, 1), date(2026, 10, 1)):
        time_machine.move_to(datetime.combine(day, time(12), tzinfo=UTC))
        services.set_rule(school, "triage_hours", "2", by=TESTS)

    assert Rule.objects.get().decided_on == date(2026, 10, 1)


def test_an_unknown_word_or_rule_is_refused(school):
    with pytest.raises(DomainError):
        services.set_word(school, "nonsense", "x", by=TESTS)
    with pytest.raises(DomainError):
        services.set_rule(school, "nonsense", "x", by=TESTS)


def test_an_answer_that_is_no_option_is_refused(school):
    key = next(key for key, question in rule_questions().items() if question.options)
    with pytest.raises(DomainError, match="Choose one"):
        services.set_rule(school, key, "something else", by=TESTS)

    assert Rule.objects.count() == 0


@pytest.mark.parametrize(("key", "whole"), [("triage_hours", "13"), ("policy_review_reminder_days", "9999")])
@pytest.mark.parametrize("value", ["\u00b2", "100000000", "-1", "1.5", "", "four", "9" * 5000])
def test_a_number_that_no_clock_can_count_with_is_refused(school, key, whole, value):
    with pytest.raises(DomainError, match="whole numbers only"):
        services.set_rule(school, key, value, by=TESTS)
    services.set_rule(school, key, whole, by=TESTS)

    assert list(Rule.objects.values_list("value", flat=True)) == [whole]


@pytest.mark.parametrize("value", ["0", "14"])
def test_a_number_outside_what_is_offered_is_refused(school, value):
    with pytest.raises(DomainError, match="from 1 to 13"):
        services.set_rule(school, "triage_hours", value, by=TESTS)

    assert Rule.objects.count() == 0


def test_a_term_ends_after_it_starts(school):
    with pytest.raises((ValidationError, IntegrityError)):
        services.add_term(school, "Backwards", date(2026, 12, 1), date(2026, 9, 1), by=TESTS)


# --- Sign-ins ---------------------------------------------------------------------------------------------------------


def test_a_sign_in_is_an_entry_in_each_school_of_today(school, other_school):
    user = make_user()
    make_member(school, user=user)
    gone = make_member(other_school, user=user)
    with scope.acting(schools=[other_school.pk]):
        services.end_membership(gone, by=TESTS)

    count = services.record_sign_in_event(user, "person.signed_in", by=user)

    assert count == 1
    assert (last_entry(school).action, last_entry(school).actor_id) == ("person.signed_in", str(user.pk))


def test_mail_about_a_sign_in_is_owed_once_for_a_cause(school):
    user = make_member(school).user

    owed = [
        services.mail_about_sign_in(user, "schools/password_reset", cause=cause, path="/accounts/")
        for cause in ("first", "first", "second")
    ]

    assert [mail is not None for mail in owed] == [True, False, True]
    assert services.mail_about_sign_in(make_user(), "schools/password_reset", cause="x", path="/") is None


# --- Drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_token_is_good_for_its_person_alone_and_cannot_be_changed(school):
    user, other = make_member(school).user, make_member(school).user
    token = services.draft_token(user, school, "incidents.concern")
    tries = [(one, user) for one in ("", "x", token[:-1], token + "x")] + [(token, other), (token, user)]

    kept = [services.keep_draft(one, {"narrative": ["Words"]}, by=by) for one, by in tries]

    assert (kept, Draft.objects.get().user) == ([False] * 5 + [True], user)


def test_what_comes_without_a_sign_in_is_kept_beside_and_never_over(school):
    user = make_member(school).user
    token = services.draft_token(user, school, "incidents.concern")
    services.keep_draft(token, {"narrative": ["Mine"]}, by=user)
    for text in ("late", "later"):
        assert services.keep_draft(token, {"narrative": [text]})

    kept = [draft and services.typed_text(draft) for draft in drafts_of(school, user.pk, "incidents.concern")]
    assert kept == [{"narrative": "Mine"}, {"narrative": "later"}]


def test_nothing_is_kept_for_somebody_who_has_left(school):
    member = make_member(school)
    token = services.draft_token(member.user, school, "incidents.concern")
    services.end_membership(member, by=TESTS)

    assert (services.keep_draft(token, {"narrative": ["Late"]}), Draft.objects.count()) == (False, 0)


def test_a_draft_is_replaced_and_forgotten(school):
    user = make_member(school).user
    token = services.draft_token(user, school, "incidents.concern")
    for text in ("first", "second"):
        services.keep_draft(
            token, {"narrative": [text], "csrfmiddlewaretoken": ["x"], "draft_token": [token]}, by=user
        )
    assert [services.typed_text(draft) for draft in Draft.objects.all()] == [{"narrative": "second"}]

    services.discard_draft(school, user, "incidents.concern")

    assert Draft.objects.count() == 0
