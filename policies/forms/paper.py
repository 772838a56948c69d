"""A version that was signed on paper."""

from __future__ import annotations

from crispy_forms.layout import Div, Layout
from django import forms

from policies.forms import SeenForm


class ScanForm(SeenForm):
    """Who signed on paper, when, and the scan."""

    submit_label = "Attach the scan"

    file = forms.FileField(
        label="Scan",
        help_text="A PDF of the signed policy, or of the page with the signatures.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"empty": "The file is empty. Choose the scan."},
    )
    head = forms.CharField(label="Signed by the headteacher", max_length=120, help_text="The name as signed.")
    chair = forms.CharField(label="Signed by the chair", max_length=120, help_text="The name as signed.")
    on = forms.DateField(label="Day of the later signature")

    @property
    def layout(self) -> Layout:
        """The two who signed side by side."""
        return Layout("seen", "file", Div("head", "chair", css_class="fields-row"), "on")
