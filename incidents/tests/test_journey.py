"""From logging to closing, as two people do it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.models import AuditEvent, OutgoingMail
from incidents.enums import Status
from incidents.models import Concern
from schools.enums import Role
from schools.tests.factories import make_learner, make_member

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R207")
@pytest.mark.requirement("R208")
def test_a_concern_is_logged_read_decided_and_closed(school, signed_in):
    teacher, dsl = make_member(school, Role.STAFF), make_member(school, Role.DSL)
    learner = make_learner(school)
    sent = {
        "people": [str(learner.pk)], "happened_at": "2026-01-05T10:30", "place": "on_site",
        "narrative": "Robin said: my dad hit me.", "client_ref": "8f8df6f4-64c5-43d9-9d7c-0a3a1e7f0001",
    }  # fmt: skip
    answer = signed_in(teacher).post(reverse("incidents:concern_create", args=[school.slug]), sent)
    concern = Concern.objects.get()
    assert answer.headers["Location"] == reverse("incidents:concern_receipt", args=[school.slug, concern.pk])
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [dsl.user.email]

    desk = signed_in(dsl)
    assert "Robin Ashdown" in desk.get(reverse("incidents:concern_list", args=[school.slug])).content.decode()
    page = desk.get(reverse("incidents:concern_detail", args=[school.slug, concern.pk])).content.decode()
    assert "my dad hit me" in page
    decision = {
        "category": "physical_harm",
        "risk": "high",
        "decision": "social_care",
        "lead": str(dsl.pk),
        "reason": "Disclosure.",
        "version": "0",
    }
    desk.post(reverse("incidents:concern_triage", args=[school.slug, concern.pk]), decision)
    end = {
        "outcome": "social_care",
        "reason": "Taken on.",
        "parents_told": "not_told",
        "parents_note": "Advice.",
        "steps_left": "Social care has taken it on.",
        "version": "1",
    }
    desk.post(reverse("incidents:concern_close", args=[school.slug, concern.pk]), end)
    concern.refresh_from_db()
    assert (concern.status, concern.outcome, concern.lead_id) == (Status.CLOSED, "social_care", dsl.pk)
    actions = (
        AuditEvent.objects.filter(object_id=str(concern.pk)).order_by("seq").values_list("action", flat=True)
    )
    assert list(actions) == ["concern.logged", "concern.read", "concern.triaged", "concern.closed"]
