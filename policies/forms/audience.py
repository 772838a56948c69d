"""Forms about readers: whom a policy asks, and what was gone through with a new member."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms

from core.forms import HouseForm
from policies.enums import Audience
from policies.selectors import agreements
from schools.enums import Group, Role
from schools.selectors import post_names

NO_KIND = [("", "No acceptable use agreement")]


class AudienceForm(HouseForm, forms.Form):
    """Who owns a policy, who reads it, and what they are told before they agree."""

    submit_label = "Save"

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    owner_role = forms.ChoiceField(
        label="Owned by",
        help_text="Whoever holds this post answers for the policy and is reminded of its reviews.",
    )
    groups = forms.MultipleChoiceField(
        label="Groups",
        choices=[*Group.choices, *Audience.choices],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    classes = forms.MultipleChoiceField(
        label="Only these classes",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="For learners and parents. None ticked: all classes.",
    )
    posts = forms.MultipleChoiceField(
        label="Posts",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Whoever holds one of these, whatever group they are in.",
    )
    agreement = forms.ChoiceField(
        label="Acceptable use agreement",
        required=False,
        help_text="For a kind of agreement its readers are told what belongs to it before they agree.",
    )
    monitoring = forms.CharField(
        label="How it is seen that it is followed",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=1000,
        help_text="Shown before the tick. Left empty, an agreement says what its kind says.",
    )

    def __init__(self, *args: Any, classes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = post_names(self.school)
        choices: dict[str, list[tuple[str, str]]] = {
            "owner_role": list(named.items()),
            "classes": [(one, one) for one in classes],
            "posts": [(role, name) for role, name in named.items() if role != Role.STAFF],
            "agreement": [*NO_KIND, *((one.key, one.label) for one in agreements().values())],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        if not classes:
            del self.fields["classes"]

    @property
    def layout(self) -> Layout:
        """In the order in which one thinks."""
        return Layout(*(name for name in self.fields if name not in ("client_ref", "draft_token")))


class InductionForm(HouseForm, forms.Form):
    """Which policies somebody went through with a new member, and when."""

    submit_label = "Record it"

    policies = forms.MultipleChoiceField(label="Policies", widget=forms.CheckboxSelectMultiple)
    discussed_by = forms.ChoiceField(label="Gone through by")
    on = forms.DateField(label="On")

    def __init__(
        self, *args: Any, policies: list[tuple[str, str]], people: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policies"].choices = policies  # type: ignore[attr-defined]
        self.fields["discussed_by"].choices = people  # type: ignore[attr-defined]
