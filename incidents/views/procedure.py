"""The form of one step of a concern's procedure, on the concern's page."""

from __future__ import annotations

from typing import Any

from incidents import forms, services
from incidents.models import Concern
from incidents.views.record import Act, pages_of


def _record(concern: Concern, data: dict[str, Any], by: Any) -> None:
    names = ("state", "answer", "written", "why", "happened_at")
    done = services.StepDone(**{name: data[name] for name in names}, despite=data.get("despite", ""))
    services.record_step(concern, data["step"], done, by=by, seen=data["seen"], client_ref=data["client_ref"])


STEP = Act("step", "A step of the procedure", forms.StepForm, _record, "Recorded.")
concern_step, adult_concern_step = pages_of(STEP)
