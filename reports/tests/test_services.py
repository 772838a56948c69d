"""A term report: frozen once, written, published, and never changed again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused
from core.models import AuditEvent, AuditHead, OutgoingMail
from incidents.models import Concern
from incidents.tests.factories import make_adult_concern, make_concern
from reports import services
from reports.models import TermReport
from reports.selectors.figures import population_of
from reports.tests.factories import SUMMARY, make_draft, make_published, make_term
from reports.tests.test_bands import leaks
from schools.enums import Role
from schools.tests.factories import make_learner, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


def begin(term, by):
    return services.begin_report(term, by=by, client_ref=uuid4())


def test_figures_are_not_taken_before_the_term_is_over(school, dsl):
    with pytest.raises(DomainError, match="not over yet"):
        begin(make_term(school, ended_days_ago=0), dsl)

    assert TermReport.objects.count() == 0


@pytest.mark.parametrize("role", [Role.HEADTEACHER, Role.NAMED_GOVERNOR, Role.STAFF, Role.OFFICE])
def test_only_the_safeguarding_leads_prepare_a_report(school, role):
    with pytest.raises(PermissionRefused):
        begin(make_term(school), make_member(school, role))


def test_a_term_has_one_report(school, dsl):
    term = make_term(school)

    assert begin(term, dsl).pk == begin(term, make_member(school, Role.DEPUTY_DSL)).pk
    assert AuditEvent.objects.filter(action="report.frozen").count() == 1


@pytest.mark.requirement("R267")
def test_late_entry_is_counted_in_the_next_report(school, dsl):
    autumn = make_term(school, ended_days_ago=1)
    report = begin(autumn, dsl)
    make_concern(school)

    spring = make_term(
        school,
        "Spring term",
        starts_on=timezone.localdate() + timedelta(days=2),
        ends_on=timezone.localdate() + timedelta(days=80),
    )
    assert report.figures["concerns"]["low"] == 0
    assert services.period_of(spring).first == timezone.localdate()


@pytest.mark.requirement("R267")
def test_exact_counts_are_never_stored(school, dsl, time_machine):
    term = make_term(school, ended_days_ago=0)
    for _ in range(3):
        make_concern(school)

    time_machine.move_to(timezone.now() + timedelta(days=1))
    figures = begin(term, dsl).figures["concerns"]

    lows = [[cell["low"] for cell in table["cells"]] for table in figures["tables"]]
    assert (figures["low"], lows) == (1, [[0, 0, 0, 0, 1], [0, 0, 0, 0, 1]])


def test_words_that_name_a_learner_are_refused(school, dsl):
    make_learner(school, "Robin", "Ashdown")

    with pytest.raises(DomainError, match="Ashdown"):
        make_draft(dsl, summary="The family of Robin Ashdown was seen.")


def test_words_that_name_a_member_are_refused(school, dsl):
    make_member(school, Role.STAFF, name="Marit Tolland")

    with pytest.raises(DomainError, match="Marit Tolland"):
        make_draft(dsl, outcomes="Marit Tolland took part.")


@pytest.mark.parametrize(
    "text", ["Two children were seen.", "There were 3 referrals.", "One new family came."]
)
def test_words_with_a_small_number_of_people_are_refused(dsl, text):
    with pytest.raises(DomainError, match="so small a number"):
        make_draft(dsl, summary=text)


@pytest.mark.parametrize(
    "text",
    [
        "Two adults take part in each lesson.",
        "All 210 pupils were taught.",
        "Four weeks later it had stopped.",
    ],
)
def test_ordinary_words_are_kept(dsl, text):
    assert make_draft(dsl, summary=text).summary == text


def test_second_author_is_told_who_was_first(school, dsl):
    report = make_draft(dsl)

    with pytest.raises(Conflict, match=dsl.name):
        services.write_words(
            report, services.Words("Mine."), by=make_member(school, Role.DEPUTY_DSL), version=0
        )

    assert TermReport.objects.get().summary == SUMMARY


def test_report_without_opening_words_is_not_published(school, dsl):
    report = begin(make_term(school), dsl)

    with pytest.raises(DomainError, match="opening words"):
        services.publish_report(report, by=dsl, version=report.version)


@pytest.mark.requirement("R266")
def test_publishing_tells_those_who_govern_and_nobody_else(school, dsl):
    governor, clerk = make_member(school, Role.NAMED_GOVERNOR), make_member(school, Role.CLERK)
    make_member(school, Role.STAFF)

    make_published(dsl)

    assert {mail.recipient for mail in OutgoingMail.objects.all()} == {governor.user.email, clerk.user.email}


def test_published_report_carries_the_head_of_the_audit(school, dsl):
    report = make_draft(dsl)
    head = AuditHead.objects.get(school_id=school.pk)

    published = services.publish_report(report, by=dsl, version=report.version)

    assert (published.audit_seq, published.audit_head) == (head.seq, head.hash)


def test_report_is_published_once(dsl):
    report = make_published(dsl)

    with pytest.raises(InvalidTransition):
        services.publish_report(report, by=dsl, version=report.version)
    with pytest.raises(InvalidTransition):
        services.write_words(report, services.Words("Changed."), by=dsl, version=report.version)


@pytest.mark.parametrize("column", ["summary", "covers_to", "state", "figures"])
def test_database_refuses_to_change_a_published_report(dsl, column):
    make_published(dsl)
    values = {"summary": "x", "covers_to": "2020-01-01", "state": "draft", "figures": "{}"}

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        _raw(f"UPDATE reports_termreport SET {column} = %s", values[column])


def test_database_refuses_to_change_the_figures_of_a_draft(dsl):
    make_draft(dsl)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        _raw("UPDATE reports_termreport SET figures = %s", "{}")


def test_database_refuses_to_delete_a_report(dsl):
    make_draft(dsl)

    with pytest.raises(DatabaseError, match=r"never changed|permission denied"), transaction.atomic():
        _raw("DELETE FROM reports_termreport")


@pytest.mark.parametrize(("month", "said"), [(7, True), (12, False)])
def test_matters_about_staff_are_one_line_once_a_year(school, month, said, time_machine):
    time_machine.move_to(datetime(2027, month, 10, 12, tzinfo=UTC))
    head, dsl = make_member(school, Role.HEADTEACHER), make_member(school, Role.DSL)
    make_adult_concern(school, make_member(school, Role.STAFF))
    assert head.roles

    time_machine.move_to(datetime(2027, month, 25, 12, tzinfo=UTC))
    report = begin(make_term(school), dsl)

    assert report.figures["staff"] == ("handled" if said else "")
    assert report.figures["concerns"]["low"] == 0


def _raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


KINDS = ["bullying", "bullying", "neglect", "device_misuse", "self_harm", "", "hate", "attendance"]


@pytest.mark.requirement("R266", "R269")
def test_stored_reports_prove_nothing_small(school, dsl, time_machine):
    published = []
    for number in range(2):
        term = make_term(
            school, f"Term {number}", ended_days_ago=0, starts_on=timezone.localdate() - timedelta(days=1)
        )
        for kind in KINDS[number:]:
            Concern.objects.filter(pk=make_concern(school, by=dsl).pk).update(category=kind)
        time_machine.move_to(timezone.now() + timedelta(days=3))
        published.append(
            services.publish_report(make_draft(dsl, term), by=dsl, version=1).figures["concerns"]
        )

    now, then = (population_of(stored) for stored in reversed(published))
    assert leaks(now, then) == 0
    assert [[cell["low"] for cell in table["cells"]] for table in published[1]["tables"]] == [
        [1, 1, 1, 1, 1],
        [0, 0, 0, 0, 1],
    ]
