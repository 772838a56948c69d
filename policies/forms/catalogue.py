"""Forms of a school's part of the catalogue."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from core.forms import HouseForm
from policies.check import OwnEdition, OwnPolicy
from policies.check.catalogue import GuidanceEntry, Statutory
from policies.check.own import MAX_MONTHS
from policies.enums import GuidanceKind
from policies.forms import PartDateField


class EditionForm(HouseForm, forms.Form):
    """A newer edition of a known document, or a document that the catalogue lacks."""

    submit_label = "Note this edition"

    guidance = forms.ChoiceField(label="Document", required=False)
    title = forms.CharField(
        label="Its title, when it is another document",
        max_length=200,
        required=False,
        help_text="As it is published.",
    )
    also_called = forms.CharField(
        label="What policies call it",
        max_length=200,
        required=False,
        help_text="Other names and short forms, with commas between them.",
    )
    kind = forms.ChoiceField(
        label="What it is", choices=GuidanceKind.choices, required=False, initial=GuidanceKind.STATUTORY
    )
    edition = forms.RegexField(
        r"^(?:19|20)\d\d$",
        label="Year of the edition",
        max_length=4,
        help_text="In four figures, as policies name it.",
        error_messages={"invalid": "Write the year in four figures, for instance 2026."},
    )
    in_force = PartDateField(label="In force since", required=False)
    source = forms.CharField(
        label="Where you read it", max_length=300, help_text="The address of the page, or the letter."
    )
    confirmed = forms.BooleanField(
        label="It is certain: a policy that names an earlier edition is out of date",
        required=False,
        help_text="Without this, the check only says that an edition may have been replaced.",
    )

    def __init__(self, *args: Any, documents: dict[str, GuidanceEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._documents = documents
        choices = [(key, entry.title) for key, entry in documents.items()]
        self.fields["guidance"].choices = [("", "Another document"), *choices]  # type: ignore[attr-defined]

    @property
    def layout(self) -> Layout:
        """The document, then its edition."""
        return Layout(
            "guidance", "title", "also_called", "kind",
            Div("edition", "in_force", css_class="fields-row"), "source", "confirmed",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Another document needs a title."""
        typed = super().clean() or self.cleaned_data
        if not typed.get("guidance") and not typed.get("title"):
            self.add_error("title", "Choose a document above, or give the title of another.")
        return typed

    def said(self) -> OwnEdition:
        """What was typed; a known document keeps its title and kind."""
        typed = self.cleaned_data
        known = self._documents.get(typed["guidance"])
        return OwnEdition(
            typed["guidance"],
            known.title if known else typed["title"],
            "" if known else typed["also_called"],
            known.kind if known else typed["kind"] or GuidanceKind.NON_STATUTORY,
            typed["edition"],
            typed["in_force"],
            typed["confirmed"],
            typed["source"],
        )


class ExpectedForm(HouseForm, forms.Form):
    """Whether a policy is needed here, how often it is reviewed, and why."""

    submit_label = "Save"
    has_references = False

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="Policy", max_length=200, help_text="Its usual title.")
    needed = forms.TypedChoiceField(
        label="Does this school need it?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        coerce=lambda text: text == "yes",
        initial="yes",
    )
    interval = forms.IntegerField(
        label="Months between reviews", min_value=1, max_value=MAX_MONTHS, initial=12
    )
    source = forms.CharField(
        label="Why", max_length=300, help_text="Where it is laid down, or who decided it and when."
    )

    def __init__(self, *args: Any, policy: Statutory | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._policy = policy
        if policy is not None:
            del self.fields["title"]

    def said(self) -> OwnPolicy:
        """What was typed; a known policy keeps its key and title."""
        typed, known = self.cleaned_data, self._policy
        return OwnPolicy(
            known.key if known else "", known.title if known else typed["title"],
            typed["needed"], typed["interval"], typed["source"],
        )  # fmt: skip
