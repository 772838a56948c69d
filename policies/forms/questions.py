"""Forms of the short check: writing its questions, and answering them."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import HouseForm
from policies.selectors.questions import MOST, Question

MOST_ANSWERS = 5


class QuestionsForm(HouseForm, forms.Form):
    """Up to six questions; a question that is left empty is none."""

    submit_label = "Save the questions"

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST + 1):
            self.fields[f"text_{number}"] = forms.CharField(
                label=f"Question {number}", max_length=300, required=False
            )
            self.fields[f"answers_{number}"] = forms.CharField(
                label=f"Answers to question {number}",
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="One a line, the right one first. They are shown in another order.",
            )
            self.fields[f"clause_{number}"] = forms.ChoiceField(
                label=f"Where question {number} is answered",
                required=False,
                choices=[("", "No clause"), *clauses],
            )

    def clean(self) -> dict[str, Any]:
        """Question and answers together, or neither."""
        said = super().clean() or self.cleaned_data
        for number in range(1, MOST + 1):
            answers = _lines(said.get(f"answers_{number}", ""))
            asked = bool(said.get(f"text_{number}"))
            if asked and not 2 <= len(answers) <= MOST_ANSWERS:
                self.add_error(f"answers_{number}", f"Give 2 to {MOST_ANSWERS} answers, one a line.")
            elif asked and len(set(answers)) < len(answers):
                self.add_error(f"answers_{number}", "Two of these answers are the same. Change one.")
            elif answers and not asked:
                self.add_error(f"text_{number}", "Write the question that these answer.")
        return said

    def questions(self) -> list[Question]:
        """What was written."""
        said = self.cleaned_data
        return [
            Question(
                said[f"text_{number}"], tuple(_lines(said[f"answers_{number}"])), said[f"clause_{number}"]
            )
            for number in range(1, MOST + 1)
            if said[f"text_{number}"]
        ]


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


class AnswersForm(HouseForm, forms.Form):
    """One answer to each question."""

    submit_label = "Answer"

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, one in enumerate(questions):
            self.fields[f"answer_{place}"] = forms.ChoiceField(
                label=one.text,
                choices=one.shown,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose one of these."},
            )

    def answers(self) -> list[str]:
        """In the order of the questions."""
        names = sorted(
            (name for name in self.fields if name.startswith("answer_")), key=lambda one: int(one[7:])
        )
        return [self.cleaned_data[name] for name in names]
