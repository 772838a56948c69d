"""Forms of policies: what may be typed, before a service decides."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from core.errors import DomainError
from core.forms import HouseForm, SignatureInput
from core.partdate import last_day
from policies.enums import TOLD_BY_PEOPLE
from policies.selectors import check_pdf_size
from policies.services import check_size

WORDED = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y")
WORDED_MONTH = ("%B %Y", "%b %Y", "%m/%Y")


class PartDateField(forms.CharField):
    """A day or only a month, typed as people write it; the value is YYYY-MM-DD or YYYY-MM."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = "A day or a month, for instance 12 October 2026 or October 2026."
        super().__init__(**{"max_length": 40, "help_text": help_text, **kwargs})

    def clean(self, value: Any) -> str:
        """The date as text. An unknown day stays unknown."""
        text = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", " ".join(super().clean(value).split()))
        for formats, written in ((WORDED, "%Y-%m-%d"), (WORDED_MONTH, "%Y-%m")):
            for pattern in formats:
                try:
                    return datetime.strptime(text, pattern).strftime(written)  # noqa: DTZ007 - a date, no time
                except ValueError:
                    continue
        try:
            last_day(text)
        except ValueError as error:
            raise forms.ValidationError(
                "Write a day or a month, for instance 12 October 2026 or October 2026."
            ) from error
        return text


class ChangesForm(forms.Form):
    """The version that another one is compared with."""

    since = forms.ChoiceField(label="Compare with")

    def __init__(self, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["since"].choices = choices  # type: ignore[attr-defined]


class UploadForm(HouseForm, forms.Form):
    """The file that holds one policy or several."""

    submit_label = "Read the file"

    file = forms.FileField(
        label="Policy",
        help_text="A Word document (.docx), a PDF or a text file, up to 20 MB. Nothing is saved as a policy yet.",
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.txt"}),
        error_messages={"empty": "The file is empty. Choose the file that holds the policy."},
    )

    def clean_file(self) -> Any:
        """Refuses by size before anything is read."""
        upload = self.cleaned_data["file"]
        try:
            check_size(upload.size)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
        return upload


class RevisionForm(HouseForm, forms.Form):
    """A step on a version; `revision` says which state of it the person saw."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SeenForm(HouseForm, forms.Form):
    """Words about a record that others may save too; `seen` is the stamp of the saving that the person read."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class RatifyForm(RevisionForm):
    """Who ratified a version, and when."""

    submit_label = "Record ratification"

    body = forms.CharField(
        label="Ratified by", max_length=120, help_text="The body that agreed it, as the minutes name it."
    )
    on = PartDateField(label="Date of ratification")
    minute_reference = forms.CharField(label="Minute reference", max_length=60, required=False)
    next_review = PartDateField(label="Next review", required=False)

    @property
    def layout(self) -> Layout:
        """One row for the two dates."""
        return Layout(
            "revision",
            Fieldset("", "body", Div("on", "next_review", css_class="fields-row"), "minute_reference"),
        )


class StepForm(RevisionForm):
    """A step that needs nothing but the person's word."""


class WithdrawForm(RevisionForm):
    """Why a version is taken out of use."""

    submit_label = "Withdraw this version"
    submit_tone = "stop"

    reason = forms.CharField(label="Why is it withdrawn?", widget=forms.Textarea, max_length=1000)


class SignForm(HouseForm, forms.Form):
    """The signer types their name; the certificate is the school's."""

    submit_label = "Sign"

    signed = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    name = forms.CharField(label="Type your name to sign", max_length=120, widget=SignatureInput)
    signer = ""

    def clean_name(self) -> str:
        """The name of the person who is signed in, and no other."""
        typed = " ".join(str(self.cleaned_data["name"]).split())
        if typed.casefold() != " ".join(self.signer.split()).casefold():
            raise forms.ValidationError(f"Type your own name: {self.signer}.")
        return typed


class AcknowledgeForm(HouseForm, forms.Form):
    """A person's word that they have read it."""

    submit_label = "Acknowledge"

    agreed = forms.BooleanField()

    def __init__(self, *args: Any, agree: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = agree


class CheckForm(HouseForm, forms.Form):
    """A PDF that anybody brings to be checked. It is not kept, and nobody is asked who they are."""

    submit_label = "Check this PDF"
    has_references = False

    file = forms.FileField(
        label="Signed PDF",
        help_text="Choose it, or drop it here: the file itself, not a picture or a print of it. It is not kept.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={
            "empty": "The file is empty. Choose the signed PDF.",
            "required": "Choose the PDF that you want to check.",
        },
    )

    def clean_file(self) -> Any:
        """Refuses by size before anything is read."""
        upload = self.cleaned_data["file"]
        try:
            check_pdf_size(upload.size)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
        return upload

    @property
    def helper(self) -> Any:
        """Without a token: the answer depends on nobody's sign-in, so there is nothing to protect, and no cookie is set."""
        helper = super().helper
        helper.disable_csrf = True
        return helper


class AnnouncementForm(HouseForm, forms.Form):
    """Where and when a policy was published, or people's attention was drawn to it."""

    submit_label = "Record it"

    place = forms.ChoiceField(
        label="Where", choices=[("", "Choose"), *((one.value, one.label) for one in TOLD_BY_PEOPLE)]
    )
    on = forms.DateField(label="When")
    note = forms.CharField(
        label="Note",
        max_length=300,
        required=False,
        help_text="For instance the number of the newsletter, or the address of the page. No names of children.",
    )
