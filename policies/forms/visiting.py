"""Forms of the desk: a visitor's arrival, and the opening of a tablet."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from core.forms import HouseForm

OFF = {"autocomplete": "off", "spellcheck": "false"}


class ArrivalForm(HouseForm, forms.Form):
    """What a visitor says, and that they agree. Nothing of it is proposed to the next one."""

    submit_label = "Sign in"

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(OFF))
    company = forms.CharField(
        label="Company or organisation", max_length=120, required=False, widget=forms.TextInput(OFF)
    )
    host = forms.CharField(label="Whom do you visit?", max_length=120, widget=forms.TextInput(OFF))
    car = forms.CharField(
        label="Registration of your car", max_length=20, required=False, widget=forms.TextInput(OFF)
    )
    agreed = forms.BooleanField(error_messages={"required": "Tick this to sign in."})

    def __init__(self, *args: Any, agree: str, asks_car: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = agree
        del self.fields["draft_token"]
        if not asks_car:
            del self.fields["car"]

    @property
    def helper(self) -> FormHelper:
        """Without a form token: the tablet has no session, and no cookie is set."""
        helper = super().helper
        helper.disable_csrf = True
        helper.attrs["autocomplete"] = "off"
        return helper


class DeskForm(HouseForm, forms.Form):
    """Where a tablet stands."""

    submit_label = "Make an address for a tablet"

    place = forms.CharField(label="Where it stands", max_length=60, initial="Front desk")
