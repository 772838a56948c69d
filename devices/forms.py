"""Forms of the devices desk."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms

from core.forms import HouseForm, PickerOption, PickerWidget, SignatureInput
from devices import selectors
from devices.enums import Collector, HoldKind, Identified
from devices.selectors import ReleaseRule
from devices.services import Handover, Intake
from schools.models import Learner, School
from schools.selectors import fill, find_learners, learners_by_ids

SOMEONE_ELSE = "someone-else"


class ReceiveForm(HouseForm, forms.Form):
    """Whose device, what it is, and why it is taken in."""

    submit_label = "Book it in"
    retry = True

    learner = forms.CharField(
        label="Whose is it?",
        widget=PickerWidget(
            always=[PickerOption(SOMEONE_ELSE, "Someone who is not listed", "Write the name below")]
        ),
    )
    owner_name = forms.CharField(label="Name, if not listed", required=False, max_length=120)
    kind = forms.ChoiceField(label="What is it?", widget=forms.RadioSelect)
    reason = forms.ChoiceField(label="Why is it taken in?", widget=forms.RadioSelect)
    condition = forms.CharField(
        label="Colour, marks and condition",
        required=False,
        max_length=200,
        help_text="For instance: black, screen cracked at the top.",
    )
    taken_where = forms.CharField(label="Where was it taken?", required=False, max_length=80)

    def __init__(
        self, *args: Any, school: School, words: dict[str, str], search_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, school=school, **kwargs)
        kinds = [(kind, fill(kind, words)) for kind in selectors.device_kinds(school)]
        reasons = [(reason, fill(reason, words)) for reason in selectors.reasons(school)]
        self.fields["kind"].choices, self.fields["reason"].choices = kinds, reasons  # type: ignore[attr-defined]
        self.fields["learner"].label = "Whose is it?"
        self.picker.search_url = search_url

    @property
    def picker(self) -> PickerWidget:
        """The learner picker."""
        widget = self.fields["learner"].widget
        assert isinstance(widget, PickerWidget)  # noqa: S101 - narrows the type
        return widget

    def show_found(self, query: str, chosen: str) -> None:
        """Fills the picker with what was found and what is chosen."""
        learners = [*learners_by_ids(self.school, [chosen]), *find_learners(self.school, query, limit=8)]
        self.picker.options = [
            PickerOption(str(one.pk), one.name, one.class_name) for one in dict.fromkeys(learners)
        ]

    def clean(self) -> dict[str, Any]:
        """The chosen learner as a row of this school, or a name."""
        data = super().clean() or {}
        chosen = data.get("learner", "")
        found: list[Learner] = learners_by_ids(self.school, [chosen])
        data["learner"] = found[0] if found else None
        if chosen == SOMEONE_ELSE and not data.get("owner_name", "").strip():
            self.add_error("owner_name", "Write the name of the owner.")
        elif chosen and chosen != SOMEONE_ELSE and not found:
            self.add_error("learner", "Choose a name from the list.")
        return data

    def intake(self) -> Intake:
        """What was sent, as the service takes it."""
        names = ("kind", "reason", "learner", "owner_name", "condition", "taken_where")
        return Intake(**{name: self.cleaned_data[name] for name in names})


class HoldForm(HouseForm, forms.Form):
    """Why a device may not leave."""

    submit_label = "Put it on hold"

    kind = forms.ChoiceField(
        choices=HoldKind.choices,
        label="What kind of hold?",
        widget=forms.RadioSelect,
        initial=HoldKind.SAFEGUARDING,
    )
    reason = forms.CharField(
        label="Why?",
        widget=forms.Textarea,
        max_length=1000,
        help_text="Do not describe images. The DSL team and the office see this.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class LiftForm(HouseForm, forms.Form):
    """Why a device may leave again."""

    submit_label = "Lift the hold"

    reason = forms.CharField(label="Why may it leave now?", widget=forms.Textarea, max_length=1000)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReleaseForm(HouseForm, forms.Form):
    """Who takes a device back, and how the office knows them."""

    submit_label = "Give it back"
    retry = True

    collector = forms.ChoiceField(
        choices=Collector.choices,
        label="Who collects it?",
        widget=forms.RadioSelect,
        initial=Collector.PARENT,
    )
    collector_name = forms.CharField(label="Their name", max_length=120)
    identified = forms.ChoiceField(
        choices=Identified.choices,
        label="How do you know them?",
        widget=forms.RadioSelect,
        initial=Identified.KNOWN,
    )
    signature = forms.CharField(
        label="Their signature, typed", max_length=120, required=False, widget=SignatureInput
    )
    early_reason = forms.CharField(label="Why before the end of the day?", max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule: ReleaseRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_early = rule.is_early
        if not rule.is_early:
            del self.fields["early_reason"]
        if not rule.learner_may:
            _leave_out(self.fields["collector"], Collector.LEARNER)
        if rule.needs_document and not rule.learner_may:
            _leave_out(self.fields["identified"], Identified.KNOWN, Identified.SCHOOL_LIST)
            self.fields["identified"].initial = Identified.DOCUMENT

    @property
    def layout(self) -> Layout:
        """Two short groups; the rule that holds stands above them."""
        early = ["early_reason"] if self.is_early else []
        return Layout(
            Fieldset("Who takes it", "collector", "collector_name", "identified"),
            Fieldset("Signed for", "signature", *early),
            "version",
        )

    def handover(self) -> Handover:
        """What was sent, as the service takes it."""
        names = ("collector", "collector_name", "identified", "signature", "early_reason")
        return Handover(**{name: self.cleaned_data.get(name, "") for name in names})


def _leave_out(field: Any, *values: str) -> None:
    field.choices = [choice for choice in field.choices if choice[0] not in values]
