"""Forms of a version's life: minor or major, and reviews."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import HouseForm
from policies.enums import TriggerKind
from policies.forms import PartDateField, RevisionForm


class MinorForm(RevisionForm):
    """Why a version needs no ratification and no re-reading."""

    submit_label = "Make it a minor version"

    reason = forms.CharField(
        label="Why is it minor?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text="For instance a telephone number, or a name. Everybody who opens the version can read this.",
    )


class ReviewForm(HouseForm, forms.Form):
    """Why a policy is reviewed."""

    submit_label = "Open the review"

    kind = forms.ChoiceField(label="Why", choices=[("", "Choose"), *TriggerKind.choices])
    what = forms.CharField(
        label="What happened or changed",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text="What it means for this policy. No names of children: a concern stays in its own record.",
    )
    on = forms.DateField(label="When")
    clause = forms.ChoiceField(label="Clause it is about", required=False)

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", "The policy as a whole"), *clauses]  # type: ignore[attr-defined]


class ConcludeForm(HouseForm, forms.Form):
    """What a review found when no new version came of it."""

    submit_label = "Conclude without a new version"

    outcome = forms.CharField(
        label="What did the review find?", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
    next_review = PartDateField(label="Next review", required=False)

    def __init__(self, *args: Any, ratifies: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ratifies:
            del self.fields["next_review"]
