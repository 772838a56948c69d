"""The form that brings a school's own signing certificate."""

from __future__ import annotations

from django import forms

from core.forms import HouseForm


class CertificateForm(HouseForm, forms.Form):
    """A PKCS#12 file and its password; neither is kept."""

    submit_label = "Sign with this certificate"

    file = forms.FileField(
        label="Certificate with its private key",
        help_text="A .p12 or .pfx file, exported with all certificates in its path. It is not kept; its key is, sealed.",
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx,application/x-pkcs12"}),
        error_messages={"empty": "The file is empty. Choose the certificate file."},
    )
    password = forms.CharField(
        label="Password of the file",
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
