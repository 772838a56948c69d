"""Concerns for tests, made through the services."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from core.models import AuditEvent, OutgoingMail
from incidents import services
from incidents.enums import Decision, Outcome, ParentsTold, Risk, Route
from incidents.models import ChronologyEntry, Concern, StepRecord
from incidents.selectors.procedures import standing
from schools.enums import Role
from schools.models import Membership, School
from schools.tests.factories import make_member

STORY = "Robin said: I do not want to go home."


def make_concern(
    school: School, *, by: Membership | None = None, narrative: str = STORY, **report: Any
) -> Concern:
    """A concern as a member of staff logs it."""
    reporter = by or make_member(school, Role.STAFF)
    return services.log_concern(
        school, services.NewConcern(narrative, **report), by=reporter, client_ref=uuid4()
    )


def triage_of(lead: Membership, **changes: Any) -> services.Triage:
    """An ordinary decision."""
    usual = {
        "category": "welfare",
        "risk": Risk.LOW,
        "decision": Decision.WATCH,
        "reason": "One sign only.",
        "lead": lead,
    }
    return services.Triage(**{**usual, **changes})


def closing(**changes: Any) -> services.Closing:
    """An ordinary closing."""
    usual = {
        "outcome": Outcome.SUPPORT_IN_SCHOOL, "reason": "No further signs.", "parents_told": ParentsTold.TOLD,
        "parents_note": "Rang the mother; she will come in.", "steps_left": "Nothing else was needed.",
    }  # fmt: skip
    return services.Closing(**{**usual, **changes})


def make_open(school: School, dsl: Membership, **report: Any) -> Concern:
    """A triaged concern."""
    return services.triage_concern(make_concern(school, **report), triage_of(dsl), by=dsl)


def make_adult_concern(school: School, about: Membership, **report: Any) -> Concern:
    """A concern about a member of the school."""
    return make_concern(school, route=Route.ADULT, adults=[about], **report)


def make_triaged(school: School, by: Membership, category: str, *, decision: str = Decision.WATCH, **report: Any) -> Concern:  # fmt: skip
    """A concern of a kind, with the procedure that the kind calls for."""
    triage = triage_of(by, category=category, decision=decision)
    return services.triage_concern(make_concern(school, **report), triage, by=by)


def do_step(concern: Concern, key: str, *, by: Membership, answer: str = "", **more: Any) -> StepRecord:
    """A step as it is done by somebody who writes down all that it asks for."""
    step = standing(Concern.objects.get(pk=concern.pk), key).step
    answer = answer or next((one.value for one in step.answers), "")
    written = {name: f"{name} of {key}" for name in step.asked(answer)}
    usual = {"answer": answer, "written": written, "why": written.pop("why", "")}
    return services.record_step(concern, key, services.StepDone(**{**usual, **more}), by=by)


def last_action() -> str | None:
    """What the newest audit entry says."""
    return AuditEvent.objects.order_by("-at", "-seq").values_list("action", flat=True).first()


def mails(template: str) -> list[str]:
    """Who is owed this e-mail."""
    return sorted(
        OutgoingMail.objects.filter(template=f"incidents/{template}").values_list("recipient", flat=True)
    )


def kinds(concern: Concern) -> list[str]:
    """The kinds of a concern's entries, in the order they were written."""
    return list(
        ChronologyEntry.objects.filter(concern=concern)
        .order_by("recorded_at", "created_at")
        .values_list("kind", flat=True)
    )
