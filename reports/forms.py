"""The forms of the term report."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import HouseForm

LONGEST = 6000


def _part(label: str, help_text: str, *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": "5"})
    return forms.CharField(
        label=label, help_text=help_text, widget=widget, max_length=LONGEST, required=required
    )


class BeginForm(HouseForm, forms.Form):
    """Takes the figures of a term."""

    submit_label = "Begin the report"


class WordsForm(HouseForm, forms.Form):
    """What the DSL says in a report."""

    submit_label = "Save and see the page"
    retry = True

    summary = _part(
        "What happened this term?", "The opening words. Name nobody, and give no small number.", required=True
    )
    outcomes = _part("What came of it?", "Outcomes in words: what got better, what did not.")
    learnt = _part("What was learnt, and what has changed?", "In teaching, policy and procedure.")
    requirements = _part(
        "How does practice stand against national and local requirements?",
        "What was checked, what is missing.",
    )
    asks = _part("What are governors asked to note or decide?", "One sentence for each.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def words(self) -> dict[str, Any]:
        """What was typed, by the names of the model."""
        return {
            name: self.cleaned_data[name]
            for name in ("summary", "outcomes", "learnt", "requirements", "asks")
        }


class PublishForm(HouseForm, forms.Form):
    """The last look before governors read it."""

    submit_label = "Publish to governors"

    checked = forms.BooleanField(label="I have read it: nobody can be worked out from my words.")
    version = forms.IntegerField(widget=forms.HiddenInput)
