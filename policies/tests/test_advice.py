"""What specialists advised on a version, and what was done about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import InvalidTransition, PermissionRefused, WrongValue
from core.models import AuditEvent
from policies import services
from policies.models import Advice
from policies.services import NewAdvice
from policies.tests.factories import TESTS, make_draft, typed
from schools.enums import Role
from schools.tests.factories import make_member


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


@pytest.fixture
def draft(school):
    return make_draft(school)


def given(**other):
    values = {"adviser": "Jo Marsh", "capacity": "it", "on": timezone.localdate(), "text": "Log it."}
    return NewAdvice(**{**values, **other})


@pytest.mark.requirement("R008")
def test_advice_keeps_from_whom_on_what_when_and_what_was_done(draft, dsl):
    clause = draft.clauses.get(label="2.1")

    made = services.record_advice(draft, given(organisation="Filter Ltd", clause=clause.stable_id), by=dsl)
    services.say_what_was_done(made, by=dsl, done="2.1 says so now.")

    kept = Advice.objects.get()
    assert (kept.adviser, kept.organisation, kept.capacity, kept.text, kept.done) == (
        "Jo Marsh",
        "Filter Ltd",
        "it",
        "Log it.",
        "2.1 says so now.",
    )
    assert (kept.version, kept.about[:10], kept.recorded_by) == (draft, "2.1 Phones", dsl)
    assert set(AuditEvent.objects.filter(action__startswith="advice.").values_list("action", flat=True)) == {
        "advice.recorded",
        "advice.done",
    }


def test_advice_that_makes_no_sense_is_refused(draft, dsl):
    with pytest.raises(WrongValue, match="must not lie ahead"):
        services.record_advice(draft, given(on=timezone.localdate() + timedelta(days=1)), by=dsl)
    with pytest.raises(WrongValue, match="does not stand"):
        services.record_advice(draft, given(clause=draft.pk), by=dsl)
    with pytest.raises(PermissionRefused):
        services.record_advice(draft, given(), by=make_member(draft.school, Role.STAFF))
    services.withdraw_version(draft, by=TESTS, reason="By mistake.")
    with pytest.raises(InvalidTransition, match="withdrawn"):
        services.record_advice(draft, given(), by=dsl)
    assert not Advice.objects.exists()


@pytest.mark.requirement("R008")
def test_it_is_entered_on_a_page_and_stands_before_those_who_ratify(school, draft, dsl, signed_in):
    client = signed_in(dsl)
    sent = {
        "adviser": "Jo Marsh", "organisation": "", "capacity": "legal", "on": "2099-10-01", "clause": "",
        "text": "Name the office.", "done": "",
    }  # fmt: skip
    address = reverse("policies:advice_add", args=[school.slug, draft.pk])
    refused = client.post(address, sent)

    record = client.post(address, {**sent, "on": "2026-10-01"}, follow=True).content.decode()
    advice = Advice.objects.get()
    done = reverse("policies:advice_done", args=[school.slug, advice.pk])
    client.post(done, typed(client.get(done), done="It names it."))

    ratify = reverse("policies:version_ratify", args=[school.slug, draft.pk])
    page = signed_in(make_member(school, Role.CLERK)).get(ratify).content.decode()
    assert "Name the office." in refused.content.decode()
    assert refused.context["form"].errors["on"] == ["The day must not lie ahead."]
    assert "Nothing recorded yet" in record
    for words in ("Jo Marsh", "Legal adviser", "Name the office.", "It names it."):
        assert words in page
