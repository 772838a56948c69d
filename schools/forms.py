"""Forms of tenancy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm as BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as BaseActivateTOTPForm
from django import forms
from django.core.cache import cache
from django.core.validators import validate_email
from django.utils import timezone

from core.audit import Job
from core.forms import HouseForm
from schools.enums import Group, Role
from schools.models import User
from schools.selectors import OWN_KIND, RuleQuestion, agency_kinds, fill, post_names
from schools.services import record_sign_in_event


class ActivateTOTPForm(BaseActivateTOTPForm):
    """Setting up the second factor proves it, so the person is not asked for another code at once."""

    def clean_code(self) -> str:
        """Counts a right first code as a second factor given in this session."""
        code = super().clean_code()
        record_authentication(context.request, self.user, "mfa", type="totp")
        return str(code)


class _SecondFactor:
    """A code counts once for as long as it would be taken, and a wrong one is written to the audit of the person's schools."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        """allauth forgets a used code after one period; with a tolerance it would be taken again."""
        code = str(super().clean_code())  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            used = self.authenticator.wrap()._get_used_cache_key(code)  # noqa: SLF001 - the key under which it is kept
            cache.touch(used, app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1))
        return code

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        record_sign_in_event(self.user, "person.second_factor_failed", by=Job("sign-in"))


class AuthenticateForm(_SecondFactor, BaseAuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_SecondFactor, BaseReauthenticateForm):
    """The second factor once more, before an important step."""


class _PostNames:
    """Posts to choose from bear the names that the school has for them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form: Any = self
        field, named = form.fields["role"], post_names(form.school)
        field.choices = [(key, named.get(key, label)) for key, label in field.choices]


class MemberForm(_PostNames, HouseForm, forms.Form):
    """A new person in the school and their first post."""

    submit_label = "Send the invitation"

    name = forms.CharField(max_length=120, help_text="As the school calls them.")
    email = forms.EmailField(
        label="E-mail address", max_length=254, help_text="They sign in with it. Use their work address."
    )
    job_title = forms.CharField(max_length=80, required=False)
    group = forms.ChoiceField(choices=Group.choices, label="Belongs to the school as")
    role = forms.ChoiceField(choices=Role.choices, initial=Role.STAFF, label="Post")

    def clean_email(self) -> str:
        """In small letters, as addresses are kept; a few letters of other scripts have no small one that an address takes."""
        email = str(self.cleaned_data["email"]).lower()
        validate_email(email)
        return email


class PostForm(_PostNames, HouseForm, forms.Form):
    """A post from a day on."""

    submit_label = "Give this post"

    role = forms.ChoiceField(
        choices=[("", "Choose a post"), *Role.choices],
        label="Post",
        error_messages={"required": "Choose a post."},
    )
    starts_on = forms.DateField(label="From", initial=timezone.localdate)
    is_lead = forms.BooleanField(
        required=False,
        label="The accountable lead",
        help_text="One person keeps the responsibility where several share a post.",
    )


class AgencyForm(HouseForm, forms.Form):
    """An outside body: what it is called, how to reach it, when to turn to it."""

    submit_label = "Save this contact"
    has_references = False

    kind = forms.ChoiceField(
        label="What is it?",
        choices=lambda: [
            *((kind.key, kind.name) for kind in agency_kinds().values()),
            (OWN_KIND, "Something else"),
        ],
        help_text="Steps of a procedure show the contact of their kind.",
    )
    name = forms.CharField(max_length=120, help_text="As it is called where you are.")
    aliases = forms.CharField(
        max_length=200,
        required=False,
        label="Other names",
        help_text="Names it had, and what others call it.",
    )
    phone = forms.RegexField(
        r"^\+?[\d ()-]{3,}$",
        max_length=40,
        required=False,
        label="Telephone",
        error_messages={"invalid": "Write one number, in figures."},
    )
    website = forms.URLField(required=False, assume_scheme="https", label="Page on the web")
    hours = forms.CharField(
        max_length=80, required=False, label="Hours", help_text="For instance: Monday to Friday, 9 to 5."
    )
    when_to_use = forms.CharField(
        widget=forms.Textarea, required=False, max_length=1000, label="When to turn to it"
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def details(self) -> dict[str, str]:
        """What was sent, as the service takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class WordForm(HouseForm, forms.Form):
    """The school's own word for one term."""

    submit_label = "Save this word"
    has_references = False

    text = forms.CharField(max_length=80, label="Your word")


class RuleForm(HouseForm, forms.Form):
    """The school's answer to one point on which policies differ."""

    submit_label = "Save this answer"
    has_references = False

    value = forms.CharField(label="Your answer")
    source = forms.CharField(
        max_length=200,
        required=False,
        label="Where this was decided",
        help_text="For instance: governors, 12 October 2026.",
    )

    def __init__(self, *args: Any, question: RuleQuestion, words: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if question.options:
            self.fields["value"] = forms.ChoiceField(
                choices=[(value, fill(label, words)) for value, label in question.options],
                label="Your answer",
                widget=forms.RadioSelect,
            )
        elif question.kind == "yes_no":
            self.fields["value"] = forms.ChoiceField(
                choices=[("yes", "Yes"), ("no", "No")], label="Your answer", widget=forms.RadioSelect
            )
        elif question.kind == "list":
            self.fields["value"] = forms.CharField(widget=forms.Textarea, label="Your answers, one a line")
        elif question.kind == "number":
            self.fields["value"] = forms.IntegerField(
                min_value=question.least, max_value=question.most, label="Your answer"
            )
        self.order_fields(["value", "source"])
