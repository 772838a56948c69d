"""Forms of writing a policy: a new one, its clauses and sections, and what stands at its head."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from core.forms import HouseForm
from policies.enums import PolicyKind, SectionStatus
from policies.fields import from_typed
from policies.forms import PartDateField, RevisionForm
from policies.models.policy import everyone
from policies.selectors.outlines import Outline
from schools.enums import Group, Role
from schools.selectors import post_names

LONGEST_CLAUSE = 20_000
LEVELS = [
    (1, "A main heading"),
    (2, "Below a main heading"),
    (3, "Two steps below"),
    (4, "Three steps below"),
]


class PolicyForm(HouseForm, forms.Form):
    """A new policy, to be written here."""

    submit_label = "Begin writing"

    outline = forms.ChoiceField(
        label="Begin with",
        required=False,
        help_text="An outline of PolicyHub is a short text to change, not a policy to adopt.",
    )
    title = forms.CharField(label="Title", max_length=200)
    kind = forms.ChoiceField(label="About", choices=PolicyKind.choices, initial=PolicyKind.OTHER)
    owner_role = forms.ChoiceField(label="Owned by", initial=Role.DSL)
    audience = forms.MultipleChoiceField(
        label="Who must read and acknowledge it",
        choices=Group.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=everyone,
    )

    def __init__(self, *args: Any, outlines: dict[str, Outline], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(key, _named(one)) for key, one in outlines.items()]
        self.fields["outline"].choices = [("", "An empty page"), *chosen]  # type: ignore[attr-defined]
        self.fields["owner_role"].choices = list(post_names(self.school).items())  # type: ignore[attr-defined]

    @property
    def layout(self) -> Layout:
        """The title first, people last."""
        return Layout("title", "outline", Div("kind", "owner_role", css_class="fields-row"), "audience")


def _named(outline: Outline) -> str:
    """Whose it is where the school's trust offers it."""
    return (
        f"“{outline.title}” from {outline.issue.trust.name}"
        if outline.issue
        else f"The outline “{outline.title}”"
    )


class InPlaceForm(RevisionForm):
    """A form that opens inside the text; with script only the text is drawn anew, without it the whole page."""

    def _behaviour(self) -> dict[str, Any]:
        return {**super()._behaviour(), "hx-post": self.form_action}


class ClauseForm(InPlaceForm):
    """What a clause says, and the label printed beside it."""

    submit_label = "Save the clause"

    label = forms.CharField(
        label="Label", max_length=60, required=False, help_text="As it is printed, for instance 2.1 or (a)."
    )
    text = forms.CharField(
        label="Text",
        help_text="A row of a table: | Phone | Office |. A row that names the columns: |= Item |= Place |.",
        max_length=LONGEST_CLAUSE,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
    )

    def clean_text(self) -> str:
        """With its fields as they are stored."""
        return from_typed(self.cleaned_data["text"])

    @property
    def layout(self) -> Layout:
        """Label and text beside each other, as they stand on the page."""
        return Layout("revision", Div("label", "text", css_class="writing-row"))


class SectionForm(InPlaceForm):
    """The heading of a section."""

    submit_label = "Save the section"

    label = forms.CharField(
        label="Label", max_length=60, required=False, help_text="As it is printed, for instance 2."
    )
    heading = forms.CharField(
        label="Heading", max_length=500, required=False, widget=forms.TextInput(attrs={"autofocus": True})
    )
    level = forms.TypedChoiceField(label="Level", choices=LEVELS, coerce=int, initial=1)
    status = forms.ChoiceField(label="Status", choices=SectionStatus.choices, initial=SectionStatus.IN_USE)

    def clean_heading(self) -> str:
        """With its fields as they are stored."""
        return from_typed(self.cleaned_data["heading"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deep = self.initial.get("level", 1)
        if deep not in dict(LEVELS):
            self.fields["level"].choices = [*LEVELS, (deep, f"{deep - 1} steps below")]  # type: ignore[attr-defined]

    @property
    def layout(self) -> Layout:
        """Label and heading beside each other, as they stand on the page."""
        return Layout(
            "revision",
            Div("label", "heading", css_class="writing-row"),
            Div("level", "status", css_class="fields-row"),
        )


class MoveForm(RevisionForm):
    """Where a clause or section goes: one place up or down, or a clause one step in or out."""

    direction = forms.ChoiceField(choices=[(one, one) for one in ("up", "down", "in", "out")])


class LinesField(forms.CharField):
    """Several texts, one a line; the value is a list without empty lines."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"required": False, "max_length": 20_000, "widget": forms.Textarea(attrs={"rows": 3}), **kwargs}
        )

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """The lines that hold something."""
        return [" ".join(line.split()) for line in super().clean(value).splitlines() if line.strip()]


class GuidanceField(LinesField):
    """Guidance with its edition, one a line; the value is a list of {title, edition}."""

    def prepare_value(self, value: Any) -> Any:
        """Title and edition with a bar between."""
        if not isinstance(value, (list, tuple)):
            return value
        return "\n".join(" | ".join(filter(None, [one["title"], one.get("edition")])) for one in value)

    def clean(self, value: Any) -> list[dict[str, str | None]]:  # type: ignore[override]
        """Title and edition apart; None for guidance that is named without one."""
        halves = [line.partition("|") for line in super().clean(value)]
        return [
            {"title": title.strip(), "edition": edition.strip() or None}
            for title, _, edition in halves
            if title.strip()
        ]


class DetailsForm(RevisionForm):
    """What stands at the head of a version."""

    submit_label = "Save the details"

    title = forms.CharField(label="Title", max_length=200)
    written = PartDateField(label="Written or updated", required=False)
    next_review = PartDateField(label="Next review", required=False)
    dsl = LinesField(label="Designated lead, as named in the text", help_text="One name a line.")
    deputy_dsl = LinesField(label="Deputies, as named in the text", help_text="One name a line.")
    named_governor = LinesField(label="Named governor, as named in the text", help_text="One name a line.")
    linked_policies = LinesField(label="Refers to these policies", help_text="One title a line.")
    guidance = GuidanceField(
        label="Guidance it relies on",
        help_text="One a line, the edition after a bar: Keeping children safe in education | 2026",
    )
    people = LinesField(label="People it covers", help_text="One group a line.")
    technologies = LinesField(label="Technologies it covers", help_text="One a line.")
    places = LinesField(label="Places it covers", help_text="One a line.")
    template = forms.CharField(label="Source template", max_length=300, required=False)
    licence = forms.CharField(label="Licence", max_length=500, required=False)

    @property
    def layout(self) -> Layout:
        """By what belongs together."""
        return Layout(
            "revision", "title", Div("written", "next_review", css_class="fields-row"),
            Fieldset("People named in the text", "dsl", "deputy_dsl", "named_governor"),
            Fieldset("What it rests on", "linked_policies", "guidance"),
            Fieldset("Scope", "people", "technologies", "places"),
            Fieldset("Where it comes from", "template", "licence"),
        )  # fmt: skip
