"""Forms of the approval of a version, and of specialist advice."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from core.forms import HouseForm
from policies.enums import Capacity, Decision
from policies.forms import RevisionForm, SeenForm
from policies.presenters.approval import PLACES


class ApproversForm(RevisionForm):
    """Who approves a version, in which order."""

    submit_label = "Send it to them"

    first = forms.ChoiceField(label="First approver")
    second = forms.ChoiceField(label="Second approver", required=False)
    third = forms.ChoiceField(label="Third approver", required=False)
    fourth = forms.ChoiceField(label="Fourth approver", required=False)
    order = forms.ChoiceField(
        label="How they are asked",
        choices=[("in_order", "One after the other, in this order"), ("together", "All at the same time")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PLACES:
            self.fields[name].choices = [("", "Nobody" if name != "first" else "Choose"), *people]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[str]:
        """Ids of those who were chosen, in their order."""
        return [self.cleaned_data[name] for name in PLACES if self.cleaned_data[name]]


class DecideForm(RevisionForm):
    """One approver's own word."""

    submit_label = "Send my decision"

    decision = forms.ChoiceField(
        label="Your decision",
        choices=[
            (Decision.APPROVED, "I approve this version"),
            (Decision.SENT_BACK, "I send it back, with a reason"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Reason or remark",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text="Needed when you send it back.",
    )


class TakeBackForm(RevisionForm):
    """What has to change before anybody can approve or ratify a version."""

    submit_label = "Back to draft"

    reason = forms.CharField(
        label="What has to change?", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )


class ReplaceForm(HouseForm, forms.Form):
    """Who takes the place of an approver, and why."""

    submit_label = "Give the place away"

    member = forms.ChoiceField(label="Who takes the place")
    reason = forms.CharField(
        label="Why", max_length=300, help_text="For instance that somebody else holds the post now."
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", "Choose"), *people]  # type: ignore[attr-defined]


class AdviceForm(HouseForm, forms.Form):
    """What a specialist advised on a version."""

    submit_label = "Record the advice"

    adviser = forms.CharField(label="Who advised", max_length=120)
    organisation = forms.CharField(label="Organisation", max_length=120, required=False)
    capacity = forms.ChoiceField(label="In which capacity", choices=[("", "Choose"), *Capacity.choices])
    on = forms.DateField(label="When")
    clause = forms.ChoiceField(label="What it is about", required=False)
    text = forms.CharField(
        label="The advice",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text="In your own words, and without the name of a child.",
    )
    done = forms.CharField(
        label="What was done about it",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text="You can also say so later.",
    )

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", "The policy as a whole"), *clauses]  # type: ignore[attr-defined]

    @property
    def layout(self) -> Layout:
        """Names and dates beside each other."""
        return Layout(
            Div("adviser", "organisation", css_class="fields-row"),
            Div("capacity", "on", css_class="fields-row"),
            "clause",
            "text",
            "done",
        )


class DoneForm(SeenForm):
    """What was done about advice."""

    done = forms.CharField(
        label="What was done about it", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
