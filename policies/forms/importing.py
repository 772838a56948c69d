"""Forms of a policy that comes as a file: the file, and what was read in it."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from core.forms import HouseForm
from policies.enums import Audience, PolicyKind
from policies.forms import PartDateField
from policies.forms.writing import GuidanceField, LinesField
from policies.models import PolicyVersion
from policies.reading.notation import NotationError, from_lines
from policies.selectors import title_key
from schools.enums import Group
from schools.selectors import post_names

LONGEST_TEXT = 500_000
"""Letters of a text that can be put right in one field; about 4,000 clauses. A longer one is saved as it was read."""
READ = (
    "title", "setting", "written", "ratified", "ratifying_body", "next_review",
    "dsl", "deputy_dsl", "named_governor", "linked_policies", "guidance", "template", "licence",
)  # fmt: skip
"""The fields that hold what the file says; the others are the school's own choices."""
NOT_FOUND = "Not found in the file. Fill it in if you know it, or leave it empty."


class DraftForm(HouseForm, forms.Form):
    """What was read in one document, to be corrected before it becomes a draft."""

    submit_label = "Save as draft"
    cancel_label = "Leave this one out"

    policy = forms.ChoiceField(label="Save it as", required=False)
    title = forms.CharField(label="Title", max_length=200)
    kind = forms.ChoiceField(label="About", choices=PolicyKind.choices)
    setting = forms.CharField(label="Setting named in the text", max_length=200, required=False)
    written = PartDateField(label="Written or updated", required=False)
    next_review = PartDateField(label="Next review", required=False)
    ratified = PartDateField(label="Ratified, as the text says", required=False)
    ratifying_body = forms.CharField(label="Ratified by, as the text says", max_length=120, required=False)
    dsl = LinesField(label="Designated lead, as named in the text", help_text="One name a line.")
    deputy_dsl = LinesField(label="Deputies, as named in the text", help_text="One name a line.")
    named_governor = LinesField(label="Named governor, as named in the text", help_text="One name a line.")
    linked_policies = LinesField(label="Refers to these policies", help_text="One title a line.")
    guidance = GuidanceField(
        label="Guidance it relies on",
        help_text="One a line, the edition after a bar: Keeping children safe in education | 2026",
    )
    template = forms.CharField(label="Source template", max_length=300, required=False)
    licence = forms.CharField(label="Licence", max_length=500, required=False)
    text = forms.CharField(
        label="Sections and clauses",
        max_length=LONGEST_TEXT,
        strip=False,
        help_text=(
            "One clause a line, its label before the bar: 2.1 | Phones are handed in. "
            "A line with # is a heading (## one step lower), and each > moves a clause one step in."
        ),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "class": "notation"}),
    )
    owner_role = forms.ChoiceField(label="Owned by")
    audience = forms.MultipleChoiceField(
        label="Who must read and acknowledge it",
        choices=[*Group.choices, *Audience.choices],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label="Note for those who ratify", widget=forms.Textarea, required=False, max_length=2000
    )

    def __init__(
        self, *args: Any, policies: list[tuple[str, str]], missing: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(self.initial.get("text") or "") > LONGEST_TEXT:
            del self.fields["text"]
        self.held = {title_key(title) for _, title in policies}
        self.fields["policy"].choices = [  # type: ignore[attr-defined]
            ("", "A new policy"),
            *((pk, f"A new version of: {title}") for pk, title in policies),
        ]
        self.fields["owner_role"].choices = list(post_names(self.school).items())  # type: ignore[attr-defined]
        for name in missing:
            field = self.fields[name]
            field.help_text = f"{NOT_FOUND} {field.help_text}".strip()

    def let_stand(self, saved: PolicyVersion | None) -> None:
        """The title of what was saved of this document already is no title taken: the service compares the two."""
        if saved:
            self.held.discard(title_key(saved.policy.title))

    def clean_text(self) -> list[dict[str, Any]]:
        """The sections, as a document holds them."""
        try:
            return from_lines(self.cleaned_data["text"])
        except NotationError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """A new policy bears a title of its own."""
        sent: dict[str, Any] = super().clean() or self.cleaned_data
        if not sent.get("policy") and title_key(sent.get("title", "")) in self.held:
            self.add_error(
                "policy",
                "There is a policy of this title already. Choose to save this as a new version of it, or give it another title.",
            )
        return sent

    @property
    def layout(self) -> Layout:
        """What the file says first, then the text, then what the school decides."""
        return Layout(
            "policy", "title", "setting", Div("written", "next_review", css_class="fields-row"),
            Div("ratified", "ratifying_body", css_class="fields-row"),
            Fieldset("People named in the text", "dsl", "deputy_dsl", "named_governor"),
            Fieldset("What it rests on", "linked_policies", "guidance", "template", "licence"),
            *([Fieldset("The text", "text")] if "text" in self.fields else []),
            Fieldset("In this school", "kind", "owner_role", "audience", "note"),
        )  # fmt: skip
