"""What the forms of concerns share, and the filters of the queue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone

from incidents import procedures
from incidents.enums import Risk, Status
from incidents.models import ALLOWED_AHEAD, LONGEST_TEXT
from schools.models import Membership

AT_MOST = f"Up to {LONGEST_TEXT:,} characters."
"""How much an account may hold, for the help beside its field."""


def kind_choices(route: str, words: dict[str, str]) -> list[tuple[str, str]]:
    """The kinds of one route in the school's words."""
    return [(kind.key, procedures.in_words(kind.text, words)) for kind in procedures.kinds_of(route)]


class HappenedField(forms.DateTimeField):
    """When something happened: a moment that has come."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(initial=timezone.now, **kwargs)

    def validate(self, value: Any) -> None:
        """Nothing can have happened in the future; a clock may be a few minutes fast."""
        super().validate(value)
        if value and value > timezone.now() + ALLOWED_AHEAD:
            raise forms.ValidationError("This lies in the future. Look at the date and the time again.")


def long_text(
    label: str, *, rows: int = 4, required: bool = True, help_text: str = "", **kwargs: Any
) -> forms.CharField:
    """A field for an account, as long as the record takes."""
    widget = forms.Textarea(attrs={"rows": str(rows)})
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, required=required, help_text=help_text, widget=widget, **kwargs
    )


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Sets the answers that a field offers."""
    field: Any = form.fields[name]
    field.choices = list(choices)


class QueueFilter(forms.Form):
    """Filters of the queue, in the address bar."""

    reference = forms.CharField(required=False, max_length=9)
    status = forms.ChoiceField(required=False, choices=[("", "Any"), *Status.choices])
    risk = forms.ChoiceField(required=False, choices=[("", "Any"), *Risk.choices])
    category = forms.ChoiceField(required=False, label="Kind")
    lead = forms.ChoiceField(required=False, label="Lead")
    since = forms.DateField(
        required=False, label="Logged from", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        required=False,
        label="Logged to",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MaxValueValidator(date.max - timedelta(days=1))],
    )
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, route: str, words: dict[str, str], leads: Iterable[Membership], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "category", [("", "Any"), *kind_choices(route, words)])
        offer(
            self,
            "lead",
            [
                ("", "Anybody"),
                ("nobody", "Nobody yet"),
                *((str(m.pk), m.name) for m in leads),
            ],
        )

    @classmethod
    def names(cls) -> set[str]:
        """What stands in the address when somebody filters, or has opened the filters."""
        return {"filters", *cls.base_fields} - {"tab"}

    def clean_reference(self) -> str:
        """References are written in capitals; the dash may be missing."""
        text = "".join(letter for letter in self.cleaned_data["reference"].upper() if letter.isalnum())
        return f"{text[:4]}-{text[4:]}" if text else ""

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters that were given and make sense."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name != "tab"}
