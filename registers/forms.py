"""The form of a register's entry and of its correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from core.forms import HouseForm
from registers import selectors
from registers.enums import Checked, Register, Result
from registers.procedures import REGISTERS
from registers.services import NewEntry


class EntryForm(HouseForm, forms.Form):
    """What was done, by whom, what was found, what follows."""

    submit_label = "Add to the register"
    retry = True

    happened_on = forms.DateField(label="When?", initial=timezone.localdate)
    done_by = forms.ChoiceField(label="Who?")
    second = forms.ChoiceField(label="Which governor?")
    checked = forms.MultipleChoiceField(
        choices=Checked.choices, label="What was tried?", widget=forms.CheckboxSelectMultiple
    )
    result = forms.ChoiceField(choices=Result.choices, label="What was found?", widget=forms.RadioSelect)
    notes = forms.CharField(
        label="Notes", widget=forms.Textarea, max_length=20_000,
        help_text="No child's name is needed here. Those who keep the register and those who were there can read it.",
    )  # fmt: skip
    actions = forms.CharField(
        label="What follows: who does what by when", widget=forms.Textarea, max_length=5_000, required=False
    )

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register, asks = register, REGISTERS[register]
        leads, seconds = selectors.people_for(self.school, register)
        self.people = {str(one.pk): one for one in (*leads, *seconds)}
        self.fields["done_by"].label = asks.lead
        self.fields["done_by"].choices = [(str(one.pk), one.name) for one in leads]  # type: ignore[attr-defined]
        self.fields["second"].choices = [(str(one.pk), one.name) for one in seconds]  # type: ignore[attr-defined]
        for name in _unused(register):
            del self.fields[name]

    def entry(self) -> NewEntry:
        """What was sent, as the service takes it."""
        data = self.cleaned_data
        return NewEntry(
            self.register, data["happened_on"], self.people[data["done_by"]], data["notes"], data["actions"],
            second=self.people.get(data.get("second", "")), checked=data.get("checked", []), result=data.get("result", ""),
        )  # fmt: skip


def _unused(register: Register) -> list[str]:
    asks = REGISTERS[register]
    return ([] if asks.second else ["second"]) + ([] if asks.checks else ["checked", "result"])


class CorrectionForm(EntryForm):
    """The whole entry as it should be, and why it is corrected."""

    submit_label = "Put the correction beside it"

    reason = forms.CharField(label="Why is it corrected?", max_length=300)
