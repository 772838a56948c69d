"""Every write on a concern: what changes, who is told, what the audit says, and what is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, PermissionRefused, SentBefore
from core.models import OutgoingMail
from incidents import services
from incidents.enums import Audience, EntryKind, Status
from incidents.models import ChronologyEntry, Concern, ShutOut
from incidents.tests.factories import (
    STORY,
    kinds,
    last_action,
    mails,
    make_adult_concern,
    make_concern,
    triage_of,
)
from schools.enums import Role
from schools.tests.factories import make_learner, make_member

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)


# --- Logging


@pytest.mark.requirement("R040")
def test_logging_keeps_the_words_and_tells_every_lead_and_nobody_else(school, dsl, deputy):
    make_member(school, Role.HEADTEACHER)
    teacher = make_member(school, Role.STAFF)
    concern = make_concern(
        school, by=teacher, learners=[make_learner(school)], already_done="Told the class teacher."
    )
    concern = Concern.objects.get(pk=concern.pk)
    assert (concern.narrative, concern.already_done, concern.status) == (
        STORY,
        "Told the class teacher.",
        Status.NEW,
    )
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", concern.reference)
    assert mails("concern_logged") == sorted([dsl.user.email, deputy.user.email])
    assert last_action() == "concern.logged"


def test_immediate_danger_has_its_own_mail_and_is_due_at_once(school, dsl):
    concern = make_concern(school, immediate_danger=True)
    assert (mails("immediate_danger"), mails("concern_logged")) == ([dsl.user.email], [])
    assert concern.due_at == concern.recorded_at


def test_mails_hold_a_reference_and_a_link_and_no_story(school, dsl):
    from core.mail import render_mail  # noqa: PLC0415

    concern = make_concern(school, learners=[make_learner(school)])
    mail = render_mail(OutgoingMail.objects.get())
    text = f"{mail.subject} {mail.body} {mail.alternatives[0].content}"
    assert concern.reference in text
    assert concern.get_absolute_url() in text
    assert [word for word in ("Robin", "Ashdown", "home", concern.reporter.name) if word in text] == []


def test_the_only_lead_is_told_of_what_they_log_themselves(school, dsl, deputy):
    make_concern(school, by=dsl)
    assert mails("concern_logged") == [deputy.user.email]


@pytest.mark.requirement("R166")
def test_a_concern_about_an_adult_goes_to_the_head_and_the_adult_is_shut_out(school, dsl):
    head, about = make_member(school, Role.HEADTEACHER), make_member(school, Role.STAFF)
    concern = make_adult_concern(school, about)
    assert (concern.audience, mails("concern_logged")) == (Audience.HEAD, [head.user.email])
    assert list(ShutOut.objects.values_list("concern", "user")) == [(concern.pk, about.user_id)]


@pytest.mark.requirement("R174")
def test_somebody_may_report_themselves_and_follow_it(school):
    make_member(school, Role.HEADTEACHER)
    staff = make_member(school, Role.STAFF)
    concern = make_adult_concern(school, staff, by=staff)
    assert concern.is_self_report
    assert ShutOut.objects.count() == 0


@pytest.mark.parametrize("narrative", ["", "   ", "\n\t", "x" * 50_001])
def test_an_empty_or_endless_report_is_refused_and_nothing_is_kept(school, narrative):
    with pytest.raises(DomainError):
        make_concern(school, narrative=narrative)
    assert Concern.objects.count() == 0


def test_nothing_can_have_happened_in_the_future(school):
    with pytest.raises(DomainError, match="future"):
        make_concern(school, happened_at=timezone.now() + timedelta(hours=1))
    assert Concern.objects.count() == 0


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "שלום 😀 مرحبا", "a\x00b", "'; drop table x; --", "{{ 7*7 }}"]
)
def test_any_words_are_kept_as_they_are(school, text):
    concern = make_concern(school, narrative=text)
    assert Concern.objects.get(pk=concern.pk).narrative == text.replace("\x00", "")


def test_people_of_another_school_are_refused(school, other_school):
    stranger = make_learner(other_school)
    with pytest.raises(DomainError, match="does not belong"):
        make_concern(school, learners=[stranger])
    with pytest.raises(PermissionRefused):
        make_concern(school, by=make_member(other_school, Role.STAFF))
    assert Concern.objects.count() == 0


def test_the_same_form_sent_twice_is_one_record(school, dsl):
    teacher, ref = make_member(school, Role.STAFF), uuid4()
    report = services.NewConcern(STORY)
    first = services.log_concern(school, report, by=teacher, client_ref=ref)
    assert services.log_concern(school, report, by=teacher, client_ref=ref) == first
    assert (Concern.objects.count(), OutgoingMail.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"narrative": "Something else."}, {"happened_at": WHEN + timedelta(minutes=1)}, {"happened_note": "At lunch."},
        {"place": "online"}, {"place_note": "Hall"}, {"service": "Chat"}, {"already_done": "Rang home."}, {"told_in_person": True},
        {"immediate_danger": True}, {"may_involve_imagery": True}, {"category": "neglect"}, {"names": ["A boy"]},
    ],
)  # fmt: skip
def test_a_form_that_comes_again_with_anything_changed_is_refused_with_what_was_kept(school, change):
    teacher, ref, first = make_member(school, Role.STAFF), uuid4(), {"narrative": STORY, "happened_at": WHEN}
    kept = services.log_concern(school, services.NewConcern(**first), by=teacher, client_ref=ref)
    with pytest.raises(SentBefore) as refused:
        services.log_concern(school, services.NewConcern(**{**first, **change}), by=teacher, client_ref=ref)
    assert (refused.value.first, Concern.objects.count()) == (kept, 1)


def test_a_form_that_comes_again_after_the_decision_is_the_first_record(school, dsl):
    teacher, ref, learner = make_member(school, Role.STAFF), uuid4(), make_learner(school)
    report = services.NewConcern(STORY, learners=[learner], category="neglect")
    kept = services.log_concern(school, report, by=teacher, client_ref=ref)
    services.triage_concern(kept, triage_of(dsl), by=dsl)
    services.add_person(kept, "witness", make_learner(school), by=dsl)
    assert services.log_concern(school, report, by=teacher, client_ref=ref) == kept


def test_the_form_of_another_reporter_shows_nothing_of_the_first(school):
    ref = uuid4()
    services.log_concern(
        school, services.NewConcern(STORY), by=make_member(school, Role.STAFF), client_ref=ref
    )
    with pytest.raises(Conflict) as refused:
        services.log_concern(
            school, services.NewConcern("Mine."), by=make_member(school, Role.STAFF), client_ref=ref
        )
    assert not isinstance(refused.value, SentBefore)


# --- Triage and lead


def test_triage_sets_what_was_decided_and_why_and_tells_the_lead(school, dsl, deputy):
    concern = make_concern(school)
    services.triage_concern(concern, triage_of(deputy, risk="high", reason="Second sign."), by=dsl, version=0)
    concern.refresh_from_db()
    assert (concern.status, concern.risk, concern.lead, concern.version) == (Status.OPEN, "high", deputy, 1)
    entry = ChronologyEntry.objects.get(concern=concern)
    assert (entry.kind, entry.text.endswith("Why: Second sign.")) == (EntryKind.DECISION, True)
    assert (mails("concern_assigned"), last_action()) == ([deputy.user.email], "concern.triaged")


@pytest.mark.parametrize(
    "change",
    [{"reason": " "}, {"category": ""}, {"category": "allegation"}, {"risk": "none"}, {"decision": "x"}],
)
def test_triage_without_a_reason_or_with_unknown_words_is_refused(school, dsl, change):
    concern = make_concern(school)
    with pytest.raises(DomainError):
        services.triage_concern(concern, triage_of(dsl, **change), by=dsl)
    concern.refresh_from_db()
    assert (concern.status, kinds(concern)) == (Status.NEW, [])


def test_only_a_reader_can_lead(school, dsl):
    concern = make_concern(school)
    with pytest.raises(DomainError, match="may read it"):
        services.triage_concern(concern, triage_of(make_member(school, Role.STAFF)), by=dsl)


def test_the_second_of_two_people_is_told_who_was_first(school, dsl, deputy):
    concern = make_concern(school)
    services.triage_concern(concern, triage_of(dsl), by=dsl, version=0)
    with pytest.raises(Conflict, match=r"Margaret Sholto was first\. It is in work"):
        services.triage_concern(concern, triage_of(deputy), by=deputy, version=0)
    assert kinds(concern) == [EntryKind.DECISION]


def test_taking_a_concern_names_the_lead(school, dsl, deputy):
    concern = make_concern(school)
    services.assign_concern(concern, dsl, by=dsl, version=0)
    with pytest.raises(Conflict, match="Margaret Sholto"):
        services.assign_concern(concern, deputy, by=deputy, version=0)
    concern.refresh_from_db()
    assert (concern.lead, last_action(), mails("concern_assigned")) == (dsl, "concern.assigned", [])
