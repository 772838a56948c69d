"""Forms of a trust's outlines: the text, and offering it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.text import Truncator

from core.forms import HouseForm
from policies.enums import PolicyKind
from policies.forms import RevisionForm
from policies.forms.importing import LONGEST_TEXT
from policies.reading.notation import NotationError, from_lines
from policies.services import LOCAL


class OutlineBeginForm(HouseForm, forms.Form):
    """A new outline, from a file or empty."""

    submit_label = "Begin"

    title = forms.CharField(label="Title", max_length=200)
    kind = forms.ChoiceField(label="About", choices=PolicyKind.choices, initial=PolicyKind.OTHER)
    file = forms.FileField(
        label="A policy to begin with",
        required=False,
        help_text="A Word document (.docx), a PDF or a text file, up to 20 MB. Without one you begin with an empty page.",
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.txt"}),
    )


class OutlineForm(RevisionForm):
    """Title and text of an outline; what is local is marked in the text."""

    submit_label = "Save the text"

    title = forms.CharField(label="Title", max_length=200)
    kind = forms.ChoiceField(label="About", choices=PolicyKind.choices)
    text = forms.CharField(
        label="Sections and clauses",
        max_length=LONGEST_TEXT,
        strip=False,
        help_text=(
            "One clause a line, its label before the bar: 2.1 | Phones are handed in. A line with # is a heading, its number "
            "before a bar too: # 2. | Phones. Each > moves a clause one step in. "
            f"Write {LOCAL} before the words of a part that each school writes for itself, or "
            f"before the words of a heading if all of its clauses are: 2.2 | {LOCAL} Say where phones are kept."
        ),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "class": "notation"}),
    )

    def clean_text(self) -> list[dict[str, Any]]:
        """The sections, as a document holds them."""
        try:
            sections = from_lines(self.cleaned_data["text"])
        except NotationError as error:
            raise forms.ValidationError(str(error)) from error
        for label, words in _typed(sections):
            if LOCAL in label or LOCAL in words.removeprefix(LOCAL):
                said = Truncator(f"{label} {words}".strip()).chars(80)
                raise forms.ValidationError(
                    f"In “{said}” put {LOCAL} before all other words, and what numbers it before a bar."
                )
        return sections

    @property
    def layout(self) -> Layout:
        """What it is before what it says."""
        return Layout("revision", Div("title", "kind", css_class="fields-row"), "text")


def _typed(sections: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Label and words of each heading and clause, in their order."""
    for part in sections:
        yield part["label"], part["heading"]
        yield from ((clause["label"], clause["text"]) for clause in part["clauses"])


class OfferForm(RevisionForm):
    """What the schools are told of a text that is offered to them."""

    submit_label = "Offer it to the schools"

    note = forms.CharField(
        label="What is new, for the schools",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
