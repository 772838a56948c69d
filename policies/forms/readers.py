"""Forms about those who have read: which list, a class in front of one screen, a list on paper."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from core.forms import HouseForm, SignatureInput
from policies.forms import SeenForm

STATES = (
    ("", "Everybody"),
    ("missing", "Have not read it"),
    ("late", "Are late"),
    ("done", "Have read it"),
    ("paper", "Get it on paper"),
)


class ReadersFilter(forms.Form):
    """Which of the readers a list shows."""

    state = forms.ChoiceField(label="Show", choices=STATES, required=False)
    who = forms.ChoiceField(label="Of", required=False)

    def __init__(self, *args: Any, who: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [("", "All groups"), *who]  # type: ignore[attr-defined]


class ClassFilter(forms.Form):
    """Which class is in front of the screen."""

    class_name = forms.ChoiceField()

    def __init__(self, *args: Any, classes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["class_name"].choices = [(one, one) for one in classes]  # type: ignore[attr-defined]


class ClassForm(HouseForm, forms.Form):
    """Learners of one class who agree together."""

    submit_label = "Record those who agree"

    class_name = forms.CharField(widget=forms.HiddenInput, max_length=40)
    learners = forms.MultipleChoiceField(
        label="Who agrees",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick those who agree."},
    )

    def __init__(self, *args: Any, learners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["learners"].choices = learners  # type: ignore[attr-defined]


class PaperForm(HouseForm, forms.Form):
    """A list that was signed on paper."""

    submit_label = "Enter the list"

    on = forms.DateField(label="Signed on")
    collected_by = forms.ChoiceField(label="Collected by")
    people = forms.MultipleChoiceField(
        label="Who signed",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick those who signed."},
    )

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], collectors: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people  # type: ignore[attr-defined]
        self.fields["collected_by"].choices = collectors  # type: ignore[attr-defined]


class MistakenForm(HouseForm, forms.Form):
    """Why an agreement should not be on record."""

    submit_label = "Mark it as entered in error"
    submit_tone = "stop"

    reason = forms.CharField(
        label="What was wrong with it?",
        max_length=200,
        help_text="For instance: was away that day, or the wrong line was ticked.",
    )


class ContactEmailForm(SeenForm):
    """Where a parent is written to."""

    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        help_text="Left empty, they are on the list for a paper copy.",
    )


class ParentForm(HouseForm, forms.Form):
    """The word of somebody without an account: a tick and their name."""

    submit_label = "Agree"
    has_references = False

    agreed = forms.BooleanField(error_messages={"required": "Tick this if you agree."})
    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=SignatureInput,
        error_messages={"required": "Type your name."},
    )

    def __init__(self, *args: Any, agree: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = agree

    @property
    def helper(self) -> FormHelper:
        """Without a form token: there is no session whose cookie could be misused, and no cookie is set."""
        helper = super().helper
        helper.disable_csrf = True
        return helper

    def clean_name(self) -> str:
        """In one line."""
        return " ".join(str(self.cleaned_data["name"]).split())
