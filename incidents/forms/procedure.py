"""The form of one step of a procedure: its answers and everything that must be written down with it."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import DateInput, DateTimeInput
from core.templatetags.ui import moment
from incidents import procedures
from incidents.enums import EntryKind, StepState
from incidents.forms.finding import HappenedField, long_text, offer
from incidents.forms.work import WorkForm, ask_despite, lifted
from incidents.models import Concern
from incidents.procedures import Step, in_words
from incidents.selectors.procedures import Standing, standing


def _field(kind: str, **said: Any) -> forms.Field:
    """A field for something that is recorded with a step; the service says what an answer makes necessary."""
    if kind == "moment":
        return HappenedField(widget=DateTimeInput(), required=False, **said)
    if kind == "day":
        return forms.DateField(widget=DateInput(), required=False, **said)
    if kind == "text":
        return long_text(rows=3, required=False, **said)
    return forms.CharField(max_length=200, required=False, **said)


class StepForm(WorkForm):
    """What became of a step. `step` is its key; the answers and fields are those of the concern's procedure."""

    submit_label = "Record this step"

    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)
    answer = forms.ChoiceField(label="What became of it", widget=forms.RadioSelect)
    happened_at = HappenedField(label="When")
    standing: Standing | None = None

    def prepare(self) -> None:
        """The step as it stands; what only one answer asks for says so."""
        self.standing = standing(self.concern, self.step)
        if self.standing is None:
            return
        step = self.standing.step
        self.heading, self.intro = in_words(step.text, self.words), in_words(step.help, self.words)
        offered = [(one.value, in_words(one.label, self.words)) for one in step.answers]
        offer(self, "answer", [*(offered or [("done", "Done")]), ("not_needed", "Not needed here")])
        self.fields["seen"].initial = self.standing.record.pk if self.standing.record else None
        for name in dict.fromkeys(
            [*step.records, *(r for a in step.answers for r in a.records), *step.optional]
        ):
            if name != "why":
                self._ask(name)
        self.fields["why"] = long_text(
            "Why", rows=3, required=False, help_text=self._help("why", "Not needed here")
        )
        held = lifted(self.concern, *self._acts(step), but=step.key)
        if held:
            self.fields["despite"] = ask_despite(held)

    def _acts(self, step: Step) -> list[str]:
        """What doing this step may be, whichever answer is chosen."""
        return [act for act in (step.does, *(one.does for one in step.answers)) if act]

    def _ask(self, name: str) -> None:
        field = procedures.fields()[name]
        self.fields[name] = _field(field.kind, label=field.label, help_text=self._help(name))
        if field.kind == "moment":
            self.fields[name].initial = None

    def _help(self, name: str, *more: str) -> str:
        """For which answers something is asked."""
        step = self.standing.step if self.standing else None
        if step is None:
            return ""
        always = name in step.records
        labels = [in_words(one.label, self.words) for one in step.answers if always or name in one.records]
        if always and not labels:
            labels = ["Done"]
        return (
            f"For {' or '.join(f'“{one}”' for one in [*labels, *more])}."
            if labels or more
            else "If there is something to say."
        )

    @property
    def chosen(self) -> tuple[str, str]:
        """State and answer as the record keeps them."""
        answer = self.cleaned_data["answer"]
        if answer in (StepState.DONE, StepState.NOT_NEEDED):
            return answer, ""
        return StepState.DONE, answer

    def clean(self) -> dict[str, Any]:
        """Everything as it is kept: moments and days in words."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("answer"):
            data["state"], data["answer"] = self.chosen
        asked = [
            name for name in self.fields if name in procedures.fields() and name != "why" and data.get(name)
        ]
        data["written"] = {
            name: data[name] if isinstance(data[name], str) else moment(data[name]) for name in asked
        }
        typed = [*data["written"].values(), data.get("why", "")]
        # Beside what was kept, should the same form be sent twice with other words.
        return {**data, "kind": EntryKind.STEP, "text": "\n".join(filter(None, typed))}

    def now(self, concern: Concern) -> dict[str, Any]:
        """The step as it stands now."""
        found = standing(concern, self.step)
        return {**super().now(concern), "seen": found.record.pk if found and found.record else ""}
